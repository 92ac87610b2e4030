"""What a person sees of a crawl: a line of progress every few seconds, a summary at the end."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, cast

from scrapy import signals
from scrapy.core.scheduler import Scheduler
from scrapy.downloadermiddlewares import cookies
from scrapy.logformatter import LogFormatter
from scrapy.utils.asyncio import create_looping_call
from tldextract import TLDExtract

from .ledger import pages_by_kind

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from .spiders.allris import AllrisSpider

log = logging.getLogger(__name__)
# The cookie middleware would ask a third party for a list of domains; the bundled one serves.
cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)

# Scrapy's lists of middlewares are for its developers; its logging setup would undo this in settings.py.
for name in ("scrapy.middleware", "scrapy.crawler", "scrapy.addons", "scrapy.core.engine"):
    logging.getLogger(name).setLevel(logging.WARNING)


class QuietFormatter(LogFormatter):
    """Items hold whole pages: they are stored, not logged."""

    def scraped(self, item: Any, response: Any, spider: Any) -> Any:
        return None


class Progress:
    """Pages done, in queue, a minute, errors, estimated rest; counts live in Scrapy's stats."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.started = time.monotonic()
        self.task: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        progress = cls(crawler)
        crawler.signals.connect(progress.opened, signals.spider_opened)
        crawler.signals.connect(progress.closed, signals.spider_closed)
        crawler.signals.connect(progress.stopped, signals.engine_stopped)
        return progress

    def opened(self) -> None:
        self.task = create_looping_call(self.report)
        self.task.start(self.crawler.settings.getfloat("PROGRESS_INTERVAL"), now=False)

    def report(self) -> None:
        stats, engine = self.crawler.stats, self.crawler.engine
        done = stats.get_value("item_scraped_count", 0)
        queue = len(cast(Scheduler, engine.scheduler)) + len(engine.downloader.active)
        rate = done / (time.monotonic() - self.started)
        expected = max(queue, cast("AllrisSpider", self.crawler.spider).expected_pages() - done)
        rest = f"about {_duration(expected / rate)} left" if rate and expected else "rest unknown"
        log.info(
            "%s pages done, %s in queue, %.0f a minute, %s errors, %s",
            f"{done:,}", f"{queue:,}", rate * 60, stats.get_value("pages/errors", 0), rest,
        )  # fmt: skip

    def closed(self) -> None:
        if self.task and self.task.running:
            self.task.stop()

    def stopped(self) -> None:
        stats = self.crawler.stats
        kinds = pages_by_kind(stats.get_stats())
        pages = ", ".join(f"{kind} {count:,}" for kind, count in kinds.items())
        got, failed = stats.get_value("files/downloaded", 0), stats.get_value("files/failed", 0)
        log.info(
            "Crawl %s in %s: %s pages (%s), %s refused, %s errors; rows: %s new, %s changed, %s removed%s.",
            stats.get_value("finish_reason"), _duration(time.monotonic() - self.started),
            f"{sum(kinds.values()):,}", pages or "none",
            stats.get_value("pages/refused", 0), stats.get_value("pages/errors", 0),
            *(f"{stats.get_value(f'rows/{name}', 0):,}" for name in ("added", "changed", "removed")),
            f"; files: {got:,} downloaded, {failed:,} failed" if got or failed else "",
        )  # fmt: skip


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
