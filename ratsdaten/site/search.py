"""The search page: /suche."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import quote_plus, urlencode

from ratsdaten.charts.text import day
from ratsdaten.search import KINDS, PAGE_SIZE, Hit, Results, Search, export
from ratsdaten.search import search as find
from ratsdaten.serving.answers import short

from . import addresses, documents
from .page import Arguments, Page, Row, as_of, one, rows
from .words import LABELS, many

#: Letters of a query that is repeated in a hundred links; a longer one has none.
LONGEST = 300
FACETS = {
    "kind": "Art",
    "body": "Gremium",
    "year": "Jahr",
    "group": "Fraktion (Antrag oder Mitglied)",
    "outcome": "Ergebnis",
    "votes": "Abstimmung",
}
#: Word that says an outcome alone -> that outcome.
_OUTCOME_WORDS = {word: name for name, label in LABELS.items() for word in label.split(" oder ") if " " not in word}
_INFLECTED = re.compile(r"(?<=[nt])e[mnrs]?$")  # angenommene
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
            "without_filters": address(Search(q=wanted.q, sort=wanted.sort)) if chips else "",
            "suggestion": {"text": found.suggestion, "path": address(replace(wanted, q=found.suggestion, page=1))}
            if found.suggestion
            else None,
            "relaxed": found.relaxed,
            "apart": found.apart,
            "ignored": found.ignored,
            "wordless": found.wordless,
            "problems": [*wanted.problems, *unknown(conn, wanted)],
            "meant": outcome_meant(wanted),
            "sort": wanted.sort,
            "by_relevance": address(replace(wanted, sort="relevance", page=1)),
            "by_date": address(replace(wanted, sort="date", page=1)),
            "list_path": address(replace(wanted, page=1)),
            "last_path": address(replace(wanted, page=found.pages)),
            "csv_path": address(replace(wanted, page=1), "/suche.csv"),
            "excel_path": address(replace(wanted, page=1), "/suche.excel.csv"),
            "json_path": address(replace(wanted, page=1), "/suche/alle.json"),
            "tables": KINDS if len(wanted.q) <= LONGEST else {},
        },
        fetched_at=as_of(conn),
        feed=address(replace(wanted, page=1, sort="relevance"), "/suche.atom") if asked and not found.loose else "",
        noindex=True,
    )


def unknown(conn: sqlite3.Connection, wanted: Search) -> list[str]:
    """What is wrong with filters that name nothing there is, in German."""
    said = []
    if wanted.body and not one(conn, "body_name", id=wanted.body):
        said.append(f"Ein Gremium mit der Kennung „{short(wanted.body)}“ gibt es hier nicht.")
    if wanted.group and wanted.group not in {group["name"] for group in rows(conn, "groups_by_name")}:
        said.append(f"Eine Fraktion oder Gruppe „{short(wanted.group)}“ gibt es hier nicht.")
    return said


def outcome_meant(wanted: Search) -> Row | None:
    """A search by outcome, where a word of the query names one: angenommene Anträge."""
    typed = wanted.q.split()
    for place, word in enumerate(typed if not wanted.outcome else ()):
        if name := _OUTCOME_WORDS.get(_INFLECTED.sub("", word.lower())):
            rest = " ".join((*typed[:place], *typed[place + 1 :]))
            path = address(replace(wanted, q=rest, outcome=name, page=1))
            return {"outcome": name, "label": LABELS[name], "q": rest, "path": path}
    return None


def address(wanted: Search, path: str = "/suche") -> str:
    query = urlencode(wanted.arguments())
    return f"{path}?{query}" if query else path


def hits(conn: sqlite3.Connection, found: Iterable[Hit]) -> list[Row]:
    """Each hit with the page it leads to; the runs of title and snippet say what is to be marked."""
    found = list(found)
    belongs = owners(conn, found)
    places = documents.places(conn, {str(hit.id): hit.snippet for hit in found if hit.kind == "files"})
    return [
        {
            "kind": hit.kind,
            "kind_label": ONE[hit.kind],
            "id": hit.id,
            "title": hit.title,
            "path": path_of(hit) + places.get(str(hit.id), ""),
            "date": hit.date,
            "body": hit.body,
            "body_path": addresses.organization(hit.body_id) if hit.body_id and hit.body else None,
            "number": hit.number,
            "cancelled": hit.cancelled,
            "reference": hit.reference,
            "paper_path": addresses.paper(hit.paper_id, hit.slug)
            if hit.paper_id is not None and hit.kind == "agenda_items"
            else None,
            "outcome": hit.outcome,
            "votes": hit.votes,
            "belongs_to": belongs.get(str(hit.id), []),
            "url": hit.url,
            "title_runs": hit.title_runs,
            "snippet": hit.snippet,
        }
        for hit in found
    ]


def owners(conn: sqlite3.Connection, found: Iterable[Hit]) -> dict[str, list[Row]]:
    """By id of the documents among the hits what they belong to, with its page."""
    return documents.owners(conn, [str(hit.id) for hit in found if hit.kind == "files"])


#: One of KINDS.
ONE = {
    "agenda_items": "Tagesordnungspunkt",
    "papers": "Vorlage",
    "meetings": "Sitzung",
    "persons": "Person",
    "organizations": "Gremium",
    "files": "Dokument",
}


def path_of(hit: Hit) -> str:
    return addresses.record(hit.kind, hit.id, hit.slug)


#: Of all hits as a file.
EXPORT_COLUMNS = (
    *("art", "kennung", "datum", "gremium", "titel", "ergebnis", "abstimmung", "vorlage", "top"),
    *("gehoert_zu", "adresse"),
)


def exported(conn: sqlite3.Connection, wanted: Search, absolute: Callable[[str], str]) -> Iterator[list[Any]]:
    """Rows of EXPORT_COLUMNS; ``gehoert_zu``: what a document belongs to."""
    found = export(conn, wanted)
    while some := list(islice(found, PAGE_SIZE)):
        belongs = owners(conn, some)
        for hit in some:
            of = belongs.get(str(hit.id), [])
            said = [ONE[hit.kind], hit.id, hit.date, hit.body, hit.title, LABELS.get(hit.outcome or ""), int(hit.votes)]
            number = hit.reference or next((owner["reference"] for owner in of if owner["reference"]), None)
            labels = "; ".join(owner["label"] for owner in of) or None
            yield [*said, number, hit.number, labels, absolute(path_of(hit))]


def facets(found: Results) -> list[Row]:
    """What each further filter would leave, as links; a filter in use is taken back by its link."""
    wanted = replace(found.search, page=1)
    listed = []
    for name, label in FACETS.items():
        chosen = _chosen(wanted, name)
        pattern, without = address(replace(wanted, **_setting(name, _ANY))), address(replace(wanted, **_UNSET[name]))
        values = [
            {
                "value": count.value,
                "label": count.label,
                "count": count.count,
                "chosen": count.value == chosen,
                "path": without if count.value == chosen else pattern.replace(_quoted(_ANY), _quoted(count.value)),
            }
            for count in found.counts.get(name, [])
        ]
        if values:
            listed.append({"name": name, "label": label, "chosen": bool(chosen), "values": values})
    return listed


#: Stands for the value of a filter; Search.from_arguments lets none of it through.
_ANY = "\0"
_quoted = lru_cache(10_000)(quote_plus)


def _setting(name: str, value: str) -> dict[str, Any]:
    if name == "year":
        return {"since": f"{value}-01-01", "until": f"{value}-12-31"}
    return {name: True if name == "votes" else value}


def _chosen(wanted: Search, name: str) -> str:
    """The value in use; of years only a whole one."""
    if name == "year":
        year = wanted.since[:4]
        return year if (wanted.since, wanted.until) == tuple(_setting(name, year).values()) else ""
    return "1" * wanted.votes if name == "votes" else getattr(wanted, name)


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
