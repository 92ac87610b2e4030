"""The pages for citizens: every address, and the forms it comes in (page, .json, .csv)."""

import csv
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from ratsdaten.serving.answers import (
    SITE_POLICY,
    Problem,
    absolute,
    answer,
    only_reading,
    problem_headers,
    web_address,
)
from ratsdaten.serving.town import about, link, read, source, town
from ratsdaten.site import addresses
from ratsdaten.site.page import Loader, Moved, Page
from ratsdaten.site.routes import ROUTES
from ratsdaten.site.words import FILTERS

View = Callable[[Datasette, Request], Awaitable[Response]]


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    return [(pattern, view(loader)) for pattern, loader in ROUTES.items()]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.trim_blocks = env.lstrip_blocks = True  # pages without a blank line for every tag
    env.filters |= FILTERS
    env.globals |= {"adresse": addresses, "web_address": web_address}


@hookimpl
def extra_template_vars(datasette: Datasette) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def frame() -> dict[str, Any]:
        """What templates/base.html says on every page, Datasette's own included."""
        try:
            database = await town(datasette)
        except Problem:
            return {"site": {"title": datasette.metadata("title"), "notice": None}}
        return {
            "site": {
                "title": datasette.metadata("title"),
                "notice": about(datasette, database.name, "notice"),
                "source": source(datasette, database),
                "source_url": link(datasette, about(datasette, database.name, "source_url")),
                "licence": about(datasette, database.name, "license"),
                "database": database.name,
            }
        }

    return frame


def view(loader: Loader) -> View:
    async def shown(datasette: Datasette, request: Request) -> Response:
        form = request.url_vars.get("form") or ""
        try:
            only_reading(request)
            database = await town(datasette)
            key = request.url_vars.get("key") or ""
            page = await read(database, lambda conn: loader(conn, key, request.args))
        except Moved as moved:
            path, _, fragment = moved.path.partition("#")
            target = datasette.urls.path(path + form) + (f"#{fragment}" if fragment and not form else "")
            return Response.redirect(target, status=301 if moved.for_good else 302)
        except Problem as problem:
            return await problem_answer(datasette, request, form, problem)
        if form == ".json":
            content = json.dumps(page.data, ensure_ascii=False, indent=1).encode()
            return answer(datasette, request, content, "application/json; charset=utf-8")
        if form == ".csv":
            return answer(datasette, request, table(page), "text/csv; charset=utf-8")
        context = {"page": page, "absolute": absolute(datasette, request), **page.data}
        html = await datasette.render_template(f"seiten/{page.template}", context, request)
        return answer(datasette, request, html.encode(), "text/html; charset=utf-8", SITE_POLICY)

    return shown


def table(page: Page) -> bytes:
    found = page.rows or []
    file = io.StringIO()
    writer = csv.DictWriter(file, list(found[0]) if found else [], extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(found)
    return file.getvalue().encode()


async def problem_answer(datasette: Datasette, request: Request, form: str, problem: Problem) -> Response:
    found = problem_headers(datasette, SITE_POLICY, problem.status)
    if form:
        error = {"ok": False, "status": problem.status, "error": problem.message}
        return Response.json(error, status=problem.status, headers=found)
    context = {"status": problem.status, "message": problem.message}
    html = await datasette.render_template("seiten/fehler.html", context, request)
    return Response.html(html, problem.status, found)
