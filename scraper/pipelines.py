"""Scrapy's door to the database: opens it, hands every visit to the writer, closes it."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from scrapy import signals

from ratsdaten.database import close, connect

from .derive import derive
from .items import Visit
from .ledger import Ledger
from .writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from .spiders.allris import AllrisSpider

log = logging.getLogger(__name__)


class DatabasePipeline:
    """One transaction a page; what happened is counted in Scrapy's stats. The spider gets the open ledger."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DatabasePipeline:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.closed, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        self.spider = cast("AllrisSpider", self.crawler.spider)
        self.db = connect(self.crawler.settings["DATABASE"])
        self.writer = Writer(self.db)
        if self.db.execute("SELECT 1 FROM crawls WHERE finished_at IS NULL").fetchone():
            derive(self.db)  # what a killed crawl left underived
        arguments = self.spider.arguments
        self.ledger = self.spider.ledger = Ledger(self.db, arguments.mode, asdict(arguments))

    def process_item(self, visit: Visit) -> Visit:
        try:
            try:
                self.writer.store(visit)
            except (ValueError, OverflowError) as problem:  # a value no database takes is only one page
                visit.page, visit.error = None, f"{visit.url}: cannot be stored ({type(problem).__name__})"
                self.writer.store(visit)
        except sqlite3.Error as error:
            self.spider.fail(
                f"The database {self.crawler.settings['DATABASE']} cannot be written ({error}): "
                "what was stored before is intact; make room or mend it and run again."
            )
            return visit
        self.stats.inc_value(f"pages/kind/{visit.kind}")
        if visit.error:
            self.stats.inc_value("pages/refused" if visit.refused else "pages/errors")
            log.log(logging.INFO if visit.refused else logging.ERROR, visit.error)
        for name, count in self.writer.counts.items():
            self.stats.set_value(f"rows/{name}", count)
        return visit

    def closed(self, reason: str) -> None:
        lost = len(self.ledger.pending()) if reason == "finished" else 0
        if lost:
            self.spider.fail(f"{lost} pages were found but never answered: give the same command again.")
            reason = "incomplete"
        try:
            derive(self.db)
            self.ledger.close(reason, self.stats.get_stats())
            close(self.db)
        except sqlite3.Error as error:
            self.spider.fail(f"The database could not be closed in good order ({error}).")
