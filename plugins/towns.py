"""Several towns on one server: each has what metadata.yml says of every town and its own words of towns.toml."""

from collections.abc import Callable
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
from ratsdaten.serving.town import here, towns
from ratsdaten.towns import Town, TownProblem

Entries = dict[str, dict[str, Any]]

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
    return answer(datasette, found, "text/css; charset=utf-8")
