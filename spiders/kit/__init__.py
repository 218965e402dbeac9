"""The words an outlet is written in: outlet, sources, page, text, dates, access. Neither Scrapy nor a network here."""
