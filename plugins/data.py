"""Taking the data along: /daten, its files, and Datasette's tables and queries as complete files."""

import json
import os
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import Request, Response

from ratsdaten.export.archive import archive
from ratsdaten.export.download import Sent, download
from ratsdaten.export.forms import FORMS, Form
from ratsdaten.export.listing import Listing, listing
from ratsdaten.export.package import package
from ratsdaten.export.reading import reading, within
from ratsdaten.export.tables import Table, described
from ratsdaten.serving.answers import Problem, absolute, answer
from ratsdaten.serving.free_sql import LONGEST, threads, visiting
from ratsdaten.serving.pages import JSON, problem_answer, respond
from ratsdaten.serving.town import about, link, read, source, title, town
from ratsdaten.site.data import data_page
from ratsdaten.site.page import Moved, Page
from ratsdaten.site.routes import FORM

_ENDINGS = "|".join(map(re.escape, FORMS))


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    files = [database.route for database in datasette.databases.values() if database.path]
    names = "|".join(re.escape(tilde_encode(route)) for route in files) or "(?!)"
    return [
        (rf"^/daten{FORM}", overview),
        (r"^/daten/datapackage\.json$", guarded(describing)),
        (r"^/daten/(?P<name>[^/]+)\.zip$", guarded(everything)),
        (rf"^/daten/(?P<table>[^/.]+)\.(?P<form>{_ENDINGS})$", guarded(whole_table)),
        (r"^/daten/(?P<table>[^/.]+)/?$", section),
        # What Datasette calls CSV ends at its page; ours is complete.
        (rf"^/(?P<database>{names})(?:/(?P<table>[^/.]+))?\.(?P<form>csv|excel\.csv|jsonl)$", guarded(selected)),
        # Datasette shows its page under any other ending.
        (rf"^/(?:{names})(?:/[^/]+)*\.(?!(?:json|jsono|csv|db)$)\w+$", no_form),
    ]


def guarded(view: Callable[[Datasette, Request], Awaitable[Sent]]) -> Callable[..., Any]:
    """A problem is said as data, as files are asked for by programs, too."""

    async def shown(datasette: Datasette, request: Request) -> Sent:
        try:
            return await view(datasette, request)
        except Problem as problem:
            return await problem_answer(datasette, request, ".json", problem)

    return shown


async def overview(datasette: Datasette, request: Request) -> Response:
    async def load(database: Database) -> Page:
        tables = await tables_of(datasette, database)
        queries = await datasette.get_canned_queries(database.name, request.actor)
        file = f"/{database.route}.db" if datasette.setting("allow_download") and not database.is_mutable else None
        return await read(
            database,
            lambda conn: data_page(
                conn,
                tables,
                list(queries.values()),
                database=database.route,
                file=file,
                size=os.path.getsize(str(database.path)),
                limits={
                    "seconds": datasette.setting("sql_time_limit_ms") / 1000,
                    "rows": datasette.setting("max_returned_rows"),
                    "export_seconds": LONGEST,
                },
            ),
        )

    return await respond(datasette, request, load)


async def no_form(datasette: Datasette, request: Request) -> Response:
    problem = Problem(
        404, "In dieser Form gibt es das hier nicht, aber ohne Endung und als .json, Tabellen auch als .csv."
    )
    return await problem_answer(datasette, request, "", problem)


async def section(datasette: Datasette, request: Request) -> Response:
    """A table's address without a form leads to where its forms are listed."""

    async def load(database: Database) -> Page:
        raise Moved(f"/daten#{(await asked(datasette, database, request.url_vars['table'])).name}", for_good=False)

    return await respond(datasette, request, load)


async def whole_table(datasette: Datasette, request: Request) -> Sent:
    database, ending = await town(datasette), request.url_vars["form"]
    table = await asked(datasette, database, request.url_vars["table"])

    def pieces() -> Iterator[bytes]:
        with reading(datasette, database) as conn:
            yield from written(conn, table, FORMS[ending])

    filename = f"{database.name}-{table.name}.{ending}"
    return await download(datasette, request, filename, FORMS[ending].content_type, pieces())


