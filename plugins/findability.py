"""How machines find us: /robots.txt, /sitemap.xml and its parts, /opensearch.xml; schema.org for the templates."""

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.findability import opensearch, sitemap
from ratsdaten.findability.json_ld import json_ld
from ratsdaten.findability.robots import robots
from ratsdaten.serving.answers import DATA_POLICY, Problem, absolute, answer, problem_headers
from ratsdaten.serving.town import read, title, town
from ratsdaten.site.page import number

View = Callable[[Datasette, Request], Awaitable[Response]]


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    return [
        (r"^/robots\.txt$", view(robots_txt, "text/plain; charset=utf-8")),
        (r"^/opensearch\.xml$", view(opensearch_xml, opensearch.CONTENT_TYPE)),
        (r"^/sitemap\.xml$", view(sitemap_index, sitemap.CONTENT_TYPE)),
        (r"^/sitemap/(?P<kind>[a-z]+)-(?P<part>[0-9]+)\.xml$", view(sitemap_part, sitemap.CONTENT_TYPE)),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.globals["json_ld"] = json_ld


def view(make: Callable[[Datasette, Request], Awaitable[bytes]], content_type: str) -> View:
    async def answered(datasette: Datasette, request: Request) -> Response:
        try:
            content = await make(datasette, request)
        except Problem as problem:
            found = problem_headers(datasette, DATA_POLICY, problem.status)
            return Response.text(problem.message, problem.status, found)
        return answer(datasette, content, content_type)

    return answered


async def robots_txt(datasette: Datasette, request: Request) -> bytes:
    names = [name for name in datasette.databases if not name.startswith("_")]
    return robots(names, absolute(datasette, request)("/sitemap.xml"), datasette.urls.instance()).encode()


async def opensearch_xml(datasette: Datasette, request: Request) -> bytes:
    return opensearch.describe(title(datasette, await town(datasette)), absolute(datasette, request))


async def sitemap_index(datasette: Datasette, request: Request) -> bytes:
    parts = await read(await town(datasette), sitemap.index)
    return sitemap.render("sitemapindex", "sitemap", parts, absolute(datasette, request))


async def sitemap_part(datasette: Datasette, request: Request) -> bytes:
    kind, part = request.url_vars["kind"], number(request.url_vars["part"], "Einen Teil der Sitemap")
    at = absolute(datasette, request)
    database: Database = await town(datasette)
    return await read(database, lambda conn: sitemap.render("urlset", "url", sitemap.part(conn, kind, part), at))
