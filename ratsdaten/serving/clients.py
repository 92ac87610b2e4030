"""What costs much is limited for each client; pages of the site are not."""

from __future__ import annotations

import os
import re
import time
from ipaddress import IPv4Address, IPv6Network, ip_address
from math import ceil

from click import ClickException
from datasette.app import Datasette
from datasette.utils.asgi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from .answers import Problem
from .asgi import App, Receive, Scope, Send
from .free_sql import FILES, database_of, form_of, is_free
from .pages import problem_answer

#: Requests a minute, where metadata.yml (plugins: limits:) says nothing else.
DEFAULTS = {"sql": 60, "files": 60, "tables_and_search": 600}
#: The header in which a proxy that is trusted says who asks.
HEADER = "RATSDATEN_CLIENT_HEADER"
#: So many clients are known at a time, with 500 bytes each; when there are more, the counts begin anew.
MOST_CLIENTS = 5_000

_FILES = re.compile(r"/daten/.+\.\w+")
_SEARCH = re.compile(r"/suche(?:[/.].*)?|/-/oembed|/einbetten/.+|/statistik/.+")


def limits_of(datasette: Datasette) -> dict[str, RateLimitItem]:
    """Raises ClickException, which ends the start with one sentence, for what metadata.yml says wrong."""
    found = DEFAULTS | (datasette.plugin_config("limits") or {})
    for name, most in found.items():
        if name not in DEFAULTS:
            raise ClickException(f"metadata.yml: plugins: limits: {name} is none of {', '.join(DEFAULTS)}.")
        if not isinstance(most, int) or most < 1:
            raise ClickException(f"metadata.yml: plugins: limits: {name}: {most!r} is no number of requests a minute.")
    return {name: RateLimitItemPerMinute(most) for name, most in found.items()}


def layer(datasette: Datasette, app: App) -> App:
    limits = limits_of(datasette)
    header = os.environ.get(HEADER, "").lower()
    # Its window moves by the shares of two minutes, so that a client takes two numbers, not one for each request.
    storage = MemoryStorage()
    counts = SlidingWindowCounterRateLimiter(storage)

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        request = Request({**scope, "csrftoken": str}, receive)  # templates call it; there is no form to send
        if kind := kind_of(datasette, request):
            client = client_of(request, header)
            if not await counts.hit(limits[kind], kind, client):
                free = (await counts.get_window_stats(limits[kind], kind, client)).reset_time
                return await refuse(datasette, request, send, max(1, ceil(free - time.time())))
            if len(storage.storage) > MOST_CLIENTS:
                await storage.reset()
        await app(scope, receive, send)

    return limited


def kind_of(datasette: Datasette, request: Request) -> str | None:
    """By which limit the request counts."""
    if database_of(datasette, request):
        file = form_of(request) in {*FILES, ".db"}
        return "sql" if is_free(request) else "files" if file else "tables_and_search"
    path = "/" + request.path.removeprefix(datasette.setting("base_url")).lstrip("/")
    if _FILES.fullmatch(path):
        return None if request.method == "HEAD" else "files"  # nothing is made for HEAD
    return "tables_and_search" if _SEARCH.fullmatch(path) else None


def client_of(request: Request, header: str) -> str:
    """An address, or the network of one of IPv6: whoever has one of these has 2^64."""
    connection = (request.scope.get("client") or ("",))[0]
    for said in (request.headers.get(header, "").rpartition(",")[2].strip() if header else "", connection):
        try:
            address = ip_address(said)
        except ValueError:
            continue
        address = getattr(address, "ipv4_mapped", None) or address
        return str(address if isinstance(address, IPv4Address) else IPv6Network((address, 64), strict=False))
    return ""


async def refuse(datasette: Datasette, request: Request, send: Send, seconds: int) -> None:
    problem = Problem(
        429,
        "Von Ihrer Adresse kamen in der letzten Minute sehr viele aufwendige Anfragen. "
        f"Bitte versuchen Sie es in {seconds} Sekunden noch einmal. Alle Daten auf einmal stehen auf der Seite /daten.",
    )
    answer = await problem_answer(datasette, request, form_of(request), problem)
    answer.headers["Retry-After"] = str(seconds)
    await answer.asgi_send(send)