async def everything(datasette: Datasette, request: Request) -> Sent:
    database = await town(datasette)
    if unquote(request.url_vars["name"]) != database.route:
        raise Problem(404, f"Das gibt es hier nicht. Alle Tabellen zusammen: /daten/{database.route}.zip")
    tables = await tables_of(datasette, database)
    contents = described_package(datasette, request, database, tables)

    def files(conn: sqlite3.Connection) -> Iterator[tuple[str, Iterable[bytes]]]:
        yield "datapackage.json", [contents]
        for table in tables:
            yield f"{table.name}.csv", written(conn, table, FORMS["csv"])

    def pieces() -> Iterator[bytes]:
        with reading(datasette, database) as conn:
            # A table's text stands in the database at least once; quotes are doubled.
            yield from archive(files(conn), largest=2 * os.path.getsize(str(database.path)))

    return await download(datasette, request, f"{database.name}.zip", "application/zip", pieces())


async def describing(datasette: Datasette, request: Request) -> Sent:
    database = await town(datasette)
    found = described_package(datasette, request, database, await tables_of(datasette, database))
    return answer(datasette, found, JSON)


async def selected(datasette: Datasette, request: Request) -> Sent:
    """A table or query page of Datasette, whole: ``/herne/votes.excel.csv?contested=1``, ``/herne.csv?sql=…``."""
    names, form = request.url_vars, FORMS[request.url_vars["form"]]
    database = datasette.get_database(route=tilde_decode(names["database"]))
    path = f"/{names['database']}" + (f"/{names['table']}" if names["table"] else "")
    found = await listing(datasette, request, database, path)

    def pieces() -> Iterator[bytes]:
        with reading(datasette, database) as conn:
            yield from within(LONGEST, conn, chosen(conn, found, form))

    filename = f"{names['table'] or names['database']}.{names['form']}"
    if visit := visiting():
        answer = visit.ask(database, found.sql, found.parameters, found.rows)
        return await download(datasette, request, filename, form.content_type, free(answer, form), threads)
    return await download(datasette, request, filename, form.content_type, pieces())


def free(answer: Iterator[list[Any]], form: Form) -> Iterator[bytes]:
    columns = next(answer)
    yield from form.write(columns, chain.from_iterable(answer))


def chosen(conn: sqlite3.Connection, found: Listing, form: Form) -> Iterator[bytes]:
    cursor = conn.execute(found.sql, found.parameters)
    yield from form.write([column[0] for column in cursor.description], islice(cursor, found.rows))


async def tables_of(datasette: Datasette, database: Database) -> list[Table]:
    entries = ((datasette.metadata("databases") or {}).get(database.name) or {}).get("tables") or {}
    return await read(database, lambda conn: described(conn, entries))


async def asked(datasette: Datasette, database: Database, name: str) -> Table:
    """Raises Problem (404)."""
    for table in await tables_of(datasette, database):
        if table.name == unquote(name):
            return table
    raise Problem(404, "Diese Tabelle gibt es hier nicht. Alle Tabellen stehen auf der Seite /daten.")


def described_package(datasette: Datasette, request: Request, database: Database, tables: list[Table]) -> bytes:
    address = link(datasette, about(datasette, database.name, "source_url")) or ""
    found = package(
        database.name,
        title=title(datasette, database),
        description=about(datasette, database.name, "description"),
        tables=tables,
        source=source(datasette, database),
        source_url=address if "://" in address else None,
        home=absolute(datasette, request)("/"),
    )
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def written(conn: sqlite3.Connection, table: Table, form: Form) -> Iterator[bytes]:
    return form.write([column.name for column in table.columns], conn.execute(table.select))
