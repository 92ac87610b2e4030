"""The page about the data as such: /daten."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ratsdaten.export.tables import Table, quoted

from .page import Page, as_of


def data_page(
    conn: sqlite3.Connection,
    tables: Sequence[Table],
    queries: Sequence[Mapping[str, Any]],
    *,
    database: str,
    file: str | None,
    size: int,
    limits: Mapping[str, float],
) -> Page:
    """Tables with their columns and numbers of rows, downloads, limits. ``file`` is the path of the SQLite file where
    it is given out, ``size`` its bytes."""
    listed = [asdict(table) | {"rows": _count(conn, table)} for table in tables]
    return Page(
        template="daten.html",
        path="/daten",
        title="Daten",
        description="Alle Daten zum Mitnehmen: ganze Tabellen als CSV, für Excel und als JSON, "
        f"{'die Datenbank selbst, ' if file else ''}eine Schnittstelle für Programme und Beispiele dazu.",
        data={
            "database": database,
            "tables": listed,
            "queries": [{key: query.get(key) for key in ("name", "title", "description")} for query in queries],
            "file": file,
            "size": size,
            "limits": dict(limits),
        },
        rows=[{key: table[key] for key in ("name", "title", "rows", "description")} for table in listed],
        fetched_at=as_of(conn),
    )


def _count(conn: sqlite3.Connection, table: Table) -> int:
    return int(conn.execute(f"select count(*) from {quoted(table.name)}").fetchone()[0])
