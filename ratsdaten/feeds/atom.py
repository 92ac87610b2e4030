"""Atom feeds (RFC 4287).

Written with the standard library: of feedgen (last release 2023) we would use a tenth, at the price of two more
dependencies, and a feed is some forty elements of which none is difficult.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ratsdaten.charts.text import clean
from ratsdaten.clock import moment

ATOM = "http://www.w3.org/2005/Atom"
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
#: Entries of a feed.
MOST = 50
#: Where nothing says when something was read.
UNTOLD = "1970-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the data. ``id`` is a UUID, ``path`` its page, ``updated`` UTC ISO 8601, ``source_url`` its original.

    ``published``: when it came up, ISO 8601 with its distance to UTC, "" where nothing says so.
    ``categories``: name and label of its outcome, and the like.
    """

    id: str
    path: str
    title: str
    updated: str
    summary: str = ""
    published: str = ""
    source_url: str | None = None
    categories: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """``path`` is the feed's own address, ``page`` that of the page it belongs to; ``read_at``: when we last looked."""

    id: str
    path: str
    page: str
    title: str
    subtitle: str
    read_at: str = UNTOLD
    entries: Sequence[Entry] = field(default=())


def render(feed: Feed, absolute: Callable[[str], str], publisher: str, rights: str | None = None) -> bytes:
    """The feed as XML. ``absolute`` makes an address of a path; ``publisher`` is the author of a feed's own words."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "de"})
    _text(root, "id", f"urn:uuid:{feed.id}")
    _text(root, "title", f"{feed.title} – {publisher}")
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", max((_moment(entry.updated) for entry in feed.entries), default=_moment(feed.read_at)))
    author = SubElement(root, "author")
    _text(author, "name", publisher)
    _text(author, "uri", absolute("/"))
    _link(root, "self", absolute(feed.path), "application/atom+xml")
    _link(root, "alternate", absolute(feed.page), "text/html")
    if rights:
        _text(root, "rights", rights)
    for each in feed.entries:
        entry = SubElement(root, "entry")
        _text(entry, "id", f"urn:uuid:{each.id}")
        _text(entry, "title", each.title)
        _text(entry, "updated", _moment(each.updated))
        if each.published:
            _text(entry, "published", each.published)
        _link(entry, "alternate", absolute(each.path), "text/html")
        if each.source_url:
            _link(entry, "via", each.source_url, "text/html")
        if each.summary:
            _text(entry, "summary", each.summary)
        for term, label in each.categories:
            SubElement(entry, "category", {"term": clean(term), "label": clean(label)})
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


def _link(parent: Element, rel: str, address: str, kind: str) -> None:
    SubElement(parent, "link", {"rel": rel, "type": kind, "href": clean(address)})


def _moment(text: str) -> str:
    """RFC 3339, to the second and in UTC, so that the latest is the largest; what is no moment is told as untold."""
    found = moment(text)
    return found.isoformat(timespec="seconds") if found else UNTOLD
