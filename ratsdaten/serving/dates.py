"""A canned query compares days as the tables write them, so von=31.10.2025 moves to von=2025-10-31."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import Response

from ratsdaten.embedding.wishes import day_or_period
from ratsdaten.statistics import PERIOD

from .answers import Problem
from .asgi import App, Receive, Scope, Send


def layer(datasette: Datasette, app: App) -> App:
    async def moving(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope.get("query_string", b"").decode("latin-1")
        found = in_iso(query) if scope["type"] == "http" else query
        if found != query and await _is_canned(datasette, scope["path"]):
            await Response.redirect(f"?{found}").asgi_send(send)
        else:
            await app(scope, receive, send)

    return moving


def in_iso(query: str) -> str:
    """The query string with the German days of von and bis as ISO days; as it is where there are none."""
    if "von=" not in query and "bis=" not in query:
        return query
    given = parse_qsl(query, keep_blank_values=True)
    found = [(name, _iso_day(name, value) if name in PERIOD else value) for name, value in given]
    return query if found == given else urlencode(found)


def _iso_day(name: str, text: str) -> str:
    try:
        return day_or_period(name, text.strip())
    except Problem:  # the query finds nothing
        return text


async def _is_canned(datasette: Datasette, path: str) -> bool:
    *_, route, name = path.split("/")  # whatever base_url puts before
    with suppress(KeyError):
        database = datasette.get_database(route=tilde_decode(route))
        return await datasette.get_canned_query(database.name, tilde_decode(name.partition(".")[0]), None) is not None
    return False
