"""oEmbed 1.0 (https://oembed.com): from the address of a page of ours to what another site needs to show its chart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ratsdaten import charts
from ratsdaten.serving.answers import Problem

from . import snippets
from .pages import Page
from .wishes import BASIC_WIDTH, KINDS, Wish, read

_ITEM, _STATISTIC = re.compile("top/([0-9]{1,18})"), re.compile("statistik/([^/]+)")
_BALLOT = re.compile("abstimmung-([0-9]{1,9})")
#: Seconds for which a consumer may use the answer.
CACHE_AGE = 86400
THUMBNAIL_WIDTH = charts.WIDTHS[0]


def wish_of(address: str, host: str, root: str) -> Wish:
    """What can be embedded of the page at the address; ``root`` is the path the site lies under.

    An embed page, the editor's choice, an item's page (``#abstimmung-2`` or its last ballot) or that of a statistic.
    Raises Problem: 400 for what is no address, 404 for an address that is not one of these.
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # http://[
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Problem(400, "url fehlt oder ist keine vollständige Adresse, die mit https:// oder http:// beginnt.")
    query = dict(parse_qsl(parts.query))
    path = unquote(parts.path).removeprefix(root).strip("/") if parts.path.startswith(root) else ""
    if parts.netloc.lower() == host.lower():
        if path == "einbetten":
            for chosen in KINDS:
                if name := query.get(chosen, "").strip():
                    return read(chosen, name, query)
        elif found := _ITEM.fullmatch(path):
            ballot = _BALLOT.fullmatch(unquote(parts.fragment))
            return read("abstimmung", f"to{found[1]}-{ballot[1]}" if ballot else found[1], {})
        elif found := _STATISTIC.fullmatch(path):
            return read("statistik", found[1], query)
        elif path.startswith("einbetten/"):
            kind, _, name = path.removeprefix("einbetten/").partition("/")
            return read(kind, name, query)
    raise Problem(404, "Unter dieser Adresse gibt es hier nichts einzubetten.")


def bound(name: str, arguments: Mapping[str, str]) -> int | None:
    """maxwidth or maxheight in pixels; None: not given. Raises Problem (400)."""
    text = arguments.get(name) or ""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not text.strip("0"):
        raise Problem(400, f"{name} muss eine ganze Zahl über 0 sein, zum Beispiel {name}=640.")
    return int(text[:9])  # more pixels than any page has


def answer(
    page: Page,
    absolute: Callable[[str], str],
    provider: str,
    maxwidth: int | None,
    maxheight: int | None,
) -> dict[str, Any]:
    """The thumbnail, a PNG, is left out where it is larger than allowed."""
    width = min(page.wish.width or BASIC_WIDTH, maxwidth or charts.WIDTHS[-1])
    height = min(page.height(width), maxheight or page.height(width))
    address = absolute(page.wish.path())
    found = {
        "version": "1.0",
        "type": "rich",
        "title": page.title,
        "provider_name": provider,
        "provider_url": absolute("/"),
        "url": address,
        "html": snippets.iframe(address, page.title, width, height),
        "width": width,
        "height": height,
        "cache_age": CACHE_AGE,
    }
    if chart := page.figures.chart(THUMBNAIL_WIDTH):
        wide, high = (2 * side for side in chart.size)
        if wide <= (maxwidth or wide) and high <= (maxheight or high):
            found |= {
                "thumbnail_url": absolute(replace(page.wish, width=THUMBNAIL_WIDTH).path(".png")),
                "thumbnail_width": wide,
                "thumbnail_height": high,
            }
    return found
