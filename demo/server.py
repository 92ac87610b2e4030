"""Serves the invented town over real HTTP: an ASGI app run by uvicorn, with faults to order."""

from __future__ import annotations

import asyncio
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, unquote

import uvicorn

from .faults import PAGES, Fault
from .pages import Answer, Pages
from .sessions import Session, Sessions
from .town import Town

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COOKIE = "ASPSESSIONIDLINDEN"
HUGE = 20_000_000
LOG_LIMIT = 200_000


class Dropped(Exception):
    """Raised on purpose: uvicorn then closes the connection in mid-body."""


class Site:
    """The ASGI app. `town`, `faults` and `robots` can be replaced while it runs; `requests` counts `path?query`.

    `base_url` ends with `/allris/` or `/bi/`.
    """

    def __init__(
        self, town: Town, dialect: str = "embedded", calendar: str = "si010_j", faults: list[Fault] | None = None
    ) -> None:
        self._pages = Pages(town, dialect, calendar)
        self._sessions = Sessions()
        self.faults = list(faults or ())
        self.requests: Counter[str] = Counter()
        self.root = self._pages.root
        self.base_url = ""
        self.robots = f"User-agent: *\nDisallow: {self.root}ri/\n"

    @property
    def town(self) -> Town:
        """The town shown now."""
        return self._pages.town

    @town.setter
    def town(self, town: Town) -> None:
        self._pages = Pages(town, self._pages.dialect, self._pages.calendar)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        query = scope["query_string"].decode("latin-1")
        path = unquote(scope["path"])
        target = f"{path}?{query}" if query else path
        if len(self.requests) < LOG_LIMIT or target in self.requests:
            self.requests[target] += 1
        headers = dict(scope["headers"])
        parameters = dict(parse_qsl(query, encoding="latin-1"))
        if scope["method"] == "POST":
            parameters |= parse_qsl((await _body(receive)).decode("latin-1"), encoding="latin-1")
        fault = next((fault for fault in self.faults if fault.hits(target)), None)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            fault = None
        if fault and fault.kind == "hang":
            await asyncio.sleep(3600)
        if fault and fault.kind == "no-meetings":
            nowhen = Pages(Town(size="small", today=date(2300, 1, 1)), self._pages.dialect, self._pages.calendar)
            answer: Answer | None = nowhen.answer(path.rpartition("/")[2][:-4], parameters, Session(), "")
        else:
            answer = self._fault_answer(fault.kind, path) if fault else None
        if answer is None:
            answer = self._answer(path, parameters, headers)
        await self._send(answer, fault, scope["method"], send)

    def _answer(self, path: str, parameters: dict[str, str], headers: dict[bytes, bytes]) -> Answer:
        if path == "/robots.txt":
            return Answer(self.robots.encode(), content_type="text/plain")
        if not path.startswith(self.root):
            if path == "/":
                return self._pages.redirect(f"{self.root}{self._pages.calendar}.asp")
            return self._pages.bare("<h1>404 - nicht gefunden</h1>", 404)
        session, new = self._sessions.get(_cookie(headers.get(b"cookie", b"").decode("latin-1")))
        name = path[len(self.root) :]
        host = headers.get(b"host", b"localhost").decode("latin-1")
        if name == "":
            answer = self._pages.redirect(f"{self.root}{self._pages.calendar}.asp")
        elif name.startswith("___tmp/"):
            found = self._pages.temporary_file(name, session)
            answer = found or self._pages.bare("<h1>404 - Datei nicht gefunden</h1>", 404)
        elif name == "ri/logon.asp":
            answer = self._pages.bare(
                "<html><head><title>Anmeldung</title></head><body><form>Kennwort</form></body></html>"
            )
        elif name.endswith(".asp") and "/" not in name:
            answer = self._pages.answer(name[:-4], parameters, session, f"http://{host}")
        else:
            answer = self._pages.bare("<h1>404 - nicht gefunden</h1>", 404)
        if new:
            answer.headers.append(("Set-Cookie", f"{COOKIE}={session.id}; path=/"))
        return answer

    def _fault_answer(self, kind: str, path: str) -> Answer | None:
        if kind.startswith("status"):
            return self._pages.bare("<h1>Serverfehler</h1>", int(kind.partition(":")[2] or 500))
        if kind in PAGES:
            return self._pages.bare(PAGES[kind])
        match kind:
            case "garbage":
                return Answer(random.Random(7).randbytes(5000))
            case "empty":
                return Answer(b"")
            case "huge":
                return Answer(b"<html><body>" + b"x" * HUGE)
            case "refuse":
                return self._pages.denied(path.rpartition("/")[2].partition(".")[0])
            case "login":
                return self._pages.redirect(f"{self.root}ri/logon.asp")
            case "noauth":
                return self._pages.redirect(f"{self.root}noauth.asp")
        return None

    async def _send(self, answer: Answer, fault: Fault | None, method: str, send: Send) -> None:
        body = answer.body
        if fault and fault.kind == "truncate":
            body = body[: len(body) // 2]
        elif fault and fault.kind == "broken-once":
            body = body.replace(b"<", b"")
        elif fault and fault.kind == "no-texts":
            body = re.sub(rb'(<a name="allris\w+"></a>\s*)<\?xml.*?</html>', rb"\1", body, flags=re.DOTALL)
        headers = [(b"content-type", answer.content_type.encode()), (b"content-length", b"%d" % len(body))]
        headers += [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if fault and fault.kind == "drop":
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            raise Dropped
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


class serve:
    """`with demo.serve(town) as site:` runs the site in a thread on a free port (or `port`)."""

    def __init__(
        self,
        town: Town,
        dialect: str = "embedded",
        calendar: str = "si010_j",
        faults: list[Fault] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.site = Site(town, dialect, calendar, faults)
        # asyncio switches Nagle's delay off only for sockets that name TCP, which create_server's do not: 40 ms a page.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        self._socket.listen(128)
        address, number = self._socket.getsockname()[:2]
        self.site.base_url = f"http://{address}:{number}{self.site.root}"
        config = uvicorn.Config(
            self.site, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.005)
        return self.site

    def __exit__(self, *error: object) -> None:
        self._server.should_exit = True
        self._server.force_exit = True  # requests that hang on purpose must not keep the test waiting
        self._thread.join(timeout=5)
        self._socket.close()


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _cookie(header: str) -> str | None:
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return None
