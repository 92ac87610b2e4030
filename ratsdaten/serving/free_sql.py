"""What a visitor writes in SQL is kept apart: it runs in a process of its own (sandbox.py), few of them at a time."""

from __future__ import annotations

import asyncio
import io
import logging
import math
import os
import pickle
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import tilde_decode
from datasette.utils.asgi import Request

from ratsdaten.export.tables import quoted
from ratsdaten.search import escape_fts

from . import sandbox
from .answers import Problem
from .asgi import App, Message, Receive, Scope, Send
from .cache import incomplete
from .pages import problem_answer
from .slow import watched

#: So many requests with free SQL are worked on at a time, and so many files of it are taken along.
PAGES, EXPORTS = 2, 2
#: Seconds that others wait for their turn.
WAIT = 2
#: Seconds of work (not of waiting) that a file may take as a whole.
LONGEST = 60
#: Seconds that a statement may have in any case where Datasette gives it no time of its own.
LEAST = 0.1
#: Seconds after which a request of each kind loses its process whatever it does.
LAST_PAGE, LAST_EXPORT = 30, 180
#: How far statements of Datasette's own step back behind what answers requests, by the kernel's measure.
NICE = 10
#: Bytes of all rows of a page, and values of one that is drawn as HTML, which takes 30 µs each.
MOST_BYTES, MOST_CELLS = sandbox.LONGEST, 20_000
#: Characters of a statement and of an address, and what it may fill in: Datasette reads them with slow patterns.
LONGEST_SQL, LONGEST_QUERY, MOST_ARGUMENTS = 10_000, 30_000, 100
#: A statement may have escape_fts called so often, for texts of so many characters.
MOST_CALLS, LONGEST_TEXT = 100, 1000

#: What in an address is free, beside counts of any columns (_facet…) and long pages (_size, in HTML): SQL, and the
#: full-text search's own language.
FREE = {"sql", "_where", "_searchmode"}
FULL = "Gerade laufen schon so viele freie Abfragen, wie hier gleichzeitig gehen. Bitte gleich noch einmal versuchen."
#: What the address of a file ends in, which may grow while it is sent.
FILES = {".csv", ".jsonl"}

_log = logging.getLogger("ratsdaten.sql")
#: One for each visit, so that none waits for another's.
threads = ThreadPoolExecutor(PAGES + EXPORTS, thread_name_prefix="free-sql")
_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)
_statement: ContextVar[str] = ContextVar("statement", default="what Datasette asks of its tables")

Value = TypeVar("Value")


class Refused(sqlite3.OperationalError):
    """What SQLite, or a limit, has against a visitor's statement."""


