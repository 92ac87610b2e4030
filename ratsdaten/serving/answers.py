"""What every answer of ours has in common: its headers, and problems said in German."""

from __future__ import annotations

from collections.abc import Callable

from datasette.app import Datasette
from datasette.utils import add_cors_headers
from datasette.utils.asgi import Request, Response

from ratsdaten.charts.text import clean

LONGEST = 60  # characters of foreign text that a message repeats

#: Nothing from elsewhere, no script but our files, forms only to ourselves, no frame but our own.
SITE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Of an answer that is no document.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


class Problem(Exception):
    """What was asked for cannot be given: an HTTP status and a German sentence for whoever asked."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def short(text: str) -> str:
    """Foreign text for a message."""
    text = clean(text)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def web_address(address: str | None) -> str | None:
    """The address where it is one of the web, so that no link runs a script."""
    return address if address and address.startswith(("https://", "http://")) else None


def absolute(datasette: Datasette, request: Request) -> Callable[[str], str]:
    """From a path below the site's root to its whole address."""
    root = datasette.absolute_url(request, str(datasette.urls.path("/")))  # a PrefixedUrlString is slow to take apart
    return lambda path: root + path.removeprefix("/")


def headers(datasette: Datasette, policy: str) -> dict[str, str]:
    found = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    if datasette.cors:
        add_cors_headers(found)
    return found


def answer(
    datasette: Datasette,
    content: bytes,
    content_type: str,
    policy: str = DATA_POLICY,
    more: dict[str, str] | None = None,
) -> Response:
    """200; for how long anybody may keep it says ratsdaten/serving/cache.py."""
    found = {**headers(datasette, policy), "Content-Length": str(len(content)), **(more or {})}
    return Response(content, 200, found, content_type)


def problem_headers(datasette: Datasette, policy: str, status: int) -> dict[str, str]:
    """Nobody may keep a problem."""
    found = {**headers(datasette, policy), "Cache-Control": "no-store"}
    return found | ({"Retry-After": "5"} if status == 503 else {})
