"""What comes in and goes out, whoever answers: only reading, no debug page, no cookie, headers on every answer."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from datasette import hookimpl

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Datasette's pages that set a cookie or show its inside.
CLOSED = re.compile(r"/-/(messages|logout|allow-debug|permissions|patterns|threads|actor|auth-token)(\.json)?/?")
#: A name or address with or without a port.
HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
#: Datasette's own pages need inline script, datasette-vega eval; nothing comes from elsewhere, and nobody frames them.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}


@hookimpl(trylast=True)  # around all others: Datasette puts the last outside
def asgi_wrapper() -> Callable[[App], App]:
    return guarded


def guarded(app: App) -> App:
    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)

        async def with_headers(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                sent = {name.lower() for name, _ in event["headers"]}
                more = [[name, value] for name, value in HEADERS.items() if name not in sent]
                event = {**event, "headers": [*event["headers"], *more]}
            await send(event)

        if not all(is_host(value) for name, value in scope["headers"] if name == b"host"):
            return await refuse(with_headers, 400, "Der Name dieses Servers (Host) ist so nicht zu verstehen.")
        if scope["method"] not in ("GET", "HEAD"):
            return await refuse(with_headers, 405, "Hier lässt sich nur lesen (GET).", (b"allow", b"GET, HEAD"))
        if CLOSED.fullmatch(scope["path"]):
            return await refuse(with_headers, 404, "Diese Seite gibt es hier nicht.")
        await app({**scope, "headers": [pair for pair in scope["headers"] if readable(*pair)]}, receive, with_headers)

    return answered


def is_host(value: bytes) -> bool:
    """Whether addresses can be made of it and read again."""
    try:
        return bool(HOST.fullmatch(value)) and urlsplit(f"//{value.decode('ascii')}").port != 0
    except ValueError:
        return False


def readable(name: bytes, value: bytes) -> bool:
    """Whether Datasette can read a header; a cookie may be that of another site on this host."""
    try:
        value.decode("utf-8" if name == b"cookie" else "latin-1")
    except UnicodeDecodeError:
        return False
    return True


async def refuse(send: Send, status: int, message: str, *more: tuple[bytes, bytes]) -> None:
    headers = [[b"content-type", b"text/plain; charset=utf-8"], [b"cache-control", b"no-store"], *map(list, more)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": message.encode()})
