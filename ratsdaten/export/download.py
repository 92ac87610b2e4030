"""How a file is sent while it is made: with flat memory, at the reader's pace, complete or visibly broken off."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeAlias

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from ratsdaten.serving.answers import Problem, answer
from ratsdaten.serving.free_sql import Refused
from ratsdaten.serving.german import german
from ratsdaten.serving.town import unfit

#: Downloads take turns in these threads, so that pages stay quick meanwhile.
_WORKERS = ThreadPoolExecutor(2, thread_name_prefix="export")
#: Seconds a reader may take for one piece before we hang up.
PATIENCE = 20

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Download:
    """An answer of Datasette's kind. A reader who leaves ends the work; a fault in the middle breaks the connection."""

    def __init__(
        self, response: Response, first: bytes, rest: Iterator[bytes], request: Request, workers: Executor = _WORKERS
    ) -> None:
        self.headers = response.headers
        self._start = response, first
        self._rest = rest
        self._request = request
        self._workers = workers

    async def asgi_send(self, send: Send) -> None:
        response, piece = self._start
        names = {**self.headers, "content-type": response.content_type}
        headers = [[name.encode(), value.encode()] for name, value in names.items()]
        gone = asyncio.create_task(_gone(self._request.receive))
        try:
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.start", "status": response.status, "headers": headers})
            while piece and not gone.done():
                async with asyncio.timeout(PATIENCE):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await _next(self._rest, self._workers)
        except (sqlite3.Error, TimeoutError) as error:  # without its end the answer is known to be incomplete
            print(f"{self._request.path}: the download broke off ({error or 'no reader'}).", file=sys.stderr)
            return
        finally:
            gone.cancel()
            self._workers.submit(self._rest.close)  # type: ignore[attr-defined]  # a generator's
        await send({"type": "http.response.body", "body": b""})


Sent: TypeAlias = Response | Download


async def download(
    datasette: Datasette,
    request: Request,
    filename: str,
    content_type: str,
    pieces: Iterator[bytes],
    workers: Executor = _WORKERS,
) -> Sent:
    """The file of these pieces (a generator). Raises Problem (400) where making it takes too long right away."""
    more = {"Content-Disposition": f'attachment; filename="{filename}"'}
    response = answer(datasette, b"", content_type, more=more)
    del response.headers["Content-Length"]
    if request.method == "HEAD":
        return response
    try:
        first = await _next(pieces, workers)
    except Refused as error:
        raise Problem(400, german(str(error))) from None
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise Problem(400, "Die Abfrage dauert zu lange. Bitte grenzen Sie sie ein.") from None
        raise unfit(filename, error) from error
    return Download(response, first, pieces, request, workers)


async def _next(pieces: Iterator[bytes], workers: Executor) -> bytes:
    """Nothing after the last one."""
    return await asyncio.get_running_loop().run_in_executor(workers, copy_context().run, lambda: next(pieces, b""))


async def _gone(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
