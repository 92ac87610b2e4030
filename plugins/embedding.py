"""Charts on other people's pages: the pages to frame and their charts as files, the editor's page, oEmbed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response

from ratsdaten.embedding import editor, oembed, pages
from ratsdaten.embedding.answers import (
    encode,
    frame_ancestors,
    moved,
    page_policy,
    picture_policy,
    problem_answer,
    sent,
)
from ratsdaten.embedding.figures import settle
from ratsdaten.embedding.pictures import picture
from ratsdaten.embedding.wishes import read
from ratsdaten.serving.answers import DATA_POLICY, Problem, absolute
from ratsdaten.serving.pages import respond
from ratsdaten.serving.templates import render
from ratsdaten.serving.town import title, town
from ratsdaten.site.page import Page


@hookimpl
def startup(datasette: Datasette) -> None:
    frame_ancestors(datasette)  # a mistake in metadata.yml stops the start, not a visitor


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [
        (r"^/einbetten/?$", editor_page),
        (r"^/einbetten/(?P<kind>[^/]*)/?(?P<name>.*?)(?P<form>\.svg|\.png|\.json)?$", embedded),
        (r"^/-/oembed$", oembed_answer),
    ]


async def embedded(datasette: Datasette, request: Request) -> Response:
    """A page to frame, or with .svg, .png or .json its chart as a file."""
    form = request.url_vars["form"] or ""
    try:
        asked = read(unquote(request.url_vars["kind"]), unquote(request.url_vars["name"]), request.args)
        wish = await settle(datasette, asked)
        if wish != asked:
            return moved(datasette, wish, form)
        if form:
            return sent(datasette, form, await picture(datasette, wish, form), picture_policy(datasette))
        context = await pages.context(datasette, await pages.page(datasette, wish))
    except Problem as problem:
        return await problem_answer(datasette, request, form or ".html", problem)
    context["absolute"] = absolute(datasette, request)
    html = await render(datasette, "einbetten_seite.html", context, request)
    return sent(datasette, ".html", html.encode(), page_policy(datasette))


async def editor_page(datasette: Datasette, request: Request) -> Response:
    async def load(_: Database) -> Page:
        return await editor.editor(datasette, request.args, absolute(datasette, request))

    return await respond(datasette, request, load)


async def oembed_answer(datasette: Datasette, request: Request) -> Response:
    form = {"json": ".json", "xml": ".xml"}.get(request.args.get("format") or "json")
    try:
        if form is None:
            raise Problem(501, "Diese Antwort gibt es nur als format=json oder format=xml.")
        asked = oembed.wish_of(request.args.get("url") or "", request.host, datasette.urls.path("/"))
        page = await pages.page(datasette, await settle(datasette, asked))
        values = oembed.answer(
            page,
            absolute(datasette, request),
            provider=title(datasette, await town(datasette)),
            maxwidth=oembed.bound("maxwidth", request.args),
            maxheight=oembed.bound("maxheight", request.args),
        )
    except Problem as problem:
        return await problem_answer(datasette, request, form or ".json", problem)
    return sent(datasette, form, encode(values, form), DATA_POLICY)
