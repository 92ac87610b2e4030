"""The sitemap (sitemaps.org 0.9): an index, and parts of at most PART addresses each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape

from ratsdaten.clock import moment
from ratsdaten.serving.answers import Problem
from ratsdaten.site import addresses
from ratsdaten.site.page import as_of, one, rows
from ratsdaten.statistics import STATISTICS

CONTENT_TYPE = "application/xml; charset=utf-8"
PART = 10_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

#: Pages that are there whatever the data.
PAGES = (
    *("/", "/sitzungen", "/vorlagen", "/gremien", "/personen", "/fraktionen", "/abstimmungen", "/statistik", "/daten"),
    *map(addresses.statistic, STATISTICS),
    *("/einbetten", "/status", "/aenderungen", "/ueber", "/impressum", "/datenschutz", "/barrierefreiheit"),
)
#: Part -> the table that sql/sitemap_<part>.sql reads.
KINDS = {
    "gremium": "organizations",
    "person": "persons",
    "fraktion": "groups",
    "sitzung": "meetings",
    "vorlage": "papers",
    "top": "agenda_items",
    "dokument": "files",
}
#: An address and when its page was read last; None where that is not known.
Address = tuple[str, str | None]


def index(conn: sqlite3.Connection) -> list[Address]:
    """The parts there are."""
    counts = one(conn, "sitemap_counts") or {}
    parts = [f"{kind}-{n + 1}" for kind in KINDS for n in range(-(-counts[kind] // PART))]
    read_at = as_of(conn)
    return [(f"/sitemap/{part}.xml", read_at) for part in ("seiten-1", *parts)]


def part(conn: sqlite3.Connection, kind: str, number: int) -> Sequence[Address]:
    """Raises Problem (404) for a part there is not."""
    found: list[Address] = []
    if kind == "seiten" and number == 1:
        found = [(path, None) for path in PAGES]
    elif kind in KINDS and number >= 1:
        listed = rows(conn, f"sitemap_{kind}", most=PART, skip=(number - 1) * PART)
        found = [(addresses.record(KINDS[kind], row["id"], row.get("slug")), row["fetched_at"]) for row in listed]
    if not found:
        raise Problem(404, "Diesen Teil der Sitemap gibt es nicht.")
    return found


def render(outer: str, inner: str, listed: Iterable[Address], absolute: Callable[[str], str]) -> bytes:
    """``urlset`` of ``url``, or ``sitemapindex`` of ``sitemap``. By hand: 10,000 elements in a tree take 100 ms."""
    root = absolute("/").removesuffix("/")
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{_NAMESPACE}">']
    for path, read_at in listed:
        moment = _moment(read_at)
        when = f"<lastmod>{moment}</lastmod>" if moment else ""
        lines.append(f"<{inner}><loc>{escape(root + path)}</loc>{when}</{inner}>")
    return "\n".join([*lines, f"</{outer}>\n"]).encode()


def _moment(iso: str | None) -> str:
    """As the protocol wants it (W3C-DTF), to the second; "" for what is no moment."""
    found = moment(iso)
    return found.isoformat(timespec="seconds") if found else ""
