"""Reading pages: `scraper.pages.parse` against bare parsel that builds the tree and runs one selector."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.request import urlopen

from parsel import Selector

from scraper.pages import kind_of, parse

from .tools import ROOT, lookalike, scrapy

REAL = ROOT.parent / "shared" / "allris" / "pages"
GOAL = 0.3
#: One timing reads the pages of a kind again and again for at least so many seconds.
SLICE = 0.05

Pages = dict[str, list[tuple[bytes, str]]]


def bare(body: bytes, url: str) -> str | None:
    """The least anybody does who reads such a page with parsel."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("windows-1252", "replace")
    return Selector(text=text, type="html").css("title::text").get()


def run(rounds: int) -> None:
    """Print pages per second by page kind and over all pages, each page counted once."""
    pages = real_pages() if REAL.is_dir() else lookalike_pages()
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in pages}
    for _ in range(rounds):
        for kind, members in pages.items():
            times[kind].append((seconds(bare, members), seconds(parse, members)))
    print(f"\nParsing {sum(map(len, pages.values()))} pages, medians of {rounds} alternating rounds, pages per second")
    print(f"{'kind':8}{'pages':>6}{'kB/page':>9}{'parsel':>9}{'ours':>8}{'ratio':>7}")
    for kind in sorted(pages):
        report(kind, pages[kind], times[kind])
    everything = [
        (sum(bare for bare, _ in one_round), sum(ours for _, ours in one_round)) for one_round in zip(*times.values())
    ]
    ratio = report("all", [page for members in pages.values() for page in members], everything)
    print(f"goal {GOAL}: {'met' if ratio >= GOAL else 'MISSED'}")


def seconds(read: Callable[[bytes, str], object], pages: list[tuple[bytes, str]]) -> float:
    """Seconds for reading each of the pages once."""
    started, repeats = perf_counter(), 0
    while perf_counter() < started + SLICE:
        for body, url in pages:
            read(body, url)
        repeats += 1
    return (perf_counter() - started) / repeats


def report(kind: str, pages: list[tuple[bytes, str]], times: list[tuple[float, float]]) -> float:
    count, size = len(pages), sum(len(body) for body, _ in pages) / len(pages) / 1000
    parsel, ours = (count / median(side) for side in zip(*times))
    ratio = median(bare / ours for bare, ours in times)
    print(f"{kind:8}{count:6}{size:9.1f}{parsel:9.0f}{ours:8.0f}{ratio:7.2f}")
    return ratio


def real_pages() -> Pages:
    facts = json.loads((REAL / "expected.json").read_text("utf-8"))["pages"]
    return by_kind([((REAL / fact["page"]).read_bytes(), fact["url"]) for fact in facts.values()])


def lookalike_pages() -> Pages:
    """Up to 8 pages a kind that the look-alike renders; its paper list goes on only inside a session."""
    print(f"\n{REAL} is not here: pages of the look-alike instead, so the figures are not those of real pages.")
    with lookalike("small") as address, tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "town.db"
        scrapy("crawl", "allris", "-a", f"base_url={address}", DATABASE=str(database))
        sql = """
            SELECT url FROM (SELECT url, row_number() OVER (PARTITION BY kind ORDER BY url) AS place FROM pages
                             WHERE http_status = 200 AND error IS NULL AND url NOT LIKE '%shownext%')
            WHERE place <= 8
        """
        urls = [url for (url,) in sqlite3.connect(database).execute(sql)]
        return by_kind([(urlopen(url).read(), url) for url in urls])


def by_kind(pages: list[tuple[bytes, str]]) -> Pages:
    found: Pages = {}
    for body, url in pages:
        found.setdefault(kind_of(url) or "?", []).append((body, url))
    return found
