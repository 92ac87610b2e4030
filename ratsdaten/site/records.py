"""From a row of the database, or a value in a query's result, to its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from . import addresses

#: Table: what its rows' own pages are called, its key, and the columns that link there in a list.
PAGES = {
    "organizations": ("Seite dieses Gremiums", "id", ("name",)),
    "persons": ("Seite dieser Person", "id", ("name",)),
    "groups": ("Seite dieser Fraktion oder Gruppe", "name", ("full_name",)),
    "meetings": ("Seite dieser Sitzung", "id", ("label", "name")),
    "papers": ("Seite dieser Vorlage", "id", ("reference", "name")),
    "agenda_items": ("Seite dieses Tagesordnungspunkts", "id", ("name",)),
    "votes": ("Diese Abstimmung auf der Seite ihres Tagesordnungspunkts", "id", ("date",)),
    "files": ("Seite dieses Dokuments", "id", ("name",)),
}

#: Column of a query's result: what its values look like, and their pages.
VALUES: dict[str, tuple[str, Callable[[str], str]]] = {
    "abstimmung": (r"to\d+-\d+", addresses.ballot),
    "tagesordnungspunkt": (r"\d+", lambda key: f"/top/{key}"),
    "sitzung": (r"\d+", lambda key: f"/sitzung/{key}"),
    "vorlage": (r"[\w/.-]+", lambda key: addresses.paper(0, key)),
}


def page_of_row(table: str, row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Label and path of a row's page; None for what has none."""
    if table not in PAGES:
        return None
    label, key, _ = PAGES[table]
    try:
        return label, addresses.record(table, row[key], row["slug"] if table == "papers" else None)
    except (KeyError, IndexError):  # a list without its key: ?_col=
        return None


def page_of_cell(table: str | None, column: str, value: Any, row: Mapping[str, Any]) -> str | None:
    """Path of the page that a cell stands for, in a table or (None) in a query's result."""
    if value in (None, ""):
        return None
    if table is None:
        shape, path = VALUES.get(column, (None, None))
        return path(str(value)) if shape and path and re.fullmatch(shape, str(value), re.ASCII) else None
    if table in PAGES and column in PAGES[table][2]:
        found = page_of_row(table, row)
        return found[1] if found else None
    return None
