"""A process of its own in which a visitor's SQL runs, with limits that the kernel holds: within one call of a function
nothing else can stop SQLite. ``free_sql.py`` starts it; only the standard library is loaded, so that a start takes
25 ms of CPU time and 13 MB.

``python -P -S sandbox.py ADDRESS SECONDS`` reads jobs from stdin, each a pickled (sql, parameters, most rows or None,
seconds), and answers on stdout with messages: eight bytes of length, then a pickled (kind, content). Each job has
("columns", names), any number of ("rows", tuples) or at any time ("error", SQLite's words), and last ("end", seconds
left). After ("escape_fts", text) it waits for the pickled result. A statement that takes too long ends the process by
SIGALRM.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sqlite3
import sys
from collections.abc import Iterator
from itertools import islice

#: Bytes of address space: 16 MB are Python's, the rest is there for sorting and for values.
MEMORY = 128_000_000
#: Bytes of one value, and of one message.
LONGEST = 5_000_000
#: Bytes after which rows are sent.
ENOUGH = 1 << 16

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
#: What Datasette allows, and what full-text search itself asks.
PRAGMAS = {
    *("database_list", "foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo", "page_count"),
    *("max_page_count", "page_size", "schema_version", "table_info", "table_xinfo", "data_version"),
}
FORBIDDEN = {"load_extension", "fts3_tokenizer"}


def main() -> None:
    address, seconds = sys.argv[1:]
    limit(int(seconds))
    conn = opened(address)
    while True:
        try:
            *question, left = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        messages = answers(conn, *question)
        message: bytes | None = b""
        while message is not None:
            signal.setitimer(signal.ITIMER_REAL, left)
            message = next(messages, None)
            left = signal.setitimer(signal.ITIMER_REAL, 0)[0]  # the clock stands still while somebody reads
            send(packed("end", left) if message is None else message)


def limit(seconds: int) -> None:
    """For good, with ``seconds`` of CPU time. Where the machine runs out of memory, this goes first."""
    os.nice(19)
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:  # no Linux, or one that is locked up
        pass
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # by SIGXCPU, then by force
    for name, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def opened(address: str) -> sqlite3.Connection:
    """Only for reading, and without temporary files."""
    conn = sqlite3.connect(address, uri=True, isolation_level=None)
    conn.execute("pragma temp_store = memory")
    conn.text_factory = lambda text: str(text, "utf-8", "replace")
    conn.create_function("escape_fts", 1, escape_fts, deterministic=True)  # type: ignore[arg-type]
    for name, most in LIMITS.items():
        conn.setlimit(name, most)
    conn.set_authorizer(allowed)
    return conn


def allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        good = first in PRAGMAS
    elif action == sqlite3.SQLITE_FUNCTION:
        good = second not in FORBIDDEN
    elif action == sqlite3.SQLITE_UPDATE:  # asked when a virtual table is opened; SQLite refuses the real thing itself
        good = first == "sqlite_master"
    else:
        good = action in READING
    return sqlite3.SQLITE_OK if good else sqlite3.SQLITE_DENY


def escape_fts(text: object) -> object:
    """plugins/search.py's, which is too large to be loaded here: whoever started this answers."""
    send(packed("escape_fts", text))
    return pickle.load(sys.stdin.buffer)


def answers(conn: sqlite3.Connection, sql: str, parameters: object, most: int | None) -> Iterator[bytes]:
    rows: list[tuple[object, ...]] = []
    try:
        cursor = conn.execute(sql, parameters)  # type: ignore[arg-type]  # a list or a dict
        yield packed("columns", [column[0] for column in cursor.description or ()])
        size = 0
        for row in islice(cursor, most):
            rows.append(row)
            size += sum(len(value) if isinstance(value, (str, bytes)) else 8 for value in row)
            if size > ENOUGH:
                yield packed("rows", rows)
                rows, size = [], 0
        yield packed("rows", rows)
    except MemoryError:
        rows.clear()
        yield OUT_OF_MEMORY
    except Exception as error:  # SQLite's, and what Python's module says of statements and values
        yield packed("error", str(error))


def packed(kind: str, content: object) -> bytes:
    message = pickle.dumps((kind, content))
    if len(message) > LONGEST:
        raise sqlite3.DataError("string or blob too big")
    return message


OUT_OF_MEMORY = packed("error", "out of memory")


def send(message: bytes) -> None:
    sys.stdout.buffer.write(len(message).to_bytes(8, "big") + message)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
