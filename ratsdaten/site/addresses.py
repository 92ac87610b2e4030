"""The permalinks: from a row to its path and from an address of ALLRIS to the row's path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from ratsdaten.groups import fold


def meeting(key: int) -> str:
    return f"/sitzung/{key}"


def agenda_item(key: int) -> str:
    return f"/top/{key}"


def paper(key: int, slug: str | None = None) -> str:
    """By its reference, which people know: ``/vorlage/2021/0402``; by its number where that is not its alone."""
    return f"/vorlage/{quote(slug or str(key))}"


def organization(key: str) -> str:
    return f"/gremium/{quote(key, safe='')}"


def person(key: int) -> str:
    return f"/person/{key}"


def group(name: str) -> str:
    """``Piraten/AL`` → ``/fraktion/piraten-al``."""
    return f"/fraktion/{quote(fold(name, '-').strip('-'))}"


def ballot(key: str) -> str:
    """A ballot stands on its item's page: ``to9001-2`` → ``/top/9001#abstimmung-2``."""
    item, _, position = key.removeprefix("to").partition("-")
    return f"/top/{item}#abstimmung-{position}"


def document(key: str) -> str:
    return f"/dokument/{quote(key, safe='')}"


def revision(key: int) -> str:
    return f"/aenderung/{key}"


def statistic(name: str) -> str:
    return f"/statistik/{name}"


#: Table -> the page of a row by its key.
_PAGES: dict[str, Callable[[Any], str]] = {
    "organizations": organization,
    "persons": person,
    "groups": group,
    "meetings": meeting,
    "agenda_items": agenda_item,
    "votes": ballot,
    "files": document,
}


def record(table: str, key: int | str, slug: str | None = None) -> str:
    """The page of a row of a table that has pages. ``slug``: papers.slug, the end of a paper's permalink."""
    return paper(int(key), slug) if table == "papers" else _PAGES[table](key)
