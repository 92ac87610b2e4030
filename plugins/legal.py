"""What this is and who answers for it: /ueber, /impressum, /datenschutz, /barrierefreiheit, security.txt."""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from click import ClickException
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.clock import now
from ratsdaten.serving.answers import Problem, absolute, answer
from ratsdaten.serving.pages import problem_answer, respond, respond_with
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
        (r"^/\.well-known/security\.txt$", security_txt),
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


async def security_txt(datasette: Datasette, request: Request) -> Response:
    """Whom to tell of a hole (RFC 9116); as it is made anew each day, it always holds for half a year."""
    if not (email := configured(datasette)["operator"]["email"]):
        problem = Problem(404, "Der Betreiber hat noch keine E-Mail-Adresse eingetragen.")
        return await problem_answer(datasette, request, "", problem)
    expires = (now() + timedelta(days=180)).date()
    text = (
        f"Contact: mailto:{quote(email, safe='@')}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: de, en\n"
        f"Canonical: {absolute(datasette, request)('/.well-known/security.txt')}\n"
    )
    return answer(datasette, text.encode(), "text/plain; charset=utf-8")
