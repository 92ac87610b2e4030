"""``scrapy crawl`` as Scrapy's own, but every failure ends with one clear sentence and exit code 1."""

from __future__ import annotations

import argparse
import logging
import math
import sys
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from ratsdaten.database import DatabaseProblem
from ratsdaten.towns import TownProblem, find
from scraper import release
from scraper.ledger import is_local
from scraper.spiders.allris import ArgumentProblem, parse_arguments


class Command(CrawlCommand):
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        settings = cast(Settings, self.settings)
        try:
            choose_town(opts.spargs, settings)
            arguments = parse_arguments(**opts.spargs)
            if not settings["CONTACT"] and not is_local(urlsplit(arguments.base_url).hostname or ""):
                raise ArgumentProblem(
                    "Set RATSDATEN_CONTACT to your e-mail or web address: servers must know who asks."
                )
            check_settings(settings)
            path = release.published(settings)
            with release.locked(path):
                release.prepare(path, arguments)
                super().run(args, opts)
        except (ArgumentProblem, DatabaseProblem, TownProblem) as problem:
            self.fail(str(problem))
            return
        stats = self.crawler.stats
        assert stats
        failure, errors = stats.get_value("failure"), stats.get_value("pages/errors", 0)
        ended = stats.get_value("finish_reason")
        if not failure and ended == "shutdown":
            failure = "Interrupted: give the same command again."
        elif not failure and ended != "finished":
            failure = f"Not published, ended early ({ended}): give the same command again."
        elif errors and not failure:
            pages = "1 page" if errors == 1 else f"{errors} pages"
            failure = f"{pages} could not be read: see the lines above, or pages.error in the database."
        if failure:
            self.fail(failure)

    def fail(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)
        if cast(Settings, self.settings)["LOG_FILE"]:  # scrapyd's, which is read instead
            logging.getLogger(__name__).error(sentence)
        self.exitcode = 1

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        names = [pair.partition("=")[0] for pair in opts.spargs]
        if twice := {name for name in names if names.count(name) > 1}:
            raise UsageError(f"-a {', '.join(sorted(twice))} is given twice: several urls are parted by commas.")
        super().process_options(args, opts)

    def _create_crawler(self, spider_or_name: type[Spider] | str) -> Crawler:
        self.crawler = super()._create_crawler(spider_or_name)
        return self.crawler


def check_settings(settings: Settings) -> None:
    """Raises ArgumentProblem for limits and switches that are none."""
    for name in ("ATTACHMENTS", "OCR"):
        try:
            settings.getbool(name)
        except ValueError:
            raise ArgumentProblem(f"-s {name}={settings[name]} makes no sense: give 1 or 0.") from None
    if not settings["DATABASE"]:
        raise ArgumentProblem("-s DATABASE= is empty: name the file to write.")
    for name, most in {"UPDATE_BUDGET": math.inf, "FILES_MAXSIZE": math.inf, "MAX_LOSS": 1, "MAX_GONE": 1}.items():
        try:
            fine = 0 <= settings.getfloat(name) <= most
        except ValueError:
            fine = False
        if not fine:
            limits = "a number from 0 on" if most > 1 else "a share from 0 to 1"
            raise ArgumentProblem(f"-s {name}={settings[name]} makes no sense: give {limits}.")


def choose_town(arguments: dict[str, str], settings: Settings) -> None:
    """``town`` stands for the base_url and the DATABASE of its entry in towns.toml; what is given itself wins.

    Raises TownProblem.
    """
    arguments.pop("_job", None)  # scrapyd's name for the run
    if (key := arguments.pop("town", None)) is not None:
        arguments.setdefault("base_url", find(key, Path(settings["TOWNS"])).base_url)
        settings.set("DATABASE", f"{key}.db", "project")
