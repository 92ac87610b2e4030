"""Datasette's own pages in German, and what it answers when something goes wrong."""

import re
import sqlite3
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from ratsdaten.serving import german
from ratsdaten.serving.answers import SITE_POLICY, Problem, answer, problem_headers
from ratsdaten.serving.templates import render

UNEXPECTED = "Beim Erstellen dieser Seite ist etwas schiefgegangen. Der Fehler liegt bei uns, nicht bei Ihnen."
UNREADABLE = "Mit den Angaben in dieser Adresse lässt sich keine Seite erstellen."


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.add_extension(german.InGerman)
    env.filters |= {"deutsch": german.german, "wert": german.value}
    env.globals |= {"auswahl": german.selection, "zeile": german.row_title}


@hookimpl
def startup() -> None:
    # Datasette runs every handler, and its own prints all variables of each 404 where rich is installed (0.1 s).
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


@hookimpl
def register_routes() -> list[tuple[str, Callable[[Datasette, Request], Response]]]:
    return [(f"^{re.escape(address)}$", script(name)) for address, name in german.scripts().items()]


def script(name: str) -> Callable[[Datasette, Request], Response]:
    def sent(datasette: Datasette, request: Request) -> Response:
        return answer(datasette, german.script(name), "text/javascript; charset=utf-8")

    return sent


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    async def said() -> Response:
        status, english = reason(request, exception)
        if status == 500:
            traceback.print_exception(exception, file=sys.stderr)
        otherwise = UNEXPECTED if status == 500 else UNREADABLE
        message = english if isinstance(exception, Problem) else german.german(english, otherwise)
        if request.path.endswith((".json", ".csv")):
            error = {"ok": False, "status": status, "error": message, "title": None}
            return Response.json(error, status=status, headers=problem_headers(datasette, SITE_POLICY, status))
        # SQLite's own words help those who write SQL.
        detail = english if status == 400 and english not in (message, "interrupted") else None
        asked = dict(parse_qsl(request.query_string, keep_blank_values=True)) if status == 400 else None
        return await page(datasette, request, status, message, detail, asked)

    return said


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Callable[[], Awaitable[Response]]:
    return lambda: page(datasette, request, 403, german.german(message, "Das ist nicht freigegeben."))


async def page(
    datasette: Datasette,
    request: Request,
    status: int,
    message: str,
    detail: str | None = None,
    asked: dict[str, str] | None = None,
) -> Response:
    """``asked``: what the reader wrote, to be mended where it is SQL."""
    context = {"status": status, "message": message, "detail": detail, "asked": asked}
    html = await render(datasette, "seiten/fehler.html", context, request)
    return Response.html(html, status, problem_headers(datasette, SITE_POLICY, status))


def reason(request: Request, exception: Exception) -> tuple[int, str]:
    """The HTTP status, and what Datasette or SQLite says about it.

    Datasette answers 500 for much that is the reader's wish: a column to sort by that is not there, a size that is no
    number. On its pages such errors come from what the address says after the question mark.
    """
    asked = "database" in (request.url_vars or {}) and bool(request.query_string)
    if isinstance(exception, Problem):
        return exception.status, exception.message
    if isinstance(exception, QueryInterrupted):
        return 400 if asked else 503, "interrupted"
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0] if exception.args else "")
    if isinstance(exception, DatasetteError):
        message = "interrupted" if exception.message_is_html else exception.message  # it says so with a form around
        return 400 if asked and exception.status == 500 else exception.status, message
    if asked and isinstance(
        exception, (ValueError, LookupError, TypeError, OverflowError, RecursionError, sqlite3.Error)
    ):
        return 400, str(exception) if isinstance(exception, sqlite3.Error) else ""
    return 500, str(exception)
