"""Scrapy's view of the outlets: each one is a spider with its name."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from scrapy import Request
from scrapy.settings import BaseSettings

from archive.corpus import CORPUS_FILE
from archive.errors import UnknownOutlet
from crawler.spider import OutletSpider
from spiders.kit.catalogue import catalogue, choose
from spiders.kit.outlet import Outlet


class OutletLoader:
    """SPIDER_LOADER_CLASS: the outlets of `spiders/` and, inside a corpus directory, those of its `outlets/`."""

    def __init__(self) -> None:
        here = Path.cwd()
        self._outlets = catalogue(here / "outlets" if (here / CORPUS_FILE).is_file() else None)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:  # noqa: ARG003 (Scrapy's signature)
        return cls()

    def load(self, spider_name: str) -> type[OutletSpider]:
        """The spider of an outlet. Raises KeyError, as Scrapy expects, with the nearest names."""
        if spider_name not in self._outlets:
            try:
                choose([spider_name], self._outlets)
            except UnknownOutlet as error:
                raise KeyError(str(error)) from error
        return spider_of([self._outlets[spider_name]])

    def find_by_request(self, request: Request) -> list[str]:  # noqa: ARG002
        """None: the shell uses a plain spider, which shows pages with Scrapy's usual comforts."""
        return []

    def list(self) -> Sequence[str]:
        return sorted(self._outlets)


def spider_of(outlets: Sequence[Outlet]) -> type[OutletSpider]:
    """A spider class that watches these outlets."""
    name = outlets[0].name if len(outlets) == 1 else "hemeroteca"
    return type("Outlets", (OutletSpider,), {"name": name, "outlets": tuple(outlets)})
