"""Charts as files: /einbetten/abstimmung/<id> and /einbetten/statistik/<name> with .svg, .png or .json."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from ratsdaten.embedding.answers import answer, moved, picture_policy, problem_answer
from ratsdaten.embedding.figures import settle
from ratsdaten.embedding.pictures import picture
from ratsdaten.embedding.wishes import Problem, read


@hookimpl(tryfirst=True)  # before the pages, which take every name
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [(r"^/einbetten/(?P<kind>[^/]*)/(?P<name>.*)(?P<form>\.svg|\.png|\.json)$", chart_file)]


async def chart_file(datasette: Datasette, request: Request) -> Response:
    form = request.url_vars["form"]
    try:
        asked = read(unquote(request.url_vars["kind"]), unquote(request.url_vars["name"]), request.args)
        wish = await settle(datasette, asked)
        if wish != asked:
            return moved(datasette, wish, form)
        found = await picture(datasette, wish, form)
    except Problem as problem:
        return await problem_answer(datasette, request, form, problem)
    return answer(datasette, request, form, found.content, picture_policy(datasette), found.etag)
