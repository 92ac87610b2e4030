"""What the search offers beside its page: all hits as a file, words while typing, datasette-search-all's address."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from ratsdaten.export.download import Download, download
from ratsdaten.export.forms import FORMS
from ratsdaten.export.reading import reading
from ratsdaten.search import Search, search, suggestions
from ratsdaten.serving.answers import Problem, absolute, answer
from ratsdaten.serving.pages import JSON, problem_answer
from ratsdaten.serving.town import read, town
from ratsdaten.site.search import EXPORT_COLUMNS, exported, unknown


@hookimpl
def startup(datasette: Datasette) -> None:
    Thread(target=warm, args=[datasette], daemon=True).start()


def warm(datasette: Datasette) -> None:
    """The first search reads lexicon and catalog, which takes half a second: no visitor shall wait for it."""
    for database in list(datasette.databases.values()):
        if database.path:
            with suppress(sqlite3.Error), reading(datasette, database) as conn:
                search(conn, Search("Rat"))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [
        (r"^/suche\.(?P<form>csv|excel\.csv)$", everything),
        (r"^/suche/alle\.(?P<form>json)$", everything),
        (r"^/suche/vorschlaege$", words),
        (r"^/-/search(?:\.json)?$", moved),
    ]


async def everything(datasette: Datasette, request: Request) -> Response | Download:
    """Every hit in the order of the pages, however many; the file grows while it is sent."""
    name = request.url_vars["form"]
    try:
        database = await town(datasette)
        wanted = Search.from_arguments(request.args)
        # A file cannot say that a filter was left out.
        if problems := [*wanted.problems, *await read(database, lambda conn: unknown(conn, wanted))]:
            raise Problem(400, " ".join(problems))

        def pieces() -> Iterator[bytes]:
            with reading(datasette, database) as conn:
                yield from FORMS[name].write(EXPORT_COLUMNS, exported(conn, wanted, absolute(datasette, request)))

        return await download(datasette, request, f"suche.{name}", FORMS[name].content_type, pieces())
    except Problem as problem:
        return await problem_answer(datasette, request, ".json", problem)


async def words(datasette: Datasette, request: Request) -> Response:
    """What the typed beginning may become, as a JSON list."""
    try:
        typed = (request.args.get("q") or "")[:100]
        found = await read(await town(datasette), lambda conn: suggestions(conn, typed))
    except Problem as problem:
        return await problem_answer(datasette, request, ".json", problem)
    return answer(datasette, json.dumps(found, ensure_ascii=False).encode(), JSON)


async def moved(datasette: Datasette, request: Request) -> Response:
    """datasette-search-all's fields and links lead here; our page searches all tables, in German."""
    query = request.args.get("q")
    return Response.redirect(datasette.urls.path("/suche") + (f"?{urlencode({'q': query})}" if query else ""))
