"""One line a request on standard error, and nothing of who asked: no address, no browser, nothing typed.

::

    2026-11-22T08:06:01Z access GET /abstimmungen? 200 30123 B 12.3 ms
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from time import perf_counter

from datasette.app import Datasette

from . import metrics
from .asgi import App, Message, Receive, Scope, Send

#: Characters of an address.
LONGEST = 300

_log = logging.getLogger("ratsdaten.access")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def layer(datasette: Datasette, app: App) -> App:
    """Outermost. While a server runs, all loggers below ``ratsdaten`` write here."""
    measured = bool(os.environ.get(metrics.PORT))

    async def logged(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            start(measured)
        if scope["type"] != "http":
            return await app(scope, receive, send)
        begin, status, size = perf_counter(), 500, 0  # what the server says where no one answers

        async def counted(event: Message) -> None:
            nonlocal status, size
            if event["type"] == "http.response.start":
                status = event["status"]
            else:
                size += len(event.get("body", b""))
            await send(event)

        try:
            await app(scope, receive, counted)
        finally:
            seconds = perf_counter() - begin
            if measured:
                metrics.count(scope["path"], status, seconds)
            _log.info("%s %s %d %d B %.1f ms", scope["method"], address(scope, status), status, size, seconds * 1000)

    return logged


def address(scope: Scope, status: int) -> str:
    """As asked for. What follows the question mark may be what somebody typed: told only of a fault of ours, which
    could not be found without."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    whole = path + ("?" if query else "") + (query if status == 500 else "")
    return whole if len(whole) <= LONGEST else whole[:LONGEST] + "…"


class OneLine(logging.Formatter):
    """UTC, and a message in one line whatever it holds."""

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], super().formatMessage(record))


def start(measured: bool) -> None:
    logger = logging.getLogger("ratsdaten")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(OneLine("%(asctime)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    logging.getLogger("uvicorn.access").handlers.clear()  # it names addresses; uvicorn writes none without a handler
    if measured:
        metrics.start()
