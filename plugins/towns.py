"""Several towns on one server: each has what metadata.yml says of every town and its own words of towns.toml; the host
name of a request says which one our pages are about."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any
from weakref import WeakKeyDictionary

from click import ClickException
from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from ratsdaten.serving.answers import Problem, answer
from ratsdaten.serving.colours import stylesheet
from ratsdaten.serving.pages import problem_answer
from ratsdaten.serving.town import about_town, here, of_host, towns
from ratsdaten.towns import Town, TownProblem

App = Callable[[Any, Any, Any], Awaitable[None]]
Entries = dict[str, dict[str, Any]]

#: Seconds that anybody may keep the colours.
MAX_AGE = 3600
#: What Datasette's table pages take from the table or the site, not from the database between.
OF_TABLES = ("source", "source_url", "license", "license_url", "about", "about_url")

_entries: WeakKeyDictionary[Datasette, Entries] = WeakKeyDictionary()


@hookimpl(tryfirst=True)
def startup(datasette: Datasette) -> None:
    try:
        found = towns(datasette)
        for town in found.values():
            stylesheet(town)
    except TownProblem as problem:
        raise ClickException(str(problem)) from None  # ends the start with one sentence
    shared = datasette.plugin_config("towns") or {}
    _entries[datasette] = {key: described(town, shared) for key, town in found.items()}


@hookimpl
def get_metadata(datasette: Datasette, database: str | None) -> dict[str, Entries]:
    """Only the database asked about: Datasette copies all of it for every table it shows."""
    found = _entries.get(datasette, {})
    return {"databases": {key: found[key] for key in ([database] if database else found) if key in found}}


@hookimpl(tryfirst=True)  # within plugins/renew.py: Datasette puts the first inside
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    def wrapped(app: App) -> App:
        async def chosen(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            with about_town(await of_host(datasette, host)):
                await app(scope, receive, send)

        return chosen

    return wrapped


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [(r"^/-/stadt\.css$", colours)]


def described(town: Town, shared: dict[str, Any]) -> dict[str, Any]:
    entry = deepcopy(shared) | dict(town.said)
    of_tables = {key: value for key, value in town.said.items() if key in OF_TABLES}
    return entry | {"tables": {name: table | of_tables for name, table in entry.get("tables", {}).items()}}


async def colours(datasette: Datasette, request: Request) -> Response:
    try:
        found = stylesheet(await here(datasette)).encode()
    except Problem as problem:
        return await problem_answer(datasette, request, ".json", problem)
    return answer(datasette, request, found, "text/css; charset=utf-8", max_age=MAX_AGE)
