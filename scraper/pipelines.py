"""Scrapy's door to the database: opens it, hands every visit to the writer, closes it."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import signals

from ratsdaten.database import close, connect

from .items import Visit
from .ledger import Ledger
from .writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

log = logging.getLogger(__name__)


def now() -> str:
    """UTC, to the microsecond: the ledger orders pages by it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class DatabasePipeline:
    """One transaction a page. The spider finds the open ledger in ``crawler.ledger``."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.kinds: Counter[str] = Counter()
        self.errors = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DatabasePipeline:
        pipeline = cls(crawler)
        # The spider's own start needs the ledger, and pipelines open before it.
        crawler.signals.connect(pipeline.closed, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        spider = self.crawler.spider
        self.db = connect(self.crawler.settings["DATABASE"])
        self.writer = Writer(self.db)
        self.ledger = spider.ledger = Ledger(self.db, spider.arguments.mode, spider.arguments.as_json(), now())

    def process_item(self, visit: Visit) -> Visit:
        try:
            self.writer.store(visit)
        except sqlite3.Error as error:
            self.crawler.spider.fail(f"The database {self.crawler.settings['DATABASE']} cannot be written ({error}): "
                                     "what was stored before is intact; make room or mend it and run again.")
            return visit
        self.kinds[visit.kind] += 1
        if visit.error:
            self.errors += 1
        for name, count in self.writer.counts.items():
            self.crawler.stats.set_value(f"rows/{name}", count)
        return visit

    def closed(self, reason: str) -> None:
        try:
            self.writer.finish()
            self.ledger.close(now(), reason, self.kinds, self.errors, self.writer.counts)
            close(self.db)
        except sqlite3.Error as error:
            self.crawler.spider.fail(f"The database could not be closed in good order ({error}).")
