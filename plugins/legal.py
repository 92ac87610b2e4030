"""What this is and who answers for it: /ueber, /impressum, /datenschutz, /barrierefreiheit."""

import sys
from collections.abc import Callable
from typing import Any

from click import ClickException
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.serving.answers import absolute
from ratsdaten.serving.pages import respond, respond_with
from ratsdaten.serving.town import home, read, served, title
from ratsdaten.site import about
from ratsdaten.site.operator import Details, Mistake, details, missing
from ratsdaten.site.page import Page


@hookimpl
def startup(datasette: Datasette) -> None:
    if gaps := missing(configured(datasette)):
        print(
            f"Warning: metadata.yml, plugins: site: {'; '.join(gaps)} – not filled in yet. "
            "/impressum and /datenschutz say so; fill it in before you publish this site.",
            file=sys.stderr,
        )


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [
        (r"^/ueber(?P<form>\.json)?/?$", overview),
        (r"^/impressum/?$", legal(about.imprint)),
        (r"^/datenschutz/?$", legal(about.privacy)),
        (r"^/barrierefreiheit/?$", legal(about.accessibility)),
    ]


def configured(datasette: Datasette) -> Details:
    """``plugins: site:`` of metadata.yml. Raises ClickException, which ends the start with one sentence."""
    try:
        return details(datasette.plugin_config("site") or {})
    except Mistake as mistake:
        raise ClickException(str(mistake)) from None


async def overview(datasette: Datasette, request: Request) -> Response:
    async def load(database: Database) -> Page:
        root = absolute(datasette, request)("/")
        towns = [
            {
                "name": town.name,
                "title": title(datasette, datasette.databases[town.key]),
                "url": home(town, root) or datasette.urls.database(town.key),
                "shown": town.key == database.name,
            }
            for town in await served(datasette)
        ]
        return await read(database, lambda conn: about.about(conn, configured(datasette), towns))

    return await respond(datasette, request, load)


def legal(make: Callable[[Details], Page]) -> Callable[..., Any]:
    async def shown(datasette: Datasette, request: Request) -> Response:
        return await respond_with(datasette, request, make(configured(datasette)))

    return shown
