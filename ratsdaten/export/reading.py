"""Reading for as long as somebody takes a file along: a connection of its own, one state of the data, bounded work."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm


@contextmanager
def reading(datasette: Datasette, database: Database) -> Iterator[sqlite3.Connection]:
    """Read only, for any thread; all statements see the data as they are now, whatever is written meanwhile."""
    mode = "mode=ro" if database.is_mutable else "immutable=1"
    address = f"{Path(database.path).absolute().as_uri()}?{mode}"
    conn = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
    try:
        conn.text_factory = lambda text: str(text, "utf-8", "replace")
        pm.hook.prepare_connection(conn=conn, database=database.name, datasette=datasette)
        conn.execute("begin")
        yield conn
    finally:
        conn.close()


def within(seconds: float, conn: sqlite3.Connection, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, or sqlite3.OperationalError (interrupted) once they took so long to make. Waiting for whoever takes
    them costs nothing."""
    end = 0.0
    conn.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    while True:
        started = time.monotonic()
        end = started + seconds
        piece = next(pieces, b"")
        seconds -= time.monotonic() - started
        if not piece:
            return
        yield piece
