"""The search page: /suche."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from ratsdaten.charts.text import day
from ratsdaten.search import KINDS, Count, Hit, Results, Search, export
from ratsdaten.search import search as find

from . import addresses
from .page import Arguments, Page, Row, one, rows
from .words import LABELS, many

#: Letters of a query that is repeated in a hundred links; a longer one has none.
LONGEST = 300
FACETS = {
    "kind": "Art",
    "body": "Gremium",
    "year": "Jahr",
    "group": "Fraktion",
    "outcome": "Ergebnis",
    "votes": "Abstimmung",
}
#: What chips and links of a filter set, and what unsets it.
_UNSET: dict[str, dict[str, Any]] = {
    "kind": {"kind": ""},
    "body": {"body": ""},
    "year": {"since": "", "until": ""},
    "group": {"group": ""},
    "outcome": {"outcome": ""},
    "votes": {"votes": False},
}


def search(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Page:
    """Hits for a query and filters, with counts for every further filter; any text is a valid query."""
    wanted = Search.from_arguments(arguments)
    asked = bool(wanted.arguments())
    found = find(conn, wanted) if asked else Results(wanted, 0, [], {})
    chips = active(conn, wanted)
    as_of = one(conn, "as_of")
    return Page(
        template="suche.html",
        path=address(wanted),
        title=f"Suche: {wanted.q}" if wanted.q and len(wanted.q) <= LONGEST else "Suche",
        description=f"{many(found.total, 'Treffer', 'Treffer')} in Sitzungen, Vorlagen, Beschlüssen und Dokumenten."
        if asked
        else "Sitzungen, Vorlagen, Beschlüsse, Personen und Dokumente durchsuchen.",
        data={
            "query": wanted.q,
            "arguments": wanted.arguments(),
            "asked": asked,
            "total": found.total,
            "page_number": wanted.page,
            "pages": found.pages,
            "hits": hits(conn, found.hits),
            "facets": facets(found) if len(wanted.q) <= LONGEST else [],
            "active": chips,
            "without_filters": address(Search(q=wanted.q)) if chips and wanted.q else "",
            "suggestion": {"text": found.suggestion, "path": address(replace(wanted, q=found.suggestion, page=1))}
            if found.suggestion
            else None,
            "relaxed": found.relaxed,
            "ignored": found.ignored,
            "problems": list(wanted.problems),
            "sort": wanted.sort,
            "by_relevance": address(replace(wanted, sort="relevance", page=1)),
            "by_date": address(replace(wanted, sort="date", page=1)),
            "list_path": address(replace(wanted, page=1)),
            "csv_path": address(replace(wanted, page=1), "/suche.csv"),
            "excel_path": address(replace(wanted, page=1), "/suche.excel.csv"),
            "json_path": address(replace(wanted, page=1), "/suche/alle.json"),
            "tables": KINDS if len(wanted.q) <= LONGEST else {},
        },
        fetched_at=as_of["as_of"] if as_of else None,
        feed=address(replace(wanted, page=1, sort="relevance"), "/suche.atom") if asked else "",
        noindex=True,
    )


def address(wanted: Search, path: str = "/suche") -> str:
    query = urlencode(wanted.arguments())
    return f"{path}?{query}" if query else path


def hits(conn: sqlite3.Connection, found: Iterable[Hit]) -> list[Row]:
    """Each hit with the page it leads to; the runs of title and snippet say what is to be marked."""
    found = list(found)
    known = slugs(conn, found)
    return [
        {
            "kind": hit.kind,
            "kind_label": ONE[hit.kind],
            "id": hit.id,
            "title": hit.title,
            "path": path_of(hit, known),
            "date": hit.date,
            "body": hit.body,
            "body_path": addresses.organization(hit.body_id) if hit.body_id and hit.body else None,
            "number": hit.number,
            "cancelled": hit.cancelled,
            "reference": hit.reference,
            "paper_path": addresses.paper(hit.paper_id, known.get(hit.paper_id))
            if hit.paper_id is not None and hit.kind != "papers"
            else None,
            "outcome": hit.outcome,
            "votes": hit.votes,
            "url": hit.url,
            "title_runs": hit.title_runs,
            "snippet": hit.snippet,
        }
        for hit in found
    ]


#: One of KINDS.
ONE = {
    "agenda_items": "Tagesordnungspunkt",
    "papers": "Vorlage",
    "meetings": "Sitzung",
    "persons": "Person",
    "organizations": "Gremium",
    "files": "Dokument",
}


def slugs(conn: sqlite3.Connection, found: Iterable[Hit]) -> dict[int, str]:
    """The ends of the permalinks of all papers that hits are or belong to."""
    keys = [key for hit in found for key in (hit.paper_id, hit.id if hit.kind == "papers" else None) if key is not None]
    return {row["id"]: row["slug"] for row in rows(conn, "paper_slugs", ids=json.dumps(keys))} if keys else {}


def path_of(hit: Hit, slugs: dict[int, str]) -> str | None:
    """The page of a hit; of a document that of the record it belongs to, None where nobody tells."""
    if hit.kind == "papers":
        return addresses.paper(int(hit.id), slugs.get(int(hit.id)))
    if hit.kind == "agenda_items":
        return addresses.agenda_item(int(hit.id))
    if hit.kind == "meetings":
        return addresses.meeting(int(hit.id))
    if hit.kind == "persons":
        return addresses.person(int(hit.id))
    if hit.kind == "organizations":
        return addresses.organization(str(hit.id))
    if hit.agenda_item_id is not None:
        return addresses.agenda_item(hit.agenda_item_id)
    if hit.paper_id is not None:
        return addresses.paper(hit.paper_id, slugs.get(hit.paper_id))
    return addresses.meeting(hit.meeting_id) if hit.meeting_id is not None else None


#: Of all hits as a file: those of ratsdaten.search.export and our page.
EXPORT_COLUMNS = (
    *("art", "kennung", "datum", "gremium", "titel", "ergebnis", "abstimmung", "vorlage", "top"),
    "adresse",
)
_PAGES: dict[str, Callable[..., str]] = {
    "agenda_items": addresses.agenda_item,
    "papers": addresses.paper,
    "meetings": addresses.meeting,
    "persons": addresses.person,
    "organizations": addresses.organization,
}


def exported(conn: sqlite3.Connection, wanted: Search, absolute: Callable[[str], str]) -> Iterator[list[Any]]:
    """Rows of EXPORT_COLUMNS; a document has no page of its own."""
    pages = {KINDS[kind]: page for kind, page in _PAGES.items()}
    for hit in export(conn, wanted):
        page = pages.get(hit["art"])
        yield [hit[column] for column in EXPORT_COLUMNS[:-1]] + [absolute(page(hit["kennung"])) if page else None]


def facets(found: Results) -> list[Row]:
    """What each further filter would leave, as links; a filter in use is taken back by its link."""
    wanted = replace(found.search, page=1)
    listed = []
    for name, label in FACETS.items():
        values = []
        for count in found.counts.get(name, []):
            setting = _setting(name, count)
            chosen = all(getattr(wanted, key) == value for key, value in setting.items())
            target = replace(wanted, **(_UNSET[name] if chosen else setting))
            values.append(
                {
                    "value": count.value,
                    "label": count.label,
                    "count": count.count,
                    "chosen": chosen,
                    "path": address(target),
                }
            )
        if values:
            listed.append({"name": name, "label": label, "values": values})
    return listed


def _setting(name: str, count: Count) -> dict[str, Any]:
    if name == "year":
        return {"since": f"{count.value}-01-01", "until": f"{count.value}-12-31"}
    return {name: True if name == "votes" else count.value}


def active(conn: sqlite3.Connection, wanted: Search) -> list[Row]:
    """The filters in use, in words, each with the address that leaves it out."""
    body = one(conn, "body_name", id=wanted.body) if wanted.body else None
    period = [f"{word} {day(iso)}" for word, iso in (("ab", wanted.since), ("bis", wanted.until)) if iso]
    said = {
        "kind": KINDS.get(wanted.kind, ""),
        "body": (body["name"] if body else None) or wanted.body,
        "year": " ".join(period),
        "group": wanted.group,
        "outcome": LABELS.get(wanted.outcome, ""),
        "votes": "nur mit Abstimmung" if wanted.votes else "",
    }
    return [
        {"name": name, "label": label, "path": address(replace(wanted, page=1, **_UNSET[name]))}
        for name, label in said.items()
        if label
    ]
