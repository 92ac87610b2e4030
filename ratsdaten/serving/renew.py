"""A file that a crawl has replaced is opened anew while the server runs: readers see the new state at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from datasette.app import Datasette
from datasette.database import Database

from .asgi import App, Receive, Scope, Send
from .town import opened


def layer(datasette: Datasette, app: App) -> App:
    for database in datasette.databases.values():
        _is_replaced(database)

    async def renewed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for name, database in list(datasette.databases.items()):
                if _is_replaced(database):
                    _renew(datasette, name, database)
        await app(scope, receive, send)

    return renewed


def _is_replaced(database: Database) -> bool:
    """Whether another file has taken the place of the one this was opened as, seen by the file's own number."""
    try:
        number = os.stat(database.path).st_ino if database.path and database.is_mutable else None
    except OSError:
        return False
    return number is not None and opened.setdefault(database, number) != number


def _renew(datasette: Datasette, name: str, database: Database) -> None:
    """Requests under way end on the old file, which is closed with the last of Datasette's threads that read it."""
    datasette.remove_database(name)
    _is_replaced(datasette.add_database(type(database)(datasette, path=database.path), name=name))
    if datasette.executor:
        datasette.executor.shutdown(wait=False)
        datasette.executor = ThreadPoolExecutor(max_workers=datasette.setting("num_sql_threads"))
