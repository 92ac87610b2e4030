"""How charts on other people's pages are sent: who may frame them, and problems in the form asked for."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

from click import ClickException
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from ratsdaten.charts import DARK_STYLE
from ratsdaten.serving.answers import Problem, answer, problem_headers
from ratsdaten.serving.templates import render

from .wishes import Wish

FRAME_ANCESTORS = ("'self'", "https://herne.de", "https://*.herne.de")
#: An entry as CSP knows it: a keyword in its own quotes, any, a scheme, or a host with or without scheme and port.
_HOST = r"(?:https?://)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::(?:[0-9]{1,5}|\*))?"
_ANCESTOR = re.compile(rf"'self'|'none'|\*|https?:|(?!self$|none$){_HOST}", re.I)

CONTENT_TYPES = {
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".json": "application/json; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xml": "text/xml; charset=utf-8",
}


def frame_ancestors(datasette: Datasette) -> str:
    """Who may frame us, as CSP writes it: ``frame_ancestors`` of the plugin in metadata.yml.

    Raises ClickException, which ends the start with one sentence."""
    entries = (datasette.plugin_config("embedding") or {}).get("frame_ancestors", FRAME_ANCESTORS)
    if not isinstance(entries, list | tuple) or not entries:
        raise ClickException("metadata.yml: plugins: embedding: frame_ancestors must be a list of addresses.")
    for entry in entries:
        if not isinstance(entry, str) or not _ANCESTOR.fullmatch(entry):
            raise ClickException(
                f"metadata.yml: plugins: embedding: frame_ancestors: {entry!r} is not an address that may frame us. "
                "Write one entry for each site, such as https://herne.de or https://*.herne.de, our own as \"'self'\"."
            )
    if "'none'" in entries and len(entries) > 1:
        raise ClickException("metadata.yml: plugins: embedding: frame_ancestors: 'none' goes with no other entry.")
    own = () if {"'self'", "'none'"} & set(entries) else ("'self'",)  # /einbetten frames its preview
    return " ".join((*own, *entries))


def page_policy(datasette: Datasette) -> str:
    """The Content-Security-Policy of a page that others frame."""
    return (
        "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors {frame_ancestors(datasette)}"
    )


_STYLE = b64encode(sha256(DARK_STYLE.encode()).digest()).decode()


def picture_policy(datasette: Datasette) -> str:
    """An SVG has its one style and does nothing else."""
    return f"default-src 'none'; style-src 'sha256-{_STYLE}'; frame-ancestors {frame_ancestors(datasette)}"


def sent(datasette: Datasette, form: str, content: bytes, policy: str) -> Response:
    """A page, picture or oEmbed answer; pictures may be shown anywhere."""
    more = {"Cross-Origin-Resource-Policy": "cross-origin"} if form in (".svg", ".png") else {}
    return answer(datasette, content, CONTENT_TYPES[form], policy, more)


async def problem_answer(datasette: Datasette, request: Request, form: str, problem: Problem) -> Response:
    """A page for people, JSON for programs, plain text in place of a picture."""
    found = problem_headers(datasette, page_policy(datasette), problem.status)
    if form in (".json", ".xml"):
        error: dict[str, Any] = {"status": problem.status, "error": problem.message}
        if form == ".json":
            error["ok"] = False  # as Datasette's own
        return Response(encode(error, form), problem.status, found, CONTENT_TYPES[form])
    if form in (".svg", ".png"):
        return Response.text(problem.message, problem.status, found)
    context = {"status": problem.status, "message": problem.message}
    page = await render(datasette, "einbetten_fehler.html", context, request)
    return Response.html(page, problem.status, found)


def encode(values: Mapping[str, Any], form: str) -> bytes:
    """As JSON, or as oEmbed's XML: ``{"type": "rich"}`` → ``<?xml …?><oembed><type>rich</type></oembed>``."""
    if form == ".json":
        return json.dumps(values, ensure_ascii=False).encode()
    root = ElementTree.Element("oembed")
    for name, value in values.items():
        ElementTree.SubElement(root, name).text = str(value)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def moved(datasette: Datasette, wish: Wish, form: str = "") -> Response:
    return Response.redirect(datasette.urls.path(wish.path(form)))
