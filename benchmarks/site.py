"""Every kind of page over real HTTP with eight readers at once, each address asked for once; beside Datasette's own."""

from __future__ import annotations

import gzip
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier, Lock, Thread
from urllib.parse import quote

from .embed import datasette
from .tools import ROOT, lookalike, scrapy

READERS, REQUESTS, FEW = 8, 400, 20
#: Milliseconds, of 19 in 20 answers.
GOAL, HOME_GOAL = 100, 50
YARDSTICK = "Datasette's table page"

#: Kind of page -> the addresses of all such pages; those that are few are asked for again and again.
KINDS = {
    "home": "SELECT '/'",
    "agenda item": "SELECT '/top/' || id FROM agenda_items WHERE public = 1",
    "agenda item with ballot": "SELECT '/top/' || agenda_item_id FROM votes",
    "meeting": "SELECT '/sitzung/' || id FROM meetings",
    "meetings of a year": "SELECT DISTINCT '/sitzungen?jahr=' || substr(date, 1, 4) FROM meetings WHERE date > ''",
    "paper": "SELECT '/vorlage/' || coalesce(slug, id) FROM papers",
    "papers": "SELECT '/vorlagen?seite=' || value FROM generate_numbers",
    "bodies": "SELECT '/gremien'",
    "body": "SELECT '/gremium/' || id FROM organizations",
    "persons": "SELECT '/personen'",
    "person": "SELECT '/person/' || id FROM persons",
    "group": "SELECT '/fraktion/' || lower(name) FROM groups WHERE name NOT GLOB '*[^A-Za-z]*'",
    "ballots": "SELECT '/abstimmungen?seite=' || value FROM generate_numbers",
    "ballots of a group": "SELECT DISTINCT '/abstimmungen?fraktion=' || group_name FROM vote_counts",
    "statistics": "SELECT '/statistik'",
    "data": "SELECT '/daten'",
    "search, a word in 2 to 2,000 titles": "SELECT '/suche?q=' || word FROM words WHERE hits BETWEEN 2 AND 2000",
    "search, in more": "SELECT '/suche?q=' || word FROM words WHERE hits > 2000",
    "feed of a body": "SELECT '/gremium/' || id || '.atom' FROM organizations",
    YARDSTICK: "SELECT '/demo/agenda_items?_next=' || id FROM agenda_items",
    "Datasette's row page": "SELECT '/demo/agenda_items/' || id FROM agenda_items",
}


def run(rounds: int, database: Path | None) -> None:
    """The database is a crawled one, best of full size; without one a small town is crawled. One round is enough."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if database is None:
            with lookalike("small") as town:
                arguments = ("-a", f"base_url={town}", "-a", "since=2001-01-01")
                scrapy("crawl", "allris", *arguments, DATABASE=str(folder / "demo.db"))
        else:
            (folder / "demo.db").symlink_to(database.resolve())
        for part in ("metadata.yml", "settings.json", "plugins", "templates", "static"):
            (folder / part).symlink_to(ROOT / part)
        with datasette(folder) as port:
            for _ in range(rounds):
                one_round(port, folder / "demo.db")


def one_round(port: int, database: Path) -> None:
    print(f"\n{READERS} readers, up to {REQUESTS} requests a kind; milliseconds, and KB of the first page (gzip)")
    print(f"{'':28}{'addresses':>10}{'median':>8}{'p95':>8}{'p99':>8}{'KB':>6}")
    for kind, paths in addresses(database).items():
        if not paths:
            continue
        size = len(gzip.compress(fetch(HTTPConnection("127.0.0.1", port), paths[0])))
        times = answers(port, paths if len(paths) > FEW else list(islice(cycle(paths), REQUESTS)))
        cuts = quantiles(times, n=100)
        goal = HOME_GOAL if kind == "home" else GOAL
        missed = "  MISSED" if cuts[94] > goal and not kind.startswith("Datasette") else ""
        row = f"{len(paths):>10,}{median(times):>8.0f}{cuts[94]:>8.0f}{cuts[98]:>8.0f}{size / 1000:>6.0f}"
        print(f"{kind:28}{row}{missed}", flush=True)


def addresses(database: Path) -> dict[str, list[str]]:
    """A random choice of each kind, the same in every run."""
    conn = sqlite3.connect(database)
    conn.execute("CREATE TEMP TABLE generate_numbers (value INTEGER)")
    conn.executemany("INSERT INTO generate_numbers VALUES (?)", [(number,) for number in range(1, 40)])
    conn.execute("CREATE TEMP TABLE words (word TEXT, hits INTEGER)")
    conn.executemany("INSERT INTO words VALUES (?, ?)", words(conn))
    dice = random.Random(1)
    found = {}
    for kind, sql in KINDS.items():
        paths = [quote(path, safe="/?=&%") for (path,) in conn.execute(sql)]
        found[kind] = dice.sample(paths, min(REQUESTS, len(paths)))
    return found


def words(conn: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """Words of the items' titles and how many titles have them."""
    counts: dict[str, int] = {}
    for (name,) in conn.execute("SELECT name FROM agenda_items WHERE name IS NOT NULL"):
        for word in {word.strip(".,:;()„“\"'") for word in name.split()}:
            if len(word) > 3 and word.isalpha():
                counts[word] = counts.get(word, 0) + 1
    yield from counts.items()


def answers(port: int, paths: list[str]) -> list[float]:
    """Milliseconds each path took; eight threads share the list."""
    times: list[float] = []
    left, lock, start = iter(paths), Lock(), Barrier(READERS)

    def read() -> None:
        connection = HTTPConnection("127.0.0.1", port)
        start.wait()
        while True:
            with lock:
                path = next(left, None)
            if path is None:
                return
            started = time.perf_counter()
            fetch(connection, path)
            times.append((time.perf_counter() - started) * 1000)

    readers = [Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return times


def fetch(connection: HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status >= 500:
        sys.exit(f"{path} answered {answer.status}: {body[:200]!r}")
    return body
