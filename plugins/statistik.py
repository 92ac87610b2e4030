"""The statistics as pages. Their figures come from the canned queries of metadata.yml, which only Datasette knows."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.embedding.figures import find
from ratsdaten.embedding.wishes import Wish, selection
from ratsdaten.serving.answers import Problem
from ratsdaten.serving.pages import respond
from ratsdaten.serving.town import canned, read
from ratsdaten.site import statistics
from ratsdaten.site.page import Page, one, rows
from ratsdaten.site.routes import FORM
from ratsdaten.statistics import STATISTICS


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [
        (rf"^/statistik{FORM}", overview),
        (rf"^/statistik/(?P<key>[^/.]+){FORM}", statistic),
    ]


async def overview(datasette: Datasette, request: Request) -> Response:
    async def load(database: Database) -> Page:
        texts = await titles(datasette, database)
        as_of = await read(database, lambda conn: one(conn, "as_of"))
        return statistics.overview(texts, as_of["as_of"] if as_of else None)

    return await respond(datasette, request, load)


async def statistic(datasette: Datasette, request: Request) -> Response:
    name, form = unquote(request.url_vars["key"]), request.url_vars["form"]

    async def load(database: Database) -> Page:
        if name not in STATISTICS:
            raise Problem(404, "Diese Statistik gibt es nicht.")
        texts = await titles(datasette, database)
        bodies = await read(database, lambda conn: rows(conn, "meeting_bodies"))
        try:
            wish = Wish("statistik", name, parameters=selection(STATISTICS[name].parameters, request.args))
            return statistics.statistic(await find(datasette, wish), texts, bodies)
        except Problem as problem:
            if form or problem.status >= 500:
                raise
            return statistics.not_understood(name, texts, bodies, request.args, problem.status, problem.message)

    return await respond(datasette, request, load)


async def titles(datasette: Datasette, database: Database) -> statistics.Texts:
    return {name: await canned(datasette, database.name, name) for name in STATISTICS}
