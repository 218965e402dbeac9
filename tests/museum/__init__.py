"""The museum of WARC files: foreign, old and broken ones. See `records`."""

from tests.museum import forms, heads, losses, writers
from tests.museum.records import MUSEUM, Exhibit, answer, gz, info, page, pages, record, url_of, write, zst

__all__ = ["MUSEUM", "Exhibit", "answer", "gz", "info", "page", "pages", "record", "url_of", "write", "zst"]
ROOMS = (forms, writers, heads, losses)
