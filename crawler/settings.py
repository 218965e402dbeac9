"""Each Scrapy setting that differs from Scrapy's own, with its reason."""

from typing import Any

SPIDER_LOADER_CLASS = "crawler.loader.OutletLoader"  # every outlet is a spider: `scrapy list`, `scrapy crawl NAME`
SPIDER_MODULES = ["spiders"]
BOT_NAME = "hemeroteca"
USER_AGENT = "hemeroteca"  # a crawl adds the version and the contact of its corpus

# Exact bytes: the handlers record the exchange as it was on the wire, below Scrapy's parsing.
DOWNLOAD_HANDLERS = {
    "http": "crawler.tap.RecordingHandler",
    "https": "crawler.tap.RecordingHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# zstd and br could not be read back by common WARC tools.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}

# Pace: newsrooms are not data centres. A crawl keeps it below Scrapy (crawler/politeness/pace.py), whose own delay is
# for `scrapy shell`: with a delay of 0 Scrapy does not hold the limit per host.
CONCURRENT_REQUESTS = 1024  # what waits for its host counts, and must not keep other hosts waiting
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0  # a random delay may fall below the one that was promised

# Limits: what arrives before them is kept with WARC-Truncated.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 120
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # what came of it is in its row
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]  # each after the rest that it asks for

# The doors that Scrapy leaves open.
ROBOTSTXT_OBEY = False  # Scrapy's own reads 5xx as "allow"; crawler/politeness/robots.py takes its place
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False  # and a UTF-16 feed would make it fail
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.politeness.names.GuardedResolver"
ADDRESS_GUARD = None  # the guard of the crawl's corpus; without one no private address is reached

LOG_LEVEL = "WARNING"
LOG_SHORT_NAMES = True

# For the outlets' spiders only, since `scrapy shell` wants the comforts of plain Scrapy: what a recorded crawl does
# by itself or does not need on each page.
RECORDED_CRAWL: dict[str, Any] = {
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.politeness.again.PatientMiddleware": 90,  # before robots.txt is asked for at a host that rests
        "crawler.politeness.robots.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # it asks again at once, whatever Retry-After says
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # the reader decodes
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # each hop is a lead with its row
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
        "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    },
    "SPIDER_MIDDLEWARES": {
        "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # an error answer is an outcome, too
    },
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the frontier knows what was asked for
    "EXTENSIONS": {
        "scrapy.extensions.logstats.LogStats": None,
        "scrapy.extensions.memusage.MemoryUsage": None,
    },
}
