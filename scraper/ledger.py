"""What the crawl knows of itself, read from ``pages`` and ``crawls``: interrupted runs, pages done and pending."""

from __future__ import annotations

import ipaddress
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database


def now() -> str:
    """UTC, to the microsecond: pages are ordered by it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def other_town(db: Database, base_url: str) -> str | None:
    """The base address this database was crawled from, if that is another host: ids are only unique per town."""
    sql = (
        "SELECT json_extract(arguments, '$.base_url') FROM crawls WHERE pages > 0 AND mode <> 'probe' ORDER BY id DESC"
    )
    last = (db.execute(sql).fetchone() or (None,))[0]
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (last or base_url, base_url)]
    return last if hosts[0] != hosts[1] and not any(is_local(host) for host in hosts) else None


def is_local(host: str) -> bool:
    """Whether a host is this machine: look-alikes change their port, and need no courtesy."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pages_by_kind(stats: dict[str, Any]) -> dict[str, int]:
    """Pages stored, from Scrapy's stats."""
    return {name.rpartition("/")[2]: n for name, n in sorted(stats.items()) if name.startswith("pages/kind/")}


#: A crawl cut off longer ago begins anew: its pages may have changed.
RESUMABLE = timedelta(days=7)


class Ledger:
    """The line of one crawl in ``crawls``; continues the last run with the same arguments if that was cut off."""

    def __init__(self, db: Database, mode: str, arguments: dict[str, Any]):
        self.db, self.arguments = db, json.dumps(arguments, sort_keys=True)
        last = db.execute(
            "SELECT started_at, finished_at FROM crawls WHERE mode = 'full' AND arguments = ? ORDER BY id DESC",
            [self.arguments],
        ).fetchone()
        recent = (datetime.now(UTC) - RESUMABLE).isoformat()
        self.resumed = bool(last and mode == "full" and last[1] is None and last[0] > recent)
        #: Pages fetched since then need not be fetched again in this run.
        self.since: str = last[0] if self.resumed else now()
        sql = "INSERT INTO crawls (mode, arguments, started_at) VALUES (?, ?, ?)"
        self.id = db.execute(sql, [mode, self.arguments, self.since]).lastrowid

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

    def known_pages(self) -> int:
        """How many pages earlier crawls have read."""
        return self.db.execute("SELECT count(*) FROM pages WHERE fetched_at IS NOT NULL").fetchone()[0]

    def close(self, reason: str, stats: dict[str, Any]) -> None:
        """``reason`` is "finished" or what ended the run; only a finished run is not resumed."""
        kinds = pages_by_kind(stats)
        self.db.execute(
            """
            UPDATE crawls SET finished_at = :now, reason = :reason, pages = :pages, pages_by_kind = :kinds,
                   errors = :errors, rows_added = :added, rows_changed = :changed, rows_removed = :removed
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
            },
        )
