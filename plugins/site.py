"""The pages for citizens: every address, and the forms it comes in (page, .json, .csv)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.serving.answers import Problem, web_address
from ratsdaten.serving.pages import respond
from ratsdaten.serving.town import about, here, link, read, source, title
from ratsdaten.serving.version import static
from ratsdaten.site import addresses
from ratsdaten.site.comparison import compare
from ratsdaten.site.page import Loader, Page
from ratsdaten.site.routes import ROUTES
from ratsdaten.site.words import FILTERS
from ratsdaten.towns import Town

View = Callable[[Datasette, Request], Awaitable[Response]]

_frames: WeakKeyDictionary[Datasette, dict[str, dict[str, Any]]] = WeakKeyDictionary()


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    return [(pattern, view(loader)) for pattern, loader in ROUTES.items()]


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:
    env.trim_blocks = env.lstrip_blocks = True  # pages without a blank line for every tag
    env.filters |= FILTERS
    env.globals |= {
        "adresse": addresses,
        "web_address": web_address,
        "datei": partial(static, datasette),
        "vergleiche": compare,
        "verweis": partial(link, datasette),
    }


@hookimpl
def extra_template_vars(datasette: Datasette) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def found() -> dict[str, Any]:
        try:
            town = await here(datasette)
        except Problem:
            return {"site": {"title": datasette.metadata("title"), "notices": {}}}
        known = _frames.setdefault(datasette, {})
        if town.key not in known:
            known[town.key] = frame(datasette, town)
        return {"site": known[town.key]}

    return found


def frame(datasette: Datasette, town: Town) -> dict[str, Any]:
    """What templates/base.html says on every page, Datasette's own included."""
    database = datasette.databases[town.key]
    return {
        "title": title(datasette, database),
        "colours": town.accent is not None,
        "notices": {name: about(datasette, name, "notice") for name in datasette.databases},
        "source": source(datasette, database),
        "source_url": link(datasette, about(datasette, database.name, "source_url")),
        "licence": about(datasette, database.name, "license"),
        "database": database.name,
    }


def view(loader: Loader) -> View:
    async def shown(datasette: Datasette, request: Request) -> Response:
        async def load(database: Database) -> Page:
            key = unquote(request.url_vars.get("key") or "")
            return await read(database, lambda conn: loader(conn, key, request.args))

        return await respond(datasette, request, load)

    return shown