class _Plain(pickle.Unpickler):
    """Values alone: whoever breaks out of SQLite shall not get further by what he answers."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name}")


class Visit:
    """One request with free SQL for the database at ``route``: its process, and what is left of its time.

    ``only_first``: one row will do; ``cut``: no more rows than can be drawn soon.
    """

    def __init__(self, route: str, seconds: float, only_first: bool, cut: bool) -> None:
        self.route = route
        self.only_first = only_first
        self.cut = cut
        self._left = seconds
        self._over = False
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = asyncio.Lock()

    async def rows(
        self, database: Database, sql: str, parameters: Any, most: int | None, seconds: float
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows. Raises Refused and Problem."""

        def collected() -> tuple[list[str], list[tuple[Any, ...]]]:
            answer = self.ask(database, sql, parameters, most, seconds, MOST_BYTES)
            return next(answer), [row for rows in answer for row in rows]

        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(threads, collected)

    def ask(
        self,
        database: Database,
        sql: str,
        parameters: Any,
        most: int | None = None,
        seconds: float = math.inf,
        most_bytes: float = math.inf,
    ) -> Iterator[list[Any]]:
        """Column names, then any number of lists of rows. For one thread at a time. Raises Refused and Problem."""
        # The page has small statements of its own beside the visitor's, which shall not fail when these took all.
        seconds = min(seconds, max(self._left, 0 if seconds < math.inf else LEAST))
        if seconds <= 0 or self._over:
            raise Refused("interrupted")
        error, size, calls = None, 0, 0
        try:
            if self._process is None:
                self._process = started(database, math.ceil(max(self._left, seconds)) + 1)
            self._say((sql, parameters, most, seconds))
            while True:
                length, kind, content = self._heard()
                size += length
                if size > most_bytes:
                    self._stop()
                    raise Refused("answer too large")
                if kind == "end":
                    self._left -= seconds - content
                    break
                if kind == "error":
                    error = content
                elif kind == "escape_fts":
                    calls += 1
                    fits = calls <= MOST_CALLS and (not isinstance(content, str) or len(content) <= LONGEST_TEXT)
                    self._say(escape_fts(content) if fits else "")
                else:
                    yield content
        except (EOFError, OSError, pickle.UnpicklingError):
            self._left -= seconds
            raise Refused(self._cause()) from None
        if error is not None:
            raise Refused(error)

    def _say(self, what: object) -> None:
        assert self._process and self._process.stdin
        self._process.stdin.write(pickle.dumps(what))
        self._process.stdin.flush()

    def _heard(self) -> tuple[int, str, Any]:
        assert self._process and self._process.stdout
        length = int.from_bytes(self._process.stdout.read(8), "big")
        if not 0 < length <= sandbox.LONGEST:
            raise EOFError
        kind, content = _Plain(io.BytesIO(self._process.stdout.read(length))).load()
        return length, kind, content

    def _cause(self) -> str:
        """Why the process answers no more."""
        code = self._stop()
        if self._over or code in (-signal.SIGALRM, -signal.SIGXCPU):
            return "interrupted"
        _log.warning("A process for free SQL ended with %s.", code)
        return "out of memory" if code == -signal.SIGKILL else "query failed"

    def _stop(self) -> int:
        """The process's exit status, 0 where there is none. The next statement gets another process."""
        process, self._process = self._process, None
        if process is None:
            return 0
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what it did not read any more
                pipe.close()  # type: ignore[union-attr]
        return process.wait()

    def interrupt(self) -> None:
        """For good, whatever a thread does with the process just now."""
        self._over = True
        if process := self._process:
            process.kill()

    async def end(self) -> None:
        self.interrupt()
        await asyncio.get_running_loop().run_in_executor(threads, self._stop)


def started(database: Database, seconds: int) -> subprocess.Popen[bytes]:
    """Raises Problem (503) where the machine has no room for another process."""
    mode = "mode=ro" if database.is_mutable else "immutable=1"
    address = f"{Path(database.path).absolute().as_uri()}?{mode}"
    line = [sys.executable, "-P", "-S", sandbox.__file__, address, str(seconds)]
    # No secret for whoever breaks out of SQLite.
    environment = {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}
    try:
        return subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    except OSError as error:
        _log.error("No process for free SQL could be started: %s", error)
        raise Problem(503, FULL) from None


