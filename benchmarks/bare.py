"""The yardstick of the crawl: a bare Scrapy spider that fetches given addresses, runs one selector, stores nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response


class BareSpider(Spider):
    name = "bare"
    custom_settings: ClassVar = {"CONCURRENT_ITEMS": 100}  # Scrapy's own default, as in any bare spider
    addresses: str  # -a addresses=FILE, one address a line

    async def start(self) -> AsyncIterator[Request]:
        for url in Path(self.addresses).read_text("utf-8").split():
            yield Request(url, self.parse)

    def parse(self, response: Response, **_: Any) -> None:
        response.css("title::text").get()
