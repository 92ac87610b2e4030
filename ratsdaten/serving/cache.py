"""How long an answer may be kept and by whom, 304 for who has it, gzip, and the answers of this release in memory."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Hashable, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from asgi_gzip import GZipResponder
from datasette.app import Datasette

from .asgi import App, Receive, Scope, Send
from .kept import Kept
from .town import release
from .version import versions

#: Bytes of all answers kept, and of the largest; a page has some 6 kB as gzip.
ROOM, LARGEST = 16_000_000, 500_000

#: Nobody keeps these: what Datasette says of itself.
OWN = re.compile(r"/-/(?!static/|static-plugins/|oembed$|stadt\.css$).*")
#: Address -> Cache-Control, the first that fits. Browsers ask for a page each time and mostly hear 304, so that a new
#: release is seen at once; what other sites show, and what programs fetch, may be some minutes old. s-maxage is for a
#: shared cache in front of us, whose owner empties it with each release. Nothing withdrawn outlives a day anywhere.
LIFETIMES = tuple(
    (re.compile(pattern), f"public, {lifetime}")
    for pattern, lifetime in (
        (r"/(?:-/)?static(?:-plugins)?/.*|/favicon\.ico", "max-age=3600, stale-while-revalidate=86400"),
        (
            r"/einbetten/.+|/-/oembed|/-/stadt\.css|/(?:robots\.txt|opensearch\.xml|sitemap.*)|.*\.(?:atom|ics)",
            "max-age=300, s-maxage=3600, stale-while-revalidate=3600, stale-if-error=86400",
        ),
        (
            r"/(?:top|vorlage|sitzung|gremium|person|fraktion|dokument|aenderung)/.+",
            "max-age=0, s-maxage=3600, stale-while-revalidate=30, stale-if-error=86400",
        ),
        (r".*", "max-age=0, s-maxage=300, stale-while-revalidate=30, stale-if-error=86400"),
    )
)
#: Of a file whose address names its content.
FOR_GOOD = "public, max-age=31536000, immutable"

_GZIP = re.compile(rb"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_TEXT = re.compile(rb"text/|image/svg|application/[a-z.+-]*(?:json|xml|javascript)")
#: Nobody has an account here: what these say changes no answer.
_UNREAD = (b"cookie", b"authorization", b"accept-encoding")
_OURS = (b"cache-control", b"etag", b"vary")

Headers = list[tuple[bytes, bytes]]

#: What was left out of the answer that is being made; a list, for work that goes on beside has a copy of the context.
_cut_short: ContextVar[list[str] | None] = ContextVar("cut_short", default=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole one with status 200, as it is sent."""

    headers: Headers
    body: bytes


def layer(datasette: Datasette, app: App) -> App:
    kept: Kept[Answer] = Kept(ROOM)
    making: dict[Hashable, asyncio.Event] = {}

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        told = dict(scope["headers"])
        gzip = bool(_GZIP.search(told.get(b"accept-encoding", b"")))
        path, query = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0], scope["query_string"]
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in _UNREAD]}
        compressed: App = _Gzip(app, 500, 6) if gzip else app
        lifetime = lifetime_of(datasette, path.decode("latin-1"), query)
        if not lifetime:
            return await compressed(scope, receive, _Passing(send).send)
        etag = etag_of(datasette, (scope["scheme"], told.get(b"host"), path, query))
        ours = [(b"cache-control", lifetime.encode()), (b"etag", etag), (b"vary", b"Accept-Encoding")]
        known = told.get(b"if-none-match", b"").split(b",")
        if etag.removeprefix(b"W/") in (part.strip().removeprefix(b"W/") for part in known):
            return await _send(send, 304, ours)
        key = etag, gzip
        if key in making:  # whoever asks for the same waits for it
            await making[key].wait()
        if found := kept.get(key):
            return await _send(send, 200, found.headers, b"" if scope["method"] == "HEAD" else found.body)
        if scope["method"] == "HEAD":
            return await compressed(scope, receive, _Passing(send, ours).send)

        def keep(answer: Answer | None) -> None:
            if answer:
                kept.put(key, answer, len(answer.body) + len(path) + len(query) + 1000)
            made.set()

        made = making[key] = asyncio.Event()
        passing = _Passing(send, ours, keep)
        token = _cut_short.set(passing.cut_short)
        try:
            await compressed(scope, receive, passing.send)
        finally:
            _cut_short.reset(token)
            keep(None)
            if making.get(key) is made:
                del making[key]

    return answered


class _Passing:
    """An answer on its way out. It gets our headers where it may be kept, and is given to ``keep`` when it is whole and
    small, None as soon as it is known not to be: before anything is sent, as its reader may be slow."""

    def __init__(self, send: Send, ours: Headers | None = None, keep: Callable[[Answer | None], None] | None = None):
        self.cut_short: list[str] = []
        self._send = send
        self._ours = ours
        self._keep = keep
        self._start: MutableMapping[str, Any] = {}
        self._started = False
        self._body = bytearray()

    async def send(self, event: MutableMapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            self._start = self._marked(event)  # sent with the first piece
            return
        if self._keep:
            self._body += event.get("body", b"")
            whole = not event.get("more_body")
            if whole and len(self._body) <= LARGEST:
                self._keep(Answer(self._start["headers"], bytes(self._body)))
            else:
                self._keep(None)
            if whole or len(self._body) > LARGEST:
                self._keep = None
        if not self._started:
            self._started = True
            await self._send(self._start)
        await self._send(event)

    def _marked(self, start: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        said = {name.lower(): value for name, value in start["headers"]}.get(b"cache-control", b"")
        lasting = self._ours and start["status"] == 200 and b"no-store" not in said and not self.cut_short
        if not lasting and self._keep:
            self._keep(None)
            self._keep = None
        headers = [pair for pair in start["headers"] if pair[0].lower() not in _OURS]
        return {**start, "headers": headers + ((self._ours or []) if lasting else [(b"cache-control", b"no-store")])}


def incomplete(what: str) -> None:
    """The answer that is being made lacks something that took too long: it is for this reader alone."""
    if (cut_short := _cut_short.get()) is not None:
        cut_short.append(what)


def lifetime_of(datasette: Datasette, path: str, query: bytes) -> str:
    """Cache-Control of a page at this address; nothing where it is not to be kept."""
    path = "/" + path.removeprefix(datasette.urls.path("/"))
    names = {name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)}
    if OWN.fullmatch(path) or names & {"sql", "_where"}:
        return ""
    if (hashed := versions(datasette).static.get(path.removeprefix("/static/"))) and query == f"v={hashed}".encode():
        return FOR_GOOD
    return next(lifetime for pattern, lifetime in LIFETIMES if pattern.fullmatch(path))


def etag_of(datasette: Datasette, address: Hashable) -> bytes:
    """Of an address in one release: the same program over the same data on the same day. Weak, as gzip has the same."""
    data = [release(database) for database in datasette.databases.values() if database.path]
    state = repr((versions(datasette).program, data, address))
    return b'W/"%s"' % sha256(state.encode()).hexdigest()[:32].encode()


async def _send(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Gzip(GZipResponder):
    """Of text only."""

    async def send_with_compression(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":  # it looks for names in small letters
            message["headers"] = [(name.lower(), value) for name, value in message["headers"]]
        await super().send_with_compression(message)
        if message["type"] == "http.response.start":
            self.content_type_is_excluded = not _TEXT.match(dict(message["headers"]).get(b"content-type", b""))
