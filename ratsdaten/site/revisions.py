"""What the source changed in a row after its first publication: on the row's page, /aenderungen and /aenderung/<id>."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ratsdaten.charts.text import day
from ratsdaten.clock import zone
from ratsdaten.serving.answers import Problem

from . import addresses
from .page import Arguments, Page, Row, as_of, number, one, rows
from .selection import Selection, list_data, part
from .words import many, moment, size

#: Table -> how an address calls its rows, and what people call one and several of them.
KINDS: dict[str, tuple[str, str, str]] = {
    "agenda_items": ("top", "Tagesordnungspunkt", "Tagesordnungspunkte"),
    "papers": ("vorlage", "Vorlage", "Vorlagen"),
    "consultations": ("beratung", "Beratung einer Vorlage", "Beratungen von Vorlagen"),
    "meetings": ("sitzung", "Sitzung", "Sitzungen"),
    "organizations": ("gremium", "Gremium", "Gremien"),
    "persons": ("person", "Person", "Personen"),
    "memberships": ("mitglied", "Mitgliedschaft", "Mitgliedschaften"),
    "files": ("dokument", "Dokument", "Dokumente"),
}
#: What people call the columns that a page of the source prints; others are our own business.
_COMMON = {
    "name": "Name",
    "number": "Nummer",
    "date": "Datum",
    "start_date": "Beginn",
    "end_date": "Ende",
    "status": "Öffentlichkeit",
    "role": "Aufgabe",
    "result": "Ergebnis",
    "organization_id": "Gremium",
    "organization_name": "Gremium",
    "meeting_id": "Sitzung",
    "agenda_item_id": "Tagesordnungspunkt",
    "paper_id": "Vorlage",
    "person_id": "Person",
}
_WORDS: dict[str, dict[str, str]] = {
    "agenda_items": {
        "name": "Betreff",
        "position": "Platz auf der Tagesordnung",
        "public": "Öffentlichkeit",
        "supplement": "Nachtrag",
        "result": "Beschlussart",
        "minutes_text": "Wortprotokoll",
        "resolution_text": "Beschluss",
        "vote_text": "Abstimmungsergebnis",
    },
    "papers": {
        "name": "Betreff",
        "reference": "Vorlagennummer",
        "paper_type": "Art",
        "author": "Verfasser",
        "lead": "Federführung",
        "text": "Text",
    },
    "consultations": {"status": "Stand"},
    "meetings": {
        "name": "Bezeichnung",
        "start_time": "Beginn",
        "end_time": "Ende",
        "occasion": "Anlass",
        "room": "Raum",
        "location": "Ort",
        "cancelled": "Ausfall",
    },
    "organizations": {"organization_type": "Art"},
    "persons": {
        "family_name": "Nachname",
        "given_name": "Vorname",
        "form_of_address": "Anrede",
        "title": "Titel",
    },
    "memberships": {"role": "Art der Mitarbeit", "affiliation": "Funktion oder Fraktion"},
    "files": {"modified": "Datum der Datei", "size": "Größe", "url": "Adresse"},
}
#: Rich text -> its words, under which it is shown.
_RICH = {"minutes_html": "minutes_text", "resolution_html": "resolution_text", "vote_html": "vote_text",
         "text_html": "text"}  # fmt: skip
#: Yes or no, as people read it: 0, 1.
_FLAGS = {
    "public": ("nichtöffentlich", "öffentlich"),
    "supplement": ("nein", "ja"),
    "cancelled": ("nein", "ja"),
}
_DAYS = ("date", "start_date", "end_date", "modified")
#: What is told of an item that is not public (any more): nothing it once said.
_HARMLESS = ("public", "position", "number", "supplement")
#: Changes that a row's own page shows, and that a CSV holds: 8 MB, made in a second.
NEWEST, MOST = 10, 10_000
#: Letters of a text in a CSV; all of them are in the change's own.
_EXCERPT = 300


# ---- of one row --------------------------------------------------------------------------------


def revisions(conn: sqlite3.Connection, table: str, key: object) -> Row:
    """``changes``: the latest changes of a row (see ``changes_of``), ``changes_total``: how many there are."""
    found = [row["id"] for row in rows(conn, "revisions_of_row", table_name=table, row_id=str(key))]
    return {"changes": list(changes_of(conn, found[:NEWEST])), "changes_total": len(found)}


def revision(conn: sqlite3.Connection, key: str, _: Arguments) -> Page:
    """One change in full: /aenderung/17. Raises Problem (404)."""
    what = "Eine Änderung"
    found = next(changes_of(conn, [number(key, what)]), None)
    if found is None:
        raise Problem(404, f"{what} mit dieser Nummer gibt es hier nicht, oder die Quelle hat die Seite zurückgezogen.")
    return Page(
        template="aenderung.html",
        path=found["path"],
        title=f"Änderung: {found['title'] or found['kind']}",
        description=f"Was die Quelle hier geändert hat, bemerkt am {moment(found['observed_at'])}.",
        data={"change": found},
        rows=flat([found], complete=True),
        parents=[("Änderungen", "/aenderungen")],
        source_url=found["source_url"],
        fetched_at=found["observed_at"],
        noindex=True,  # what the source no longer says is not for search engines
    )


# ---- of all rows -------------------------------------------------------------------------------


def all_revisions(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Page:
    """The latest changes of all pages; filters art, von and bis."""
    offered = {slug: label for slug, _, label in KINDS.values()}
    selection = Selection(arguments)
    first, end = between(*selection.period())
    kind = selection.choose("art", "Die Art", offered)
    table = next((table for table, words in KINDS.items() if words[0] == kind), "")
    asked = {"first": first, "end": end, "table_name": table}
    total = one(conn, "revisions_count", **asked)["number"]  # type: ignore[index]
    shown = part(arguments, total)
    found = [row["id"] for row in rows(conn, "revisions_observed", **asked, limit=shown.limit, offset=shown.offset)]
    base = selection.path("/aenderungen")
    days = [
        f"{word} {day(selection.chosen[name])}"
        for name, word in (("von", "ab"), ("bis", "bis"))
        if name in selection.chosen
    ]
    said = " ".join(filter(None, [offered.get(kind or ""), *days]))
    return Page(
        template="aenderungen.html",
        path=shown.path(base),
        title="Änderungen" + (f": {said}" if said else ""),
        description=f"{many(total, 'Änderung', 'Änderungen')} an Seiten der Quelle nach ihrer ersten Veröffentlichung, "
        "die zuletzt bemerkten zuerst.",
        data={
            "changes": list(changes_of(conn, found)),
            **list_data(selection, shown, total, base),
            "choices": {"art": offered},
        },
        rows=lambda conn: listed(conn, asked),
        fetched_at=as_of(conn),
        parents=[("Änderungen", "/aenderungen")] if said else (),
        feed=base.replace("/aenderungen", "/aenderungen.atom", 1),
        noindex=bool(selection.chosen),
    )


def between(first: str, last: str) -> tuple[str, str]:
    """From periods of local time (2024, 2024-05, 2024-05-06; "": no limit), both included, to moments of the database:
    the first one within and the first one after."""
    return (_begin(first, 0) if first else ""), (_begin(last, 1) if last else "~")


def _begin(period: str, later: int) -> str:
    """When a period, or the one after it, begins, in UTC."""
    year, month, day_ = (int(part) for part in (period + "-01-01")[:10].split("-"))
    if len(period) == 4:
        year += later
    elif len(period) == 7:
        year, month = year + (month + later - 1) // 12, (month + later - 1) % 12 + 1
    try:
        begun = datetime.combine(date(year, month, day_), time(), zone.get())
        if len(period) == 10:
            begun += timedelta(days=later)
        return begun.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):  # the ends of the calendar
        return "~" if later else ""


def listed(conn: sqlite3.Connection, asked: Mapping[str, str]) -> Iterator[Row]:
    """What fits the filters, for a table."""
    ids = [row["id"] for row in rows(conn, "revisions_observed", **asked, limit=MOST, offset=0)]
    for start in range(0, len(ids), 500):
        yield from flat(changes_of(conn, ids[start : start + 500]))


def flat(changes: Iterator[Row] | Sequence[Row], complete: bool = False) -> list[Row]:
    """One row a field."""
    return [
        {
            **{name: change[name] for name in ("id", "observed_at", "table_name", "row_id", "kind", "title", "path")},
            "field": field["label"],
            "old": field["old"] if complete else _excerpt(field["old"], field["new"]),
            "new": field["new"] if complete else _excerpt(field["new"], field["old"]),
        }
        for change in changes
        for field in change["fields"]
    ]


def _excerpt(text: str | None, other: str | None) -> str | None:
    """A long text from shortly before the first letter in which the two differ."""
    if not text or len(text) <= _EXCERPT:
        return text
    same = next((place for place, (one, two) in enumerate(zip(text, other or "")) if one != two), 0)
    start = max(0, same - _EXCERPT // 5)
    end = start + _EXCERPT
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


# ---- a change ----------------------------------------------------------------------------------


def changes_of(conn: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Row]:
    """Of each revision whose row is still shown: when it was observed, what kind of row it is and what it is called now
    (``title``, ``context``), its page (``record``), its own (``path``), ``fields`` (column, label, old, new: as people
    read them, None: nothing) and ``layout`` (labels of texts that only look different now)."""
    for row in rows(conn, "revisions", ids=json.dumps(ids)):
        table, slug = row["table_name"], row.pop("slug")
        record = addresses.record(row.pop("record_table"), row.pop("record_key"), slug)
        changed = pairs(row.pop("changed"))
        if row.pop("public") == 0:
            changed = {column: pair for column, pair in changed.items() if column in _HARMLESS}
        words = _COMMON | _WORDS[table]
        del row["place"]
        yield row | {
            "kind": KINDS[table][1],
            "path": addresses.revision(row["id"]),
            "record": record,
            "fields": [
                {
                    "column": column,
                    "label": words[column],
                    "old": said(conn, column, pair[0]),
                    "new": said(conn, column, pair[1]),
                }
                for column, pair in changed.items()
                if column in words
            ],
            "layout": [words[text] for rich, text in _RICH.items() if rich in changed and text not in changed],
        }


def pairs(changed: str) -> dict[str, tuple[Any, Any]]:
    """revisions.changed: column -> old and new value, text or a whole number; what has not that shape is left out."""
    try:
        found = json.loads(changed, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    return {
        column: (pair[0], pair[1])
        for column, pair in (found.items() if isinstance(found, dict) else ())
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(v, str | int | None) for v in pair)
    }


def said(conn: sqlite3.Connection, column: str, value: str | int | None) -> str | None:
    """A value as people read it."""
    if value is None or value == "":
        return None
    if column in _FLAGS and value in (0, 1):
        return _FLAGS[column][int(value)]
    if column == "size" and isinstance(value, int):
        return size(value)
    text = str(value).encode("utf-8", "replace").decode()
    if column in _DAYS:
        return day(text)
    if column.endswith("_id") and len(text) <= 18:
        known = one(conn, "revision_reference", column=column, key=text)
        return (known and known["name"]) or f"Nummer {text}"
    return text
