"""What the crawl knows of itself, read from ``pages`` and ``crawls``: runs cut off, pages done, pending and due."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from .items import Page

if TYPE_CHECKING:
    from .spiders.allris import Arguments

#: Days that count as recent; days in which minutes and results may still be missing.
RECENT, MINUTES = 90, 270

_BEGUN = datetime.now(UTC), time.monotonic()


def now() -> str:
    """UTC, to the microsecond: pages are ordered by it, so it does not jump when somebody sets the clock."""
    return (_BEGUN[0] + timedelta(seconds=time.monotonic() - _BEGUN[1])).isoformat(timespec="microseconds")


def ago(**span: float) -> str:
    """A moment or day so long ago, as the database writes it."""
    return (datetime.fromisoformat(now()) - timedelta(**span)).isoformat(timespec="microseconds")


def digest(page: Page) -> str:
    """Tells whether two visits of a page read the same: of what the parser reads, not of the bytes."""
    return hashlib.sha256(repr(page).encode()).hexdigest()


def other_town(db: Database, base_url: str) -> str | None:
    """The base address this database was crawled from, if that is another host: ids are only unique per town."""
    last = _last_base(db)
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (last or base_url, base_url)]
    return last if hosts[0] != hosts[1] and not all(is_local(host) for host in hosts) else None


def is_local(host: str) -> bool:
    """Whether a host is this machine: look-alikes change their port, and need no courtesy."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pages_by_kind(stats: dict[str, Any]) -> dict[str, int]:
    """Pages stored, from Scrapy's stats."""
    return {name.rpartition("/")[2]: n for name, n in sorted(stats.items()) if name.startswith("pages/kind/")}


def known_pages(db: Database) -> int:
    """How many pages earlier crawls have read."""
    return db.execute("SELECT count(*) FROM pages WHERE fetched_at IS NOT NULL").fetchone()[0]


def rebase(db: Database, base_url: str) -> None:
    """A town may move to another address (http to https): its pages are the same."""
    last = _last_base(db)
    if not last or last == base_url:
        return
    tables = [name for name in db.table_names() if "source_url" in db.table(name).columns_dict]
    with db.atomic():
        for table, column in [("pages", "url"), ("files", "url"), *((table, "source_url") for table in tables)]:
            db.execute(
                f"UPDATE OR REPLACE {table} SET {column} = :new || substr({column}, length(:old) + 1)"
                f" WHERE substr({column}, 1, length(:old)) = :old AND substr({column}, 1, length(:new)) <> :new",
                {"old": last, "new": base_url},
            )


def _last_base(db: Database) -> str | None:
    sql = "SELECT json_extract(arguments, '$.base_url') FROM crawls WHERE pages > 0 ORDER BY id DESC"
    return (db.execute(sql).fetchone() or (None,))[0]


#: A full crawl cut off longer ago begins anew: its pages may have changed. An update always does: it is short.
RESUMABLE = timedelta(days=7)


@dataclass(frozen=True)
class Unfinished:
    """A full crawl that was cut off, recently enough to go on with, and has done something."""

    arguments: str
    started_at: str
    reason: str | None

    def is_of(self, arguments: Arguments) -> bool:
        return self.arguments == _text(arguments)


def unfinished(db: Database) -> Unfinished | None:
    sql = "SELECT mode, arguments, started_at, reason, finished_at FROM crawls ORDER BY id DESC"
    last = db.execute(sql).fetchone()
    if last is None or last[0] != "full" or last[4] is not None:
        return None
    [latest] = db.execute("SELECT max(fetched_at) FROM pages WHERE fetched_at >= ?", [last[2]]).fetchone()
    recent = latest and datetime.fromisoformat(now()) - datetime.fromisoformat(latest) < RESUMABLE
    return Unfinished(*last[1:4]) if recent else None


def _text(arguments: Arguments) -> str:
    return json.dumps(asdict(arguments), sort_keys=True)


