"""Reading votes: `scraper.votes.read_votes` on excerpts already parsed, against bare parsel on the same pages."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from scraper.pages import parse
from scraper.votes import read_votes

from .parse import bare, seconds
from .tools import lookalike, scrapy


def run(rounds: int) -> None:
    """Print texts per second and their ratio to bare pages per second."""
    pages, texts = [], []
    for body, url in excerpts():
        sections = {section.code: section for section in parse(body, url).sections}
        if "AE" in sections or "BS" in sections:
            pages.append((body, url))
            texts.append((sections.get("AE"), sections.get("BS")))
    ballots = sum(len(read_votes(*text)) for text in texts)
    times = [(seconds(bare, pages), seconds(read_votes, texts)) for _ in range(rounds)]
    parsel, ours = (len(texts) / median(side) for side in zip(*times))
    ratio = median(bare / ours for bare, ours in times)
    print(f"\nReading votes from {len(texts)} excerpts ({ballots} ballots), medians of {rounds} alternating rounds")
    print(f"bare parsel {parsel:.0f} pages/s, ours {ours:.0f} texts/s, ratio {ratio:.2f}")


def excerpts() -> list[tuple[bytes, str]]:
    """All excerpts of the small look-alike."""
    with lookalike("small") as address, tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "town.db"
        scrapy("crawl", "allris", "-a", f"base_url={address}", "-a", "since=2001-01-01", DATABASE=str(database))
        sql = "SELECT url FROM pages WHERE kind = 'to020' AND http_status = 200 AND error IS NULL ORDER BY url"
        return [(urlopen(url).read(), url) for (url,) in sqlite3.connect(database).execute(sql)]
