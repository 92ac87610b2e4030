"""What comes in and goes out, whoever answers: only reading, by names of ours, nothing of the inside, our headers."""

from __future__ import annotations

import json
import logging
import os
import re
from urllib.parse import urlsplit

from datasette.app import Datasette

from .answers import SITE_POLICY, Problem
from .asgi import App, Message, Receive, Scope, Send
from .town import towns

log = logging.getLogger(__name__)

#: The environment variable with the site's names on the web. Where it is set, this is production: strict.
HOSTS = "RATSDATEN_HOSTS"
#: Bytes of a path; the longest of ours has some 100.
LONGEST_PATH = 2000
#: What is open below /-/. The rest is Datasette's inside: it sets a cookie, shows paths, versions and settings.
OPEN = re.compile(r"/-/(?:(?:static|static-plugins)/.+|search(?:\.json)?|oembed|stadt\.css)")
#: A name or address, and its port.
HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)
LOOPBACK = re.compile(r"(?:.+\.)?localhost|127\.0\.0\.1|\[::1\]")
#: In no path of ours, and programs on the way differ about it: backslashes, empty parts, . and .., another site's name.
ODD = re.compile(rb"\\|%5c|//|/(?:\.|%2e){1,2}(?:/|$)|^[^/]|^$", re.IGNORECASE)

HEADERS = {
    b"content-security-policy": SITE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: In production: by https only, for a year. No preload and no subdomains, which bind more than this site.
BY_HTTPS = {b"strict-transport-security": b"max-age=31536000", b"cross-origin-opener-policy": b"same-origin"}


def own_names() -> frozenset[str]:
    """RATSDATEN_HOSTS, empty in development. Raises ValueError with a sentence."""
    names = os.environ.get(HOSTS, "").lower().split()
    for name in names:
        if parts(name) != (name, ""):
            raise ValueError(
                f"{HOSTS}: {name} is no host name: write names without https:// and port, separated by spaces, such as "
                '"ratsdaten.example www.ratsdaten.example".'
            )
    return frozenset(names)


def layer(datasette: Datasette, app: App) -> App:
    """Around all but the log. In production our names are those of RATSDATEN_HOSTS, of towns.toml and of loopback."""
    names = own_names()
    https = datasette.setting("force_https_urls")

    def is_ours(name: str, port: str, scope: Scope) -> bool:
        listening = str((scope.get("server") or ("", ""))[1])
        known = name in names or any(name in town.hosts for town in towns(datasette).values())
        # The port is checked as it stands in whole addresses, too.
        return (known and port in ("", "80", "443", listening)) or bool(LOOPBACK.fullmatch(name))

    def judge(scope: Scope) -> str:
        """The host's name. Raises Problem."""
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or (found := parts(hosts[0])) is None:
            raise Problem(400, "Der Name dieses Servers (Host) fehlt oder ist so nicht zu verstehen.")
        name, port = found
        if names and not is_ours(name, port, scope):
            raise Problem(421, "Unter diesem Namen (Host) gibt es hier nichts.")
        if scope["method"] not in ("GET", "HEAD"):
            raise Problem(405, "Hier lässt sich nur lesen (GET).")
        raw = scope.get("raw_path") or scope["path"].encode()
        if len(raw) > LONGEST_PATH:
            raise Problem(414, "Diese Adresse ist zu lang.")
        if ODD.search(raw.partition(b"?")[0]):
            raise Problem(400, "Diese Adresse ist so nicht zu verstehen.")
        below = "/" + scope["path"].removeprefix(datasette.setting("base_url"))
        if "/-/" in (below[:3], scope["path"][:3]) and not OPEN.fullmatch(below):
            raise Problem(404, "Diese Seite gibt es hier nicht.")
        return name

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        more = HEADERS
        started = False

        async def with_headers(event: Message) -> None:
            nonlocal started
            if event["type"] == "http.response.start":
                started = True
                kept = [(name, value) for name, value in event["headers"] if name.lower() != b"set-cookie"]
                given = {name.lower() for name, _ in kept}
                # A browser takes the headers of a 304 for those of the page that it has.
                added = () if event["status"] == 304 else more.items()
                event = {**event, "headers": kept + [pair for pair in added if pair[0] not in given]}
            elif scope["method"] == "HEAD":
                event = {**event, "body": b""}
            await send(event)

        try:
            name = judge(scope)
            if names and (https or scope["scheme"] == "https") and not LOOPBACK.fullmatch(name):
                more = HEADERS | BY_HTTPS
            await app(scope, receive, with_headers)
        except Problem as problem:
            await refuse(with_headers, problem, scope["path"].endswith(".json"))
        except Exception:
            if started:
                raise
            log.exception("No answer")
            fault = Problem(500, "Hier ist etwas schiefgegangen. Der Fehler liegt bei uns, nicht bei Ihnen.")
            await refuse(with_headers, fault, scope["path"].endswith(".json"))

    return answered


def parts(host: str) -> tuple[str, str] | None:
    """Name in small letters and port of a Host; None where addresses made of it could not be read again."""
    try:
        fits = (found := HOST.fullmatch(host)) and urlsplit(f"//{host}").port != 0
    except ValueError:
        return None
    return (found[1].lower(), found[2] or "") if found and fits else None


async def refuse(send: Send, problem: Problem, as_json: bool) -> None:
    error = {"ok": False, "status": problem.status, "error": problem.message}
    body = (json.dumps(error, ensure_ascii=False) if as_json else problem.message).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8" if as_json else b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if problem.status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
