"""``scrapy crawl`` as Scrapy's own, but every failure ends with one clear sentence and exit code 1."""

from __future__ import annotations

import argparse
import sys
from typing import cast
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from ratsdaten.database import DatabaseProblem, connect
from scraper.ledger import is_local, other_town
from scraper.spiders.allris import ArgumentProblem, parse_arguments


class Command(CrawlCommand):
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            arguments = parse_arguments(**opts.spargs)
            settings = cast(Settings, self.settings)
            if not settings["CONTACT"] and not is_local(urlsplit(arguments.base_url).hostname or ""):
                raise ArgumentProblem(
                    "Set RATSDATEN_CONTACT to your e-mail or web address: servers must know who asks."
                )
            path = settings["DATABASE"]
            db = connect(path)
            town = other_town(db, arguments.base_url)
            db.close()
            if town:
                raise ArgumentProblem(
                    f"{path} holds {town}: name another file for {arguments.base_url} (-s DATABASE=…)."
                )
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
            pages = "1 page" if errors == 1 else f"{errors} pages"
            failure = f"{pages} could not be read: see the lines above, or pages.error in the database."
        if failure:
            print(failure, file=sys.stderr)
            self.exitcode = 1

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        names = [pair.partition("=")[0] for pair in opts.spargs]
        if twice := {name for name in names if names.count(name) > 1}:
            raise UsageError(f"-a {', '.join(sorted(twice))} is given twice: several urls are parted by commas.")
        super().process_options(args, opts)

    def _create_crawler(self, spider_or_name: type[Spider] | str) -> Crawler:
        self.crawler = super()._create_crawler(spider_or_name)
        return self.crawler
