"""The permalinks: from a row to its path and from an address of ALLRIS to the row's path."""

from __future__ import annotations

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


def statistic(name: str) -> str:
    return f"/statistik/{name}"
