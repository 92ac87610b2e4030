"""The database a page is about, and what metadata.yml says of it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted

from ratsdaten.clock import today

from .answers import Problem, web_address

Row = Mapping[str, Any]
Found = TypeVar("Found")

#: Threads for our own pages, so that free SQL, which has Datasette's, never makes them wait.
_READERS = ThreadPoolExecutor(3, thread_name_prefix="pages")
_of_thread = threading.local()
_towns: WeakKeyDictionary[Datasette, str] = WeakKeyDictionary()


async def town(datasette: Datasette) -> Database:
    """The first database of metadata.yml that is here and has a table of votes. Raises Problem (503)."""
    if database := datasette.databases.get(_towns.get(datasette, "")):
        return database
    for name in datasette.metadata("databases") or {}:
        database = datasette.databases.get(name)
        if database and "votes" in await database.table_names():
            _towns[datasette] = name
            return database
    raise Problem(503, "Hier ist noch keine Datenbank mit Abstimmungen angeschlossen.")


def is_town(datasette: Datasette, database: str) -> bool:
    """Whether our pages are about this database, as far as anybody has asked for the town yet."""
    return _towns.get(datasette) == database


def release(database: Database) -> Hashable:
    """Changes whenever the data may have changed, and with the day."""
    stamps: list[tuple[int, int] | None] = []
    for path in (database.path, f"{database.path}-wal"):
        try:
            stat = os.stat(path)
            stamps.append((stat.st_size, stat.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return str(database.path), today(), *stamps  # queries leave out what is still to come


async def canned(datasette: Datasette, database: str, name: str) -> dict[str, Any]:
    """A query of metadata.yml: its sql, title and description."""
    if (found := await datasette.get_canned_query(database, name, None)) is None:
        raise LookupError(f"metadata.yml has no query {name} for the database {database}")
    return found


async def query(database: Database, sql: str, parameters: Any = None) -> list[Row]:
    """Rows of one statement, within Datasette's time limit. Raises Problem (503)."""
    try:
        return (await database.execute(sql, parameters)).rows
    except QueryInterrupted:
        raise Problem(503, "Die Abfrage hat zu lange gedauert. Bitte gleich noch einmal versuchen.") from None
    except sqlite3.OperationalError as error:
        raise unfit(database.path, error) from error


async def read(database: Database, work: Callable[[sqlite3.Connection], Found]) -> Found:
    """What ``work`` makes of a connection, in a thread of ours and without Datasette's time limit: for statements whose
    cost is known. Raises Problem."""
    try:
        return await asyncio.get_running_loop().run_in_executor(_READERS, lambda: work(_connection(database)))
    except sqlite3.OperationalError as error:
        raise unfit(database.path, error) from error


def _connection(database: Database) -> sqlite3.Connection:
    """This thread's own."""
    known = _of_thread.__dict__.setdefault("connections", WeakKeyDictionary())
    if database not in known:
        conn = database.connect()
        database.ds._prepare_connection(conn, database.name)
        known[database] = conn
    return known[database]


def unfit(what: object, error: sqlite3.Error) -> Problem:
    """What SQLite could not do with a statement of ours."""
    if str(error).startswith("no such"):
        print(
            f"{what}: the database was made by another version of this program ({error}); crawl anew.", file=sys.stderr
        )
        return Problem(503, "Diese Datenbank passt nicht zum Programm; sie muss neu erzeugt werden.")
    print(f"{what} cannot be read ({error}).", file=sys.stderr)
    return Problem(503, "Die Datenbank ist gerade nicht lesbar. Bitte gleich noch einmal versuchen.")


def source(datasette: Datasette, database: Database) -> str:
    return about(datasette, database.name, "source") or str(datasette.metadata("title") or "")


def about(datasette: Datasette, database: str, key: str) -> Any:
    """An entry of metadata.yml: the database's own, else the site's."""
    return datasette.metadata(key, database=database)


def link(datasette: Datasette, address: str | None) -> str | None:
    """An address of metadata.yml, ours or another's."""
    return datasette.urls.path(address) if address and address.startswith("/") else web_address(address)
