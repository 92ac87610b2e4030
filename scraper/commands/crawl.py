"""``scrapy crawl`` as Scrapy's own, but every failure ends with one clear sentence and exit code 1."""

from __future__ import annotations

import argparse
import sys
from typing import cast

from scrapy import Spider
from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from ratsdaten.database import DatabaseProblem, connect
from scraper.spiders.allris import ArgumentProblem, parse_arguments


class Command(CrawlCommand):
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            parse_arguments(**opts.spargs)
            connect(cast(Settings, self.settings)["DATABASE"]).close()
        except (ArgumentProblem, DatabaseProblem) as problem:
            print(problem, file=sys.stderr)
            self.exitcode = 1
            return
        super().run(args, opts)
        stats = self.crawler.stats
        assert stats
        failure, errors = stats.get_value("failure"), stats.get_value("pages/errors", 0)
        if stats.get_value("finish_reason") == "shutdown":
            failure = failure or "Interrupted: give the same command again to go on from here."
        elif errors and not failure:
            failure = f"{errors} pages could not be read: see the lines above, or pages.error in the database."
        if failure:
            print(failure, file=sys.stderr)
            self.exitcode = 1

    def _create_crawler(self, spider_or_name: type[Spider] | str) -> Crawler:
        self.crawler = super()._create_crawler(spider_or_name)
        return self.crawler
