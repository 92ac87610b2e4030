"""The tables that can be taken along: what the file holds and metadata.yml describes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str  # as SQLite names it: TEXT, INTEGER
    description: str
    key: int  # place in the primary key from 1; 0: not in it
    required: bool
    target: tuple[str, str] | None  # (table, column) it refers to


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    description: str
    hidden: bool  # helps others: links between tables, sums
    columns: tuple[Column, ...]

    @property
    def select(self) -> str:
        return f"select {', '.join(quoted(column.name) for column in self.columns)} from {quoted(self.name)}"


def quoted(name: str) -> str:
    """A table's or column's name in a statement."""
    return '"' + name.replace('"', '""') + '"'


#: What the search keeps for itself; it is made of the other tables.
INDEX = frozenset(("documents", "document_facets", "search_words", "search_state"))


def described(conn: sqlite3.Connection, entries: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """The tables of the file that have an entry (title, description, columns), in the file's order, without INDEX."""
    found = conn.execute("select name from sqlite_master where type = 'table' order by rowid")
    return [_table(conn, name, entries[name]) for (name,) in found if name in entries and name not in INDEX]


def _table(conn: sqlite3.Connection, name: str, entry: Mapping[str, Any]) -> Table:
    texts = entry.get("columns") or {}
    targets = {row[3]: (row[2], row[4]) for row in conn.execute(f"pragma foreign_key_list({quoted(name)})")}
    columns = tuple(
        Column(column, kind.split()[0] if kind else "", (texts.get(column) or "").strip(), key, bool(required), target)
        for _, column, kind, required, _, key, _ in conn.execute(f"pragma table_xinfo({quoted(name)})")
        for target in [targets.get(column)]
    )
    title, description = entry.get("title") or name, (entry.get("description") or "").strip()
    return Table(name, title, description, bool(entry.get("hidden")), columns)