class File(Database):
    """A database of Datasette's whose statements go to the visit's process while there is a visit; the others make way
    for the answering of requests."""

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        visit = visiting()
        if visit is None or visit.route != self.route:
            try:
                with set_to(_statement, sql):
                    return await super().execute(sql, params, truncate, custom_time_limit, page_size, log_sql_errors)
            except QueryInterrupted:
                incomplete(sql)  # Datasette leaves out what it counts
                raise
        most = self.ds.max_returned_rows + (self.ds.max_returned_rows == (page_size or self.ds.page_size))
        given = dict(params) if isinstance(params, Mapping) else list(params or ())
        if visit.only_first:
            most = 1
        limit = custom_time_limit / 1000 if custom_time_limit else math.inf
        try:
            with watched(sql):
                columns, values = await visit.rows(self, sql, given, most + 1 if truncate else None, limit)
        except Refused as error:
            if error.args == ("interrupted",):
                incomplete(sql)
                raise QueryInterrupted(error, sql, params) from None
            raise
        if visit.cut:
            most = min(most, MOST_CELLS // max(1, len(columns)))
        cursor = sqlite3.connect(":memory:").execute(
            f"select {', '.join(f'null as {quoted(column)}' for column in columns) or 'null'}"
        )
        rows = [sqlite3.Row(cursor, row) for row in (values[:most] if truncate else values)]
        return Results(rows, truncate and len(values) > most, cursor.description)

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        statement = _statement.get()

        def calmly(conn: sqlite3.Connection) -> Any:
            if self.ds.executor:
                with suppress(OSError):  # only Linux knows a thread's
                    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
            with watched(statement):
                return fn(conn)

        return await super().execute_fn(calmly)


@contextmanager
def set_to(variable: ContextVar[Value], value: Value) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


@asynccontextmanager
async def turn(room: asyncio.Semaphore) -> AsyncIterator[None]:
    """Raises Problem (503) where all places are taken for too long."""
    try:
        async with asyncio.timeout(WAIT):
            await room.acquire()
    except TimeoutError:
        raise Problem(503, FULL) from None
    try:
        yield
    finally:
        room.release()


def database_of(datasette: Datasette, request: Request) -> Database | None:
    """Whose pages the request is about, as Datasette reads its address."""
    found = re.match("/*([^/.]+)", request.path.removeprefix(datasette.setting("base_url")))
    route = tilde_decode(found[1]) if found else None
    return next((database for database in datasette.databases.values() if database.route == route), None)


def check(request: Request) -> None:
    """Raises Problem (400) for more than Datasette reads in a short time."""
    query = request.query_string
    if len(query) > LONGEST_QUERY or query.count("&") >= MOST_ARGUMENTS:
        raise Problem(400, "Diese Adresse enthält zu viele Angaben.")
    if len(request.args.get("sql") or "") > LONGEST_SQL:
        raise Problem(400, f"Diese Abfrage ist zu lang; hier gehen bis zu {LONGEST_SQL} Zeichen.")


def form_of(request: Request) -> str:
    """What the address ends in: .json; nothing for a page."""
    return "".join(re.findall(r"\.\w+$", request.path))


def is_free(request: Request) -> bool:
    """Whether the address has something that may cost as much as the visitor likes."""
    names = set(request.args)
    long = "_size" in names and not form_of(request)
    return long or bool(names & FREE) or any(name.startswith("_facet") for name in names)


def visiting() -> Visit | None:
    """The visit that is being answered."""
    return _visit.get()


def install(datasette: Datasette) -> None:
    """In place of each database that is a file."""
    for name, database in list(datasette.databases.items()):
        if database.path:
            datasette.remove_database(name)
            kept_apart = File(datasette, database.path, database.is_mutable)
            datasette.add_database(kept_apart, name, database.route)


def layer(datasette: Datasette, app: App) -> App:
    pages, exports = asyncio.Semaphore(PAGES), asyncio.Semaphore(EXPORTS)

    async def kept_apart(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        request = Request({**scope, "csrftoken": str}, receive)  # templates call it; there is no form to send
        try:
            database = database_of(datasette, request)
            if database:
                check(request)
            if database is None or not is_free(request):
                return await app(scope, receive, send)
            export = form_of(request) in FILES
            seconds = LONGEST if export else datasette.setting("sql_time_limit_ms") / 1000
            inner = visiting() is not None  # an export, which has its turn, asks for the page that it is of
            cut = "sql" in request.args and not form_of(request)
            visit = Visit(database.route, seconds, only_first=inner, cut=cut)
            page: list[Message] = []

            async def collected(event: Message) -> None:
                page.append(event)

            async with nullcontext() if inner else turn(exports if export else pages):
                end = asyncio.get_running_loop().call_later(LAST_EXPORT if export else LAST_PAGE, visit.interrupt)
                try:
                    with set_to(_visit, visit):
                        await app(scope, receive, send if export else collected)
                finally:
                    end.cancel()
                    await visit.end()
            for event in page:  # however slowly it is read, the turn is over
                await send(event)
        except Problem as problem:
            await (await problem_answer(datasette, request, form_of(request), problem)).asgi_send(send)

    return kept_apart
