"""What every page of the site is made of, whatever form it is asked for in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ratsdaten.serving.answers import Problem

Row = dict[str, Any]
Arguments = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``data`` is what the template draws and what .json gives as it stands; ``rows`` is what .csv gives: of a list
    in pages a function that gives all of it.

    Paths are below the site's root. ``path`` is the one address of this page, with the query that selects what it
    shows. ``description`` says in one sentence what stands here, for search engines and shared links.
    """

    template: str  # below templates/seiten/
    path: str
    title: str
    data: Row
    description: str = ""
    rows: Iterable[Row] | Callable[[sqlite3.Connection], Iterable[Row]] | None = None
    parents: Sequence[tuple[str, str]] = ()  # (label, path), the outermost first
    source_url: str | None = None  # the page of the council information system it mirrors
    fetched_at: str | None = None  # when that was read, UTC; of other pages when anything was
    feed: str = ""  # path of an Atom feed of what the page lists
    calendar: str = ""  # path of its meetings as ICS
    picture: str = ""  # path of a PNG to go with a shared link
    embeddable: bool = False  # whether /-/oembed knows this address
    noindex: bool = False  # one of countless selections of a list
    lasting: bool = True  # False: it speaks of the hour, so that it is made anew for every reader
    status: int = 200  # 400: what was asked for cannot be read, and the page says why and how to ask


class Moved(Exception):
    """What was asked for has another address: ``path`` below the root; for good, or only for now."""

    def __init__(self, path: str, for_good: bool = True) -> None:
        super().__init__(path)
        self.path = path
        self.for_good = for_good


Loader = Callable[[sqlite3.Connection, str, Arguments], Page]


@cache
def sql(name: str) -> str:
    """The statement in sql/<name>.sql; its :names are what it takes."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text("utf-8")


def rows(conn: sqlite3.Connection, name: str, /, **parameters: Any) -> list[Row]:
    cursor = conn.execute(sql(name), parameters)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row)) for row in cursor]


def one(conn: sqlite3.Connection, name: str, /, **parameters: Any) -> Row | None:
    return next(iter(rows(conn, name, **parameters)), None)


def as_of(conn: sqlite3.Connection) -> str | None:
    """When the data were last brought up to date, UTC: what a page that no page of the source stands for is as of."""
    return rows(conn, "as_of")[0]["as_of"]  # an aggregate always has its row


def number(text: str, what: str) -> int:
    """An id from an address. Raises Problem (404) naming ``what`` for anything SQLite would not take as one."""
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    raise Problem(404, f"{what} mit dieser Nummer gibt es hier nicht.")


def page_number(arguments: Arguments) -> int:
    """``seite`` from 1; anything else is the first page."""
    text = arguments.get("seite") or "1"
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
