"""A Scrapy extension that clocks either spider from its first page to the closed engine and watches its memory."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

#: Memory is read each time so many pages are done.
STEP = 1000


class Meter:
    """Counts answers that go to a spider's callback, so neither robots.txt nor the probe, and writes a report."""

    def __init__(self, crawler: Crawler):
        self.stats = crawler.stats
        self.report = Path(crawler.settings["BENCHMARK_REPORT"])
        self.pages = 0
        self.memory: dict[int, float] = {}
        self.began: tuple[float, float] | None = None
        crawler.signals.connect(self.received, signals.response_received)
        crawler.signals.connect(self.stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Meter:
        return cls(crawler)

    def received(self, request: Request) -> None:
        if request.callback in (None, NO_CALLBACK):
            return
        self.began = self.began or (time.perf_counter(), time.process_time())
        self.pages += 1
        if self.pages % STEP == 0:
            self.memory[self.pages] = megabytes("VmRSS")

    def stopped(self) -> None:
        wall, cpu = self.began or (0, 0)
        report: dict[str, Any] = {"pages": self.pages, "memory": self.memory, "peak": megabytes("VmHWM")}
        report["requests"] = self.stats.get_value("downloader/request_count", 0)
        report |= {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        self.report.write_text(json.dumps(report))


def megabytes(name: str) -> float:
    """A line of /proc/self/status, such as VmRSS (memory now) or VmHWM (its peak)."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0
