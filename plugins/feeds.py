"""What people subscribe to: Atom feeds (.atom) and calendars (.ics)."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.feeds import atom, calendar, sources
from ratsdaten.serving.answers import DATA_POLICY, Problem, absolute, answer, problem_headers
from ratsdaten.serving.town import about, read, title, town
from ratsdaten.site.page import Arguments, Moved

View = Callable[[Datasette, Request], Awaitable[Response]]
#: Content, content type and further headers.
Made = tuple[bytes, str, dict[str, str]]


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    feeds = [(pattern, view(feed, source)) for pattern, source in sources.SOURCES.items()]
    return feeds + [(pattern, view(appointments, source)) for pattern, source in calendar.SOURCES.items()]


def feed(datasette: Datasette, request: Request, database: Database, found: sources.Feed) -> Made:
    licence = about(datasette, database.name, "license")
    content = atom.render(found, absolute(datasette, request), title(datasette, database), licence)
    return content, atom.CONTENT_TYPE, {}


def appointments(datasette: Datasette, request: Request, database: Database, found: calendar.Meetings) -> Made:
    content = calendar.render(found, absolute(datasette, request), title(datasette, database))
    return (
        content,
        calendar.CONTENT_TYPE,
        {"Content-Disposition": f'inline; filename="{quote(found.name, safe="")}.ics"'},
    )


def view(render: Callable[..., Made], source: Callable[[Any, str, Arguments], Any]) -> View:
    async def subscribed(datasette: Datasette, request: Request) -> Response:
        try:
            database = await town(datasette)
            key = unquote(request.url_vars.get("key") or "")
            content, content_type, more = await read(
                database, lambda conn: render(datasette, request, database, source(conn, key, request.args))
            )
        except Moved as moved:
            ending = request.path[request.path.rindex(".") :]
            return Response.redirect(datasette.urls.path(moved.path + ending), status=301 if moved.for_good else 302)
        except Problem as problem:
            return Response.text(
                problem.message, problem.status, problem_headers(datasette, DATA_POLICY, problem.status)
            )
        return answer(datasette, content, content_type, more=more)

    return subscribed
