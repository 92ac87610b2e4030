"""The town a request is about, its database, and what towns.toml and metadata.yml say of it."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary, WeakSet

from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted

from ratsdaten.clock import today, zone
from ratsdaten.towns import FILE, Town
from ratsdaten.towns import read as read_towns

from .answers import Problem, web_address
from .asgi import App, Receive, Scope, Send
from .slow import watched

Row = Mapping[str, Any]
Found = TypeVar("Found")

#: Threads for our own pages, so that free SQL, which has Datasette's, never makes them wait. Python runs one at a time:
#: two fill the time in which SQLite works, more wait for each other (eight readers searching: 66/s, with three 52).
_READERS = ThreadPoolExecutor(2, thread_name_prefix="pages")
_of_thread = threading.local()
_towns: WeakKeyDictionary[Datasette, dict[str, Town]] = WeakKeyDictionary()
#: The number of the file that each was opened as (plugins/renew.py); connections may go on with it when it is replaced.
opened: WeakKeyDictionary[Database, int] = WeakKeyDictionary()
#: Databases in which the tables were seen.
_filled: WeakSet[Database] = WeakSet()
#: The town of the request that is being answered.
_here: ContextVar[Town | None] = ContextVar("town", default=None)


def towns(datasette: Datasette) -> dict[str, Town]:
    """Those of towns.toml in the configuration folder, else in ours. Raises TownProblem."""
    if datasette not in _towns:
        file = Path(datasette.config_dir or "") / FILE.name
        _towns[datasette] = read_towns(file if file.exists() else FILE)
    return _towns[datasette]


async def served(datasette: Datasette) -> list[Town]:
    """The towns with a database here that has a table of votes."""
    found = []
    for town in towns(datasette).values():
        if (database := datasette.databases.get(town.key)) is None:
            continue
        try:
            if database not in _filled and "votes" in await database.table_names():
                _filled.add(database)
        except (sqlite3.Error, QueryInterrupted):  # not now: its pages say so, and no other town stands in for it
            found.append(town)
            continue
        if database in _filled:
            found.append(town)
    return found


async def here(datasette: Datasette) -> Town:
    """The town of this request, outside of one the first. Raises Problem (503)."""
    for town in [known] if (known := _here.get()) else await served(datasette):
        return town
    raise Problem(503, "Hier ist noch keine Datenbank mit Abstimmungen angeschlossen.")


async def town(datasette: Datasette) -> Database:
    """The database of this request's town. Raises Problem (503)."""
    return datasette.databases[(await here(datasette)).key]


async def of_host(datasette: Datasette, host: str) -> Town | None:
    """The town that has this host name, with a port or not, or is called by it (herne.localhost); else the first."""
    name = re.sub(r":[0-9]*$", "", host).rstrip(".").lower()
    found = await served(datasette)
    named = (town for town in found if name in town.hosts or name == f"{town.key}.localhost")
    return next(named, found[0] if found else None)


def home(town: Town, root: str) -> str | None:
    """Where the site begins that is about this town, seen from one that begins at ``root``: at its first host name, on
    one's own machine at herne.localhost; None for a town without a host name."""
    parts = urlsplit(root)
    own = re.fullmatch(r"localhost|.*\.localhost|127\..*|::1", parts.hostname or "")
    name = f"{town.key}.localhost" if own else next(iter(town.hosts), None)
    return parts._replace(netloc=f"{name}:{parts.port}" if parts.port else name).geturl() if name else None


@contextmanager
def about_town(town: Town | None) -> Iterator[None]:
    """What runs within is about this town, in its time."""
    before = _here.set(town), zone.set(town.time_zone if town else zone.get())
    try:
        yield
    finally:
        _here.reset(before[0])
        zone.reset(before[1])


def layer(datasette: Datasette, app: App) -> App:
    """The host name of a request says which town our pages are about."""

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        with about_town(await of_host(datasette, host)):
            await app(scope, receive, send)

    return chosen


def is_town(database: str) -> bool:
    """Whether the pages of this request are about this database."""
    town = _here.get()
    return town is not None and town.key == database


def release(database: Database) -> Hashable:
    """Changes whenever the data may have changed, and with the day."""
    if not database.is_mutable:
        return database.hash, today()
    stamps: list[tuple[int, int] | None] = []
    for path in (database.path, f"{database.path}-wal"):
        try:
            stat = os.stat(path)
            stamps.append((stat.st_size, stat.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return str(database.path), opened.get(database), today(), *stamps  # queries leave out what is still to come


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
        return await asyncio.get_running_loop().run_in_executor(
            _READERS, copy_context().run, watched(work.__qualname__)(lambda: work(_connection(database)))
        )
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


def title(datasette: Datasette, database: Database) -> str:
    """What the site is called."""
    return str(about(datasette, database.name, "title") or "")


def source(datasette: Datasette, database: Database) -> str:
    return about(datasette, database.name, "source") or title(datasette, database)


def about(datasette: Datasette, database: str, key: str) -> Any:
    """What towns.toml says of the database, else metadata.yml of the site."""
    return datasette.metadata(key, database=database)


def link(datasette: Datasette, address: str | None) -> str | None:
    """An address of towns.toml, ours or another's."""
    return datasette.urls.path(address) if address and address.startswith("/") else web_address(address)
