"""How fresh the data are: /status, and /status.json for a monitor that asks every few seconds."""

import asyncio
import json
import os
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten import clock
from ratsdaten.serving.pages import respond
from ratsdaten.serving.town import about, read, release
from ratsdaten.site import status
from ratsdaten.site.page import Page, Row

#: What a database says of itself, read once a release.
_kept: WeakKeyDictionary[Database, tuple[Hashable, asyncio.Future[Row]]] = WeakKeyDictionary()


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [(r"^/status(?P<form>\.json)?/?$", shown)]


async def shown(datasette: Datasette, request: Request) -> Response:
    async def load(database: Database) -> Page:
        now = clock.now()
        found = await facts(database, now) | {"failed_run": failed_run(str(database.path))}
        # Which release this is: its name and the SHA-256 of its file; both null where a crawl may replace the file.
        found |= {"release": {"name": datasette.version_note, "database": database.hash}}
        return status.status(found, now, about(datasette, database.name, "notice"))

    return await respond(datasette, request, load)


def failed_run(path: str) -> Row | None:
    """What the crawl says beside the file of a run since that was not published (scraper/release.py)."""
    try:
        with open(f"{os.path.realpath(path)}.failed", encoding="utf-8") as file:
            note = json.loads(file.read(10_000))
        return {name: str(note[name]) for name in ("mode", "failed_at")}  # the sentence names paths
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


async def facts(database: Database, now: datetime) -> Row:
    """Asked for by several at once it is read once."""
    state = release(database)
    kept = _kept.get(database)
    if kept is None or kept[0] != state or (kept[1].done() and kept[1].exception()):
        reading = asyncio.ensure_future(read(database, lambda conn: status.facts(conn, now)))
        kept = _kept[database] = state, reading
    return await asyncio.shield(kept[1])
