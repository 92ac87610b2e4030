"""What Datasette's own pages may do beyond ours (Content-Security-Policy): docs/security.md lists it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from datasette.app import Datasette

from .asgi import App, Message, Receive, Scope, Send
from .german import original, translated

#: Templates of Datasette's with a script or style that stands in the page itself; none of it is filled with data.
_TEMPLATES = tuple(f"datasette/templates/{name}.html" for name in ("table", "_codemirror", "_codemirror_foot"))
#: How a page loads datasette-vega. Text of the data never looks like this: its quotes are escaped.
_VEGA = re.compile(rb'<script src="[^"]*/-/static-plugins/datasette_vega/')


def _hashes(tag: str) -> str:
    """Of what stands between such tags in the templates, as it is sent."""
    text = "".join(translated(name, original(name)) for name in _TEMPLATES)
    found = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    # table.html tells its script whether readers may count values.
    said = {part.replace("{{ datasette_allow_facet }}", value) for part in found for value in ("true", "false")}
    return " ".join(sorted(f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'" for part in said))


def _policy(script: str, style: str) -> bytes:
    return (
        f"default-src 'none'; script-src 'self' {script}; style-src 'self' {style}; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ).encode()


#: The style of tooltips that datasette-vega 0.6.2 adds to the page.
_TOOLTIP = "'sha256-zHu+4xXhsS6NimrB7yW5G9nPUEUFviBhDjPmtcftAAM='"
WITHOUT_CHARTS = _policy(_hashes("script"), _hashes("style"))
#: datasette-vega compiles its charts.
WITH_CHARTS = _policy(_hashes("script") + " 'unsafe-eval'", _hashes("style") + " " + _TOOLTIP)
_NAME = b"content-security-policy"


def layer(datasette: Datasette, app: App) -> App:
    """Next to Datasette: gives an HTML answer that has no policy the one it needs."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def with_policy(event: Message) -> None:
            nonlocal start
            if event["type"] == "http.response.start":
                found = {name.lower(): value for name, value in event["headers"]}
                if found.get(b"content-type", b"").startswith(b"text/html") and _NAME not in found:
                    start = event  # until it is known what the page loads
                    return
            elif start is not None:
                policy = WITH_CHARTS if _VEGA.search(event.get("body", b"")) else WITHOUT_CHARTS
                await send({**start, "headers": [*start["headers"], (_NAME, policy)]})
                start = None
            await send(event)

        await app(scope, receive, with_policy if scope["type"] == "http" else send)

    return answered
