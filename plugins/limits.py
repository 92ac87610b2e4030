"""No single value may eat the server's memory: SQLite's time limit cannot stop inside one function call."""

import sqlite3

from datasette import hookimpl

#: Bytes; the longest text of a page is far below.
LONGEST_VALUE = 10_000_000


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
