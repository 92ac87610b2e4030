"""How a page of the site is sent: as HTML, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.export.forms import FORMS, Form
from ratsdaten.site.page import Moved, Page

from .answers import DATA_POLICY, SITE_POLICY, Problem, absolute, answer, problem_headers
from .templates import render
from .town import read, town

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


async def respond(datasette: Datasette, request: Request, load: Callable[[Database], Awaitable[Page]]) -> Response:
    """The page that ``load`` makes, in the form the address ends in, or what it raises (Problem, Moved)."""
    form = request.url_vars.get("form") or ""
    try:
        database = await town(datasette)
        page = await load(database)
        return await made(datasette, request, database, page)
    except Moved as moved:
        path, _, fragment = moved.path.partition("#")
        path, mark, query = path.partition("?")
        target = datasette.urls.path(path + form + mark + query) + (f"#{fragment}" if fragment and not form else "")
        return Response.redirect(target, status=301 if moved.for_good else 302)
    except Problem as problem:
        return await problem_answer(datasette, request, form, problem)


async def made(datasette: Datasette, request: Request, database: Database, page: Page) -> Response:
    form = request.url_vars.get("form")
    if form == ".json":
        content = json.dumps(page.data, ensure_ascii=False, indent=1).encode()
        return finished(datasette, page, content, JSON, DATA_POLICY)
    if form:
        if page.rows is None:
            raise Problem(404, "Diese Seite gibt es nicht als Tabelle (CSV), nur als JSON.")
        kind = FORMS[form.removeprefix(".")]
        content = await read(
            database, lambda conn: table(page.rows(conn) if callable(page.rows) else page.rows or (), kind)
        )
        return finished(datasette, page, content, kind.content_type, DATA_POLICY)
    return await respond_with(datasette, request, page)


async def respond_with(datasette: Datasette, request: Request, page: Page) -> Response:
    """A page as HTML; for one that needs no database."""
    context = {"page": page, "absolute": absolute(datasette, request), **page.data}
    content = (await render(datasette, f"seiten/{page.template}", context, request)).encode()
    return finished(datasette, page, content, HTML, SITE_POLICY)


def finished(datasette: Datasette, page: Page, content: bytes, content_type: str, policy: str) -> Response:
    response = answer(datasette, content, content_type, policy)
    response.status = page.status
    if page.status != 200 or not page.lasting:
        response.headers |= problem_headers(datasette, policy, page.status)
    return response


def table(rows: Iterable[Mapping[str, Any]], form: Form) -> bytes:
    rows = iter(rows)
    first = next(rows, None)
    columns = list(first or ())
    listed = chain([first] if first else [], rows)
    return b"".join(form.write(columns, ([row.get(column) for column in columns] for row in listed)))


async def problem_answer(datasette: Datasette, request: Request, form: str, problem: Problem) -> Response:
    found = problem_headers(datasette, SITE_POLICY, problem.status)
    if form:
        error = {"ok": False, "status": problem.status, "error": problem.message}
        return Response.json(error, status=problem.status, headers=found)
    context = {"status": problem.status, "message": problem.message}
    html = await render(datasette, "seiten/fehler.html", context, request)
    return Response.html(html, problem.status, found)
