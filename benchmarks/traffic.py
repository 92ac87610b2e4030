"""What is asked for under load: kinds of pages, what visitors read, and hostile SQL."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from urllib.parse import quote

from ratsdaten.statistics import STATISTICS

from .production import Server, ask

YARDSTICK = "plain Datasette's table page"
WHOLE = "/herne/agenda_items.csv"
#: Kind -> the addresses of all such pages. No page reads `neu`; with it the home page has many addresses, too.
KINDS = {
    "home": "SELECT '/?neu=' || id FROM agenda_items",
    "paper": "SELECT '/vorlage/' || coalesce(slug, id) FROM papers",
    "search": "SELECT '/suche?q=' || words FROM wanted",
    "ballot to frame, page": "SELECT '/einbetten/abstimmung/' || id FROM votes WHERE state = 'by_group' AND rowid % 2",
    "ballot to frame, SVG": "SELECT '/einbetten/abstimmung/' || id || '.svg' FROM votes"
    " WHERE state = 'by_group' AND rowid % 2 = 0",  # others, for page and SVG have one picture
    "table page": "SELECT '/herne/agenda_items?_next=' || id FROM agenda_items",
    "CSV of a meeting's items": "SELECT '/herne/agenda_items.csv?meeting_id=' || id FROM meetings",
    YARDSTICK: "SELECT '/herne/agenda_items?_next=' || id FROM agenda_items",
}
#: What visitors read: how many of a hundred requests, and which pages. The rest are the home page's files.
VISITS = (
    (10, "SELECT '/'"),
    (15, KINDS["search"]),
    (20, KINDS["paper"]),
    (20, "SELECT '/top/' || id FROM agenda_items WHERE public = 1"),
    (10, "SELECT '/sitzung/' || id FROM meetings"),
    (5, "SELECT DISTINCT '/sitzungen?jahr=' || substr(date, 1, 4) FROM meetings WHERE date > ''"),
    (5, KINDS["ballot to frame, page"]),
    (5, KINDS["ballot to frame, SVG"]),
)
#: Half of a kind's visits go to so many pages.
FAVOURITES = 20
#: Endless counting, everything joined with everything, values that fill the memory, slow searches in long texts.
HOSTILE = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n ORDER BY x DESC",
    "WITH RECURSIVE n(t) AS (SELECT 'a' UNION ALL SELECT t || t FROM n) SELECT max(length(t)) FROM n",
    "SELECT count(*) FROM agenda_items a, agenda_items b, agenda_items c WHERE a.name < b.name || c.name",
    "SELECT a.name, b.name FROM agenda_items a, agenda_items b ORDER BY random()",
    "SELECT length(hex(zeroblob(300000000)))",
    "SELECT replace(hex(zeroblob(20000000)), '0', 'aaaaaaaaaaaaaaaaaaaa')",
    "SELECT group_concat(a.minutes_text) FROM agenda_items a, meetings b",
    "SELECT sum(instr(a.minutes_text, b.name)) FROM agenda_items a, agenda_items b",
    "SELECT count(*) FROM agenda_items WHERE hex(zeroblob(5000)) || minutes_text LIKE '%0%0%0%0%0%0%0%0%1'",
)


class Traffic:
    """Addresses for a crawled database, in the same random order in every run."""

    def __init__(self, database: Path) -> None:
        self._conn = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        names = {name for (name,) in self._conn.execute("SELECT name FROM agenda_items WHERE name IS NOT NULL")}
        self._conn.execute("CREATE TEMP TABLE wanted (words TEXT)")
        pairs = {(pair,) for name in names for pair in _pairs(name)}
        self._conn.executemany("INSERT INTO wanted VALUES (?)", pairs)

    def of(self, kind: str) -> list[str]:
        return self._addresses(KINDS[kind])

    def _addresses(self, sql: str) -> list[str]:
        paths = sorted(quote(path, safe="/?=&") for (path,) in self._conn.execute(sql))
        random.Random(1).shuffle(paths)
        return paths

    def visits(self, site: Server, number: int = 20_000) -> list[str]:
        """So many requests of visitors, in the order they are made."""
        dice = random.Random(1)
        files = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', ask(site.port, "/")[1].decode())))
        found = []
        for share, paths in [*((share, self._addresses(sql)) for share, sql in VISITS), (10, files)]:
            some = share * number // 200
            found += dice.choices(paths[:FAVOURITES], k=some) + dice.choices(paths, k=some)
        dice.shuffle(found)
        return found

    def charts(self) -> list[str]:
        """All statistics in all forms, and a hundred ballots."""
        variants = product(STATISTICS, ("svg", "png"), (640, 340, 960), ("hell", "dunkel"))
        statistics = [f"/einbetten/statistik/{name}.{form}?breite={w}&farben={c}" for name, form, w, c in variants]
        return statistics + self.of("ballot to frame, SVG")[:100]


def hostile() -> list[str]:
    """All of them as JSON, as a file, as a page."""
    return [f"/herne{form}?sql={quote(sql)}" for form in (".json", ".csv", "") for sql in HOSTILE]


def _pairs(name: str) -> Sequence[str]:
    words = [word.strip(".,:;()„“\"'") for word in name.split()]
    return [f"{one} {two}" for one, two in combinations([w for w in words if len(w) > 3 and w.isalpha()], 2)]
