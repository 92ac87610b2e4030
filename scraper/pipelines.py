"""Scrapy's door to the database: opens it, hands every visit to the writer, closes it."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from scrapy import signals
from scrapy.exceptions import DontCloseSpider

from ratsdaten.database import connect

from . import guard, release, store
from .derive import derive
from .items import Visit
from .ledger import Ledger
from .pages import kind_of
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
        crawler.signals.connect(pipeline.idle, signals.spider_idle)
        crawler.signals.connect(pipeline.closed, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        self.spider = cast("AllrisSpider", self.crawler.spider)
        self.path = release.published(self.crawler.settings)
        self.mode = self.spider.arguments.mode
        #: Whether the calendar has been asked once more whether the site is in order.
        self.sure = False
        self.db = connect(":memory:" if self.mode == "probe" else release.beside(self.path, "work"))
        self.writer = Writer(self.db)
        self.ledger = self.spider.ledger = Ledger(self.db, self.spider.arguments)

    def process_item(self, visit: Visit) -> Visit:
        try:
            try:
                self.writer.store(visit)
            except (ValueError, OverflowError, sqlite3.IntegrityError, sqlite3.DataError) as problem:
                # A value no database takes is only one page.
                visit.page, visit.error = None, f"{visit.url}: cannot be stored ({type(problem).__name__})"
                self.writer.store(visit)
        except sqlite3.Error as error:
            self.unwritable(error)
            return visit
        self.stats.inc_value(f"pages/kind/{visit.kind}")
        if visit.error:
            self.stats.inc_value("pages/refused" if visit.refused else "pages/errors")
            log.log(logging.INFO if visit.refused else logging.ERROR, visit.error)
        self.count_rows()
        if self.sure and visit.kind == "si010" and visit.error:
            guard.take_back(self.db)
            self.spider.fail(
                f"Pages are gone, but the calendar cannot be read either ({visit.error}): try again later."
            )
        return visit

    def count_rows(self) -> None:
        for name, count in self.writer.counts.items():
            self.stats.set_value(f"rows/{name}", count)

    def unwritable(self, error: Exception) -> None:
        self.spider.fail(
            f"The database {self.path} cannot be written ({error}): "
            "what was stored before is intact; make room or mend it and run again."
        )

    def idle(self) -> None:
        """Nothing is left to ask for: on to the next phase. After the last, what is gone is believed now or never."""
        if self.mode == "probe" or self.spider.failed:
            return
        try:
            if self.spider.go_on() or self.judge():
                raise DontCloseSpider
        except sqlite3.Error as error:
            self.unwritable(error)

    def judge(self) -> int:
        """Remove what the source has withdrawn, if that can be true; gives the number of pages to be read once more."""
        meetings = self.stats.get_value("meetings/known", 0), self.stats.get_value("meetings/listed", 0)
        most = self.crawler.settings.getfloat("MAX_GONE")
        if objection := guard.objection(self.ledger, meetings, self.writer.texts, most):
            guard.take_back(self.db)
            self.spider.fail(objection)
            return 0
        calendar = self.ledger.calendar()
        if self.writer.may_withdraw() and calendar and not self.sure:
            self.sure = True  # unless the site has gone out of order just now: see process_item
            return self.spider.ask([(calendar, "si010")])
        again = self.writer.withdraw()
        self.count_rows()
        if self.mode == "urls":  # exactly those pages; the next update asks for the others first
            return 0
        return self.spider.ask((url, kind_of(url) or "") for url in again)

    def closed(self, reason: str) -> None:
        """Publish what a finished run has made; keep the copy of any other, to go on with."""
        if self.mode == "probe":
            return
        if self.spider.failed:  # though the engine, with nothing left to do, may call it finished
            reason = "failed"
        if reason == "finished" and (lost := len(self.ledger.pending()) if self.mode == "full" else 0):
            self.spider.fail(f"{lost} pages were found but never answered: give the same command again.")
            reason = "incomplete"
        try:
            if reason == "finished":
                self.finish()
            else:
                self.ledger.close(reason, self.stats.get_stats())
                self.db.close()
        except (sqlite3.Error, OSError) as error:
            self.unwritable(error)
        if self.spider.failed:
            release.note_failure(self.path, self.mode, self.stats.get_value("failure"))

    def finish(self) -> None:
        derive(self.db)
        checks = release.check(self.db, self.path, self.crawler.settings.getfloat("MAX_LOSS"))
        failures = "; ".join(f"{check.check}: {check.found}" for check in checks if not check.passed)
        for check in checks:
            log.log(logging.INFO if check.passed else logging.ERROR, "Check of %s: %s", check.check, check.found)
        report = [asdict(check) for check in checks]
        self.ledger.close("rejected" if failures else "finished", self.stats.get_stats(), report)
        if failures:
            aside = release.reject(self.db, self.path)
            self.spider.fail(
                f"Not published, {self.path} is as it was ({failures}): look at {aside}; "
                "if rows have really been lost, allow it with -s MAX_LOSS=1."
            )
        else:
            release.publish(self.db, self.path)
            try:
                with release.reading(self.path) as db:
                    store.sweep(store.folder(self.crawler.settings), db)
            except OSError as error:
                log.error("Files that nobody names any more could not be removed: %s", error)