class Ledger:
    """The line of one run in ``crawls`` and what it needs to know of ``pages``; goes on with a run that was cut off."""

    def __init__(self, db: Database, arguments: Arguments):
        self.db = db
        left = unfinished(db)
        self.resumed = left is not None and left.is_of(arguments)
        #: Pages fetched since then need not be fetched again in this run.
        self.since: str = left.started_at if left and self.resumed else now()
        sql = "INSERT INTO crawls (mode, arguments, started_at) VALUES (?, ?, ?)"
        self.id = db.execute(sql, [arguments.mode, _text(arguments), self.since]).lastrowid

    def done(self) -> set[str]:
        """Addresses this run has fetched already, before it was cut off."""
        sql = "SELECT url FROM pages WHERE fetched_at >= ? AND error IS NULL"
        return {url for (url,) in self.db.execute(sql, [self.since])} if self.resumed else set()

    def pending(self, failed: bool = False) -> list[tuple[str, str]]:
        """Addresses (with kind) this run has found but not fetched; ``failed``: or could not read."""
        sql = """
            SELECT url, kind FROM pages
             WHERE found_at >= :since AND (fetched_at IS NULL OR fetched_at < :since OR (:failed AND error IS NOT NULL))
        """
        return self.db.execute(sql, {"since": self.since, "failed": failed}).fetchall()

    def unvisited(self, since: str | None, until: str | None) -> list[tuple[str, str]]:
        """Pages of these days that once showed something and that this run has not read: nobody links them now."""
        sql = """
            WITH dated(url, date) AS (
                SELECT source_url, date FROM meetings
                UNION ALL SELECT i.source_url, m.date FROM agenda_items i JOIN meetings m ON m.id = i.meeting_id
                UNION ALL SELECT source_url, date FROM papers)
            SELECT url, kind FROM pages LEFT JOIN dated USING (url)
             WHERE content_hash IS NOT NULL AND (fetched_at < :begun OR error IS NOT NULL)
             GROUP BY url HAVING coalesce(max(date), :since) BETWEEN :since AND :until
        """
        days = {"begun": self.since, "since": since or "", "until": until or "9"}
        return self.db.execute(sql, days).fetchall()

    def due(self) -> list[tuple[str, str, int]]:
        """Every page with its kind and how urgent it is, the first to ask for first: see due.sql."""
        days = {"recent": ago(days=RECENT)[:10], "minutes": ago(days=MINUTES)[:10], "week": ago(days=7)}
        return self.db.execute(files(__package__).joinpath("due.sql").read_text("utf-8"), days).fetchall()

    def is_known(self, url: str) -> bool:
        """Whether a visit has told what is there; what could not be read is worth another try after a week."""
        sql = "SELECT 1 FROM pages WHERE url = ? AND fetched_at > iif(error IS NULL, '', ?)"
        return self.db.execute(sql, [url, ago(days=7)]).fetchone() is not None

    def calendar(self) -> str | None:
        """The calendar page read last: where to see whether the site is in order."""
        sql = "SELECT url FROM pages WHERE kind = 'si010' AND content_hash IS NOT NULL ORDER BY changed_at DESC"
        return (self.db.execute(sql).fetchone() or (None,))[0]

    def has_content(self, url: str) -> bool:
        """Whether the page has told something that is still stored."""
        sql = "SELECT 1 FROM pages WHERE url = ? AND content_hash IS NOT NULL"
        return self.db.execute(sql, [url]).fetchone() is not None

    def has_changed(self, url: str, page: Page) -> bool:
        """Whether the page reads otherwise than at the last visit."""
        return self.db.execute("SELECT content_hash FROM pages WHERE url = ?", [url]).fetchone() != (digest(page),)

    def files(self, ids: Iterable[str], url: str) -> dict[str, dict[str, Any]]:
        """What is known of the files of a page, by id; ``outdated``: the page has changed since they were fetched."""
        sql = """
            SELECT f.id, f.name, f.number, f.modified, f.printed_size, f.url, f.sha256, f.checked_at,
                   f.checked_at < p.changed_at AS outdated
              FROM files f LEFT JOIN pages p ON p.url = :url WHERE f.id IN (SELECT value FROM json_each(:ids))
        """
        return {row["id"]: row for row in self.db.query(sql, {"ids": json.dumps(list(ids)), "url": url})}

    def meetings_in(self, year: int, month: int) -> int:
        """How many meetings of a month are stored."""
        sql = "SELECT count(*) FROM meetings WHERE date GLOB ?"
        return self.db.execute(sql, [f"{year}-{month:02}-*"]).fetchone()[0]

    def close(self, reason: str, stats: dict[str, Any], report: list[dict[str, object]] | None = None) -> None:
        """``reason`` is "finished" or what ended the run; only a finished run is not resumed."""
        kinds = pages_by_kind(stats)
        self.db.execute(
            """
            UPDATE crawls SET finished_at = :now, reason = :reason, pages = :pages, pages_by_kind = :kinds,
                   errors = :errors, rows_added = :added, rows_changed = :changed, rows_removed = :removed,
                   report = :report
             WHERE id = :id
            """,
            {
                "id": self.id,
                "now": now() if reason == "finished" else None,
                "reason": reason,
                "pages": sum(kinds.values()),
                "kinds": json.dumps(kinds),
                "errors": stats.get("pages/errors", 0),
                "added": stats.get("rows/added", 0),
                "changed": stats.get("rows/changed", 0),
                "removed": stats.get("rows/removed", 0),
                "report": json.dumps(report) if report else None,
            },
        )
