"""How a page of the site is sent: as HTML, JSON or CSV, and kept in memory while its data are as they were."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.export.forms import FORMS, Form
from ratsdaten.site.page import Moved, Page

from .answers import DATA_POLICY, SITE_POLICY, Problem, absolute, answer, etag_of, problem_headers
from .kept import Kept
from .town import read, release, town

#: Bytes of all answers kept, and of the largest; a page has some 30 kB.
ROOM, LARGEST = 32_000_000, 500_000

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer but for what each reader's own request says."""

    content: bytes
    content_type: str
    policy: str
    etag: str


_kept: WeakKeyDictionary[Datasette, Kept[Ready]] = WeakKeyDictionary()


async def respond(datasette: Datasette, request: Request, load: Callable[[Database], Awaitable[Page]]) -> Response:
    """The page that ``load`` makes, in the form the address ends in, or what it raises (Problem, Moved)."""
    form = request.url_vars.get("form") or ""
    try:
        database = await town(datasette)
        # Before the rows are read: what is written meanwhile makes a new release of them. Addresses stand in a page.
        key = release(database), request.scheme, request.host, request.full_path
        kept = _kept.setdefault(datasette, Kept(ROOM))
        personal = request.actor or "ds_messages" in request.cookies  # Datasette's, to somebody who logged in
        ready = None if personal else kept.get(key)
        if ready is None:
            page = await load(database)
            ready = await made(datasette, request, database, page)
            if page.status != 200:
                found = problem_headers(datasette, ready.policy, page.status)
                return Response(ready.content, page.status, found, ready.content_type)
            if page.lasting and not personal and len(ready.content) <= LARGEST:
                kept.put(key, ready, len(ready.content) + len(request.full_path))
    except Moved as moved:
        path, _, fragment = moved.path.partition("#")
        path, mark, query = path.partition("?")
        target = datasette.urls.path(path + form + mark + query) + (f"#{fragment}" if fragment and not form else "")
        return Response.redirect(target, status=301 if moved.for_good else 302)
    except Problem as problem:
        return await problem_answer(datasette, request, form, problem)
    return answer(datasette, request, ready.content, ready.content_type, ready.policy, etag=ready.etag)


async def respond_with(datasette: Datasette, request: Request, page: Page) -> Response:
    """A page that needs no database."""
    ready = await drawn(datasette, request, page)
    return answer(datasette, request, ready.content, ready.content_type, ready.policy, etag=ready.etag)


async def made(datasette: Datasette, request: Request, database: Database, page: Page) -> Ready:
    form = request.url_vars.get("form")
    if form == ".json":
        content = json.dumps(page.data, ensure_ascii=False, indent=1).encode()
        return Ready(content, JSON, DATA_POLICY, etag_of(content))
    if form:
        if page.rows is None:
            raise Problem(404, "Diese Seite gibt es nicht als Tabelle (CSV), nur als JSON.")
        kind = FORMS[form.removeprefix(".")]
        content = await read(
            database, lambda conn: table(page.rows(conn) if callable(page.rows) else page.rows or (), kind)
        )
        return Ready(content, kind.content_type, DATA_POLICY, etag_of(content))
    return await drawn(datasette, request, page)


async def drawn(datasette: Datasette, request: Request, page: Page) -> Ready:
    context = {"page": page, "absolute": absolute(datasette, request), **page.data}
    content = (await datasette.render_template(f"seiten/{page.template}", context, request)).encode()
    return Ready(content, HTML, SITE_POLICY, etag_of(content))


def table(rows: Iterable[Mapping[str, Any]], form: Form) -> bytes:
    """As a file, with the columns of the first row."""
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
    html = await datasette.render_template("seiten/fehler.html", context, request)
    return Response.html(html, problem.status, found)
