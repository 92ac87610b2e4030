"""Keeping up at full size: the 25-year look-alike crawled in full, then updated while unchanged, then after changes."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from demo import Revision, Town
from scraper.ledger import RECENT

from .crawl import METER, Report, fetch, measure
from .tools import lookalike

GOAL_MEMORY, GOAL_SHARE = 250, 0.02
REVISION = Revision(changed=500, new=50, withdrawn=20)
TABLES = ("meetings", "agenda_items", "papers", "consultations", "files", "persons", "memberships", "organizations")


def run(size: str, kept: Path | None) -> None:
    """``kept``: a database of an earlier run, so that the crawl in full is left out."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "town.db"
        if kept:
            shutil.copy(kept, database)
        else:
            in_full(size, database, folder)
        pages = _one(database, "SELECT count(*) FROM pages WHERE fetched_at IS NOT NULL")
        with lookalike(size) as address:
            before = contents(database)
            report = update(address, database, folder / "unchanged.json")
            share = report["requests"] / pages
            touched = len(different(before, database))
            print(f"unchanged: {_cost(report)}, {share:.2%} of a full crawl's; {touched} rows touched")
            print(f"goal at most {GOAL_SHARE:.0%}: {'met' if share <= GOAL_SHARE else 'MISSED'}")
        # At the same address: in life a town does not move overnight.
        options = [f"--{name}={count}" for name, count in vars(REVISION).items() if count]
        options.append(f"--port={urlsplit(address).port}")
        with lookalike(size, *options) as address:
            town = Town(size=size, revision=REVISION)
            for label, budget in (("one night", 0), ("the next night", 0), ("every page at once", 1_000_000)):
                report = update(address, database, folder / "changed.json", UPDATE_BUDGET=str(budget))
                print(f"{label}: {_cost(report)}; {found(town, database)}")
            print(f"touched beside them: {strangers(town, before, database)}")


def in_full(size: str, database: Path, folder: Path) -> None:
    with lookalike(size) as address:
        began = time.perf_counter()
        ours = measure(folder / "ours.json", "crawl", "allris", *_town(address), **_settings(database))
        whole = time.perf_counter() - began
        bare = fetch(database)
    size_mb = database.stat().st_size / 1e6
    items = _one(database, "SELECT count(*) FROM agenda_items")
    speeds = [side["pages"] / side["seconds"] for side in (bare, ours)]
    print(f"full crawl: {ours['pages']:,} pages, {items:,} items in {whole / 60:.1f} min, {size_mb:.0f} MB of database")
    print(f"pages/s: bare {speeds[0]:.0f}, ours {speeds[1]:.0f}, ratio {speeds[1] / speeds[0]:.2f}", end="; ")
    marks = {int(mark): f"{int(mark):,}: {mb:.0f}" for mark, mb in ours["memory"].items() if int(mark) % 10_000 == 0}
    print(f"memory in MB by pages done: {', '.join(marks.values())}, peak {ours['peak']:.0f}", end="; ")
    print(f"goal under {GOAL_MEMORY}: {'met' if ours['peak'] < GOAL_MEMORY else 'MISSED'}", flush=True)


def update(address: str, database: Path, report: Path, **settings: str) -> Report:
    return measure(report, "crawl", "allris", *_town(address), "-a", "mode=update", **_settings(database) | settings)


def _town(address: str) -> tuple[str, str]:
    return "-a", f"base_url={address}"


def _settings(database: Path) -> dict[str, str]:
    return {"DATABASE": str(database), "ATTACHMENTS": "0", "EXTENSIONS": _EXTENSIONS}


_EXTENSIONS = str({"scraper.extensions.Progress": 100} | METER).replace("'", '"')


def _cost(report: Report) -> str:
    return f"{report['requests']:,} requests, {report['seconds']:.0f} s, peak {report['peak']:.0f} MB"


def _one(database: Path, sql: str, *values: object) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql, values).fetchone()[0]


def contents(database: Path) -> dict[tuple[str, str], int]:
    """Every row but for its address and time: (table, id) -> hash."""
    rows = {}
    with closing(sqlite3.connect(database)) as connection:
        for table in TABLES:
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            names = [name for name in names if name not in ("source_url", "fetched_at", "url")]
            for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}"):
                rows[table, str(row[0])] = hash(row)
    return rows


def different(before: dict[tuple[str, str], int], database: Path) -> set[tuple[str, str]]:
    after = contents(database)
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def found(town: Town, database: Path) -> str:
    """How many of the changes are in the database: all, and those of recent meetings and papers."""
    tables = {"to020": "agenda_items", "vo020": "papers", "to010": "meetings"}
    since = (date.today() - timedelta(days=RECENT)).isoformat()
    counts: dict[str, list[bool]] = {"changed": [], "of them recent": [], "new": [], "withdrawn": []}
    for kind, key, _ in town.changed_pages:
        seen = bool(
            _one(database, "SELECT count(*) FROM revisions WHERE (table_name, row_id) = (?, ?)", tables[kind], str(key))
        )
        counts["changed"].append(seen)
        if _day(town, kind, key) >= since:
            counts["of them recent"].append(seen)
    for key in town.new_meetings:
        counts["new"].append(bool(_one(database, "SELECT count(*) FROM agenda_items WHERE meeting_id = ?", key)))
    for kind, key in town.withdrawn_pages:
        gone = "SELECT count(*) FROM pages WHERE url LIKE ? AND withdrawn_at IS NOT NULL"
        counts["withdrawn"].append(bool(_one(database, gone, f"%/{kind}.asp?%={key}")))
    return ", ".join(f"{sum(seen)} of {len(seen)} {what}" for what, seen in counts.items())


def _day(town: Town, kind: str, key: int) -> str:
    paper, item = town.paper(key) if kind == "vo020" else None, town.item(key) if kind == "to020" else None
    meeting = town.meeting(item.meeting_id if item else key)
    return paper.date if paper else meeting.date if meeting else ""


def strangers(town: Town, before: dict[tuple[str, str], int], database: Path) -> str:
    """Rows that differ though neither their page nor one that names it was changed, added or withdrawn."""
    touched = different(before, database)
    pages = {("papers", str(key)) for kind, key, *_ in (*town.changed_pages, *town.withdrawn_pages) if kind == "vo020"}
    pages |= {
        ("agenda_items", str(key)) for kind, key, *_ in (*town.changed_pages, *town.withdrawn_pages) if kind == "to020"
    }
    pages |= {("meetings", str(key)) for kind, key, _ in town.changed_pages if kind == "to010"}
    pages |= {("meetings", str(key)) for key in town.new_meetings}
    left = {key for key in touched - pages if key in before}
    with closing(sqlite3.connect(database)) as connection:
        known = {table: {str(row[0]) for row in connection.execute(f"SELECT id FROM {table}")} for table in TABLES}
    gone = {key for key in left if key[1] not in known[key[0]]}
    tables = Counter(table for table, _ in left - gone)
    return f"{dict(tables) or 'nothing'} (rows that name them), {len(gone)} rows went with a page withdrawn"
