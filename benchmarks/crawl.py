"""Crawling: the look-alike end to end into SQLite against a bare Scrapy spider that only fetches the same pages."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from .tools import lookalike, scrapy

GOAL = 0.6
GOAL_MEMORY = 200  # MB
MARKS = (1000, 5000, 10000, 20000)
METER = {"benchmarks.meter.Meter": 500}

Report = dict[str, Any]  # of benchmarks/meter.py


def run(pages: int, rounds: int) -> None:
    """Alternate the two spiders, each in its own process; print medians, their ratio and the memory."""
    print(
        f"\nCrawling {pages:,} pages of the look-alike, {rounds} alternating rounds, from first page to closed engine"
    )
    print(f"{'round':8}{'pages/s':>16}{'pages/CPU s':>20}{'peak MB':>16}   (bare, ours)")
    pairs: list[tuple[Report, Report]] = []
    with lookalike("full") as address, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(1, rounds + 1):
            ours = crawl(address, folder / f"{number}.db", pages)
            bare = fetch(folder / f"{number}.db.work")
            pairs.append((bare, ours))
            print(f"{number:<8}", end="")
            for column, width in (("seconds", 9), ("cpu", 11)):
                print(*(f"{side['pages'] / side[column]:{width}.0f}" for side in (bare, ours)), end="")
            print(f"{bare['peak']:9.0f}{ours['peak']:9.0f}", flush=True)

    for column, unit in (("seconds", "pages per second"), ("cpu", "pages per CPU second")):
        speeds = [tuple(side["pages"] / side[column] for side in pair) for pair in pairs]
        ratios = [ours / bare for bare, ours in speeds]
        bare_speed, our_speed = (median(side) for side in zip(*speeds))
        print(f"{unit}, medians: bare {bare_speed:.0f}, ours {our_speed:.0f}; ", end="")
        print(f"ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})", end="")
        print(f", goal {GOAL}: {'met' if median(ratios) >= GOAL else 'MISSED'}" if column == "seconds" else "")
    memory(pairs[-1][1])


def memory(report: Report) -> None:
    """Resident memory of our crawl by pages done."""
    marks = {int(mark): size for mark, size in report["memory"].items()}
    shown = [f"{mark:,}: {size:.0f}" for mark, size in marks.items() if mark in MARKS or mark == max(marks)]
    print(f"memory of our crawl in MB by pages done: {', '.join(shown) or 'too few pages'}", end="")
    print(f"; peak {report['peak']:.0f}, goal under {GOAL_MEMORY}: ", end="")
    print("met" if report["peak"] < GOAL_MEMORY else "MISSED")


def crawl(address: str, database: Path, pages: int) -> Report:
    """`scrapy crawl allris`, as a user starts it, cut off after so many pages: they stay in the copy it works on."""
    extensions = {"scraper.extensions.Progress": 100} | METER
    return measure(
        database.with_suffix(".ours.json"),
        *("crawl", "allris", "-a", f"base_url={address}"),
        DATABASE=str(database),
        CLOSESPIDER_ITEMCOUNT=str(pages),
        ATTACHMENTS="0",
        EXTENSIONS=json.dumps(extensions),
    )


def fetch(database: Path) -> Report:
    """The pages of a finished crawl once more, in the same order, by the bare spider."""
    addresses = database.with_suffix(".txt")
    sql = "SELECT url FROM pages WHERE fetched_at IS NOT NULL ORDER BY fetched_at"
    addresses.write_text("\n".join(url for (url,) in sqlite3.connect(database).execute(sql)), "utf-8")
    return measure(
        database.with_suffix(".bare.json"),
        *("runspider", str(Path(__file__).with_name("bare.py")), "-a", f"addresses={addresses}"),
        EXTENSIONS=json.dumps(METER),
        ITEM_PIPELINES="{}",
    )


def measure(report: Path, *arguments: str, **settings: str) -> Report:
    scrapy(*arguments, BENCHMARK_REPORT=str(report), **settings)
    return json.loads(report.read_text())
