"""What a visitor may ask of the server: SQL in a process apart, no value or pattern that eats memory or time."""

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.renderer import json_renderer

from ratsdaten.serving import free_sql, slices

#: Bytes; the longest text of a page is far below.
LONGEST_VALUE = 10_000_000
#: Characters of LIKE and GLOB: SQLite's time limit cannot stop inside one comparison.
LONGEST_PATTERN = 1000
#: Seconds for which a thread may keep Python's lock from others who want it.
LOCKED = 0.001


@hookimpl
def startup(datasette: Datasette) -> None:
    free_sql.install(datasette)
    sys.setswitchinterval(LOCKED)


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)


@hookimpl
def register_output_renderer() -> dict[str, Any]:
    """A large answer as JSON takes 0.1 s."""

    async def in_a_thread(args: Any, data: Any, view_name: str) -> Any:
        return await asyncio.to_thread(json_renderer, args, data, view_name)

    return {"extension": "json", "render": in_a_thread}


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.filters["in_slices"] = slices.in_slices


@hookimpl
def render_cell() -> Callable[[], Awaitable[None]] | None:
    return slices.rest if slices.due() else None
