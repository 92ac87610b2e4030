"""Papers: /vorlagen and /vorlage/2021/0402, with their way through the bodies."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from ratsdaten.charts.text import day, number, sentences
from ratsdaten.groups import fold
from ratsdaten.outcomes import OUTCOMES
from ratsdaten.serving.answers import Problem, short

from . import addresses
from .page import Arguments, Moved, Page, Row, as_of, one, rows
from .revisions import revisions
from .rich import sections
from .selection import Selection, list_data, part
from .words import is_coming, many, outcome

LONGEST = 60  # letters of a reference
UNTITLED = "Vorlage ohne Titel"


# ---- the list ----------------------------------------------------------------------------------


def papers(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Page:
    """Papers, the newest first; filters art, jahr, ergebnis and fraktion."""
    choices: dict[str, list[str]] = {}
    for choice in rows(conn, "paper_choices"):
        choices.setdefault(choice["kind"], []).append(choice["value"])
    groups = {slug(name): name for name in sorted(choices.get("fraktion", ()), key=str.casefold)}
    outcomes = {each.name: each.label for each in OUTCOMES}
    years = choices.get("jahr", [])
    if given := arguments.get("fraktion"):  # by its name, too, which other pages and people write
        arguments = {**{name: arguments[name] for name in arguments}, "fraktion": slug(given) or given}

    selection = Selection(arguments)
    asked = {
        "art": selection.choose("art", "Die Art", choices.get("art", ())),
        "jahr": selection.choose("jahr", "Das Jahr", years),
        "ergebnis": selection.choose("ergebnis", "Das Ergebnis", outcomes),
        "fraktion": groups.get(selection.choose("fraktion", "Die Fraktion", groups) or ""),
    }
    total = one(conn, "papers_count", **asked)["number"]  # type: ignore[index]
    shown = part(arguments, total)
    found = rows(conn, "papers", **asked, limit=shown.limit, offset=shown.offset)
    said = [asked["art"], asked["fraktion"], asked["jahr"], asked["ergebnis"] and outcome(asked["ergebnis"])]
    of = ", ".join(filter(None, said))
    base = selection.path("/vorlagen")
    return Page(
        template="vorlagen.html",
        path=shown.path(base),
        title="Vorlagen" + (f": {of}" if of else ""),
        description=f"{many(total, 'Vorlage', 'Vorlagen')} des Rates und seiner Gremien mit Ergebnis, die neuesten "
        "zuerst.",
        data={
            "papers": found,
            **list_data(selection, shown, total, base),
            "choices": {"art": choices.get("art", []), "jahr": years, "ergebnis": outcomes, "fraktion": groups},
        },
        rows=lambda conn: rows(conn, "papers", **asked, limit=-1, offset=0),
        parents=[("Vorlagen", "/vorlagen")] if of else (),
        fetched_at=as_of(conn),
        feed=base.replace("/vorlagen", "/vorlagen.atom", 1),
        noindex=bool(selection.chosen),
    )


def slug(group: str) -> str:
    return fold(group, "-").strip("-")


# ---- one paper ---------------------------------------------------------------------------------


def paper(conn: sqlite3.Connection, key: str, _: Arguments) -> Page:
    """A paper by its reference, as people write it, or its number.

    Raises Moved where it has another address, Problem (404) where there is none.
    """
    found = rows(conn, "papers_by_reference", reference=key)
    if len(found) == 1 and found[0]["slug"] == key:
        return page_of(conn, found[0]["id"])
    if key.isascii() and key.isdigit() and len(key) <= 18 and (row := one(conn, "paper", id=int(key))):
        if row["slug"] in (key, None):
            return page_of(conn, int(key))
        raise Moved(addresses.paper(row["id"], row["slug"]))
    found = found or resembling(conn, key)
    if not found:
        raise Problem(404, f"Eine Vorlage mit der Nummer „{short(key)}“ gibt es hier nicht.")
    if len(found) == 1:
        raise Moved(addresses.paper(found[0]["id"], found[0]["slug"]), for_good=False)
    return Page(
        template="vorlage_mehrere.html",
        path=addresses.paper(0, key),
        title=f"Vorlagen mit der Nummer {short(key)}",
        description=f"Die Nummer {short(key)} tragen {number(len(found))} Vorlagen.",
        data={"papers": found},
        rows=found,
        parents=[("Vorlagen", "/vorlagen")],
        noindex=True,
    )


def resembling(conn: sqlite3.Connection, key: str) -> list[Row]:
    """Papers whose reference differs only in separators, case and leading noughts: ``2021-402`` for ``2021/0402``."""
    start = re.match(r"\w+", key)
    if not start or len(key) > LONGEST or not (wanted := parts(key))[1:]:
        return []
    alike = rows(conn, "papers_like_reference", start=start[0])
    return [
        row
        for each in alike
        if parts(each["reference"]) == wanted
        for row in rows(conn, "papers_by_reference", reference=each["reference"])
    ]


def parts(reference: str) -> list[str]:
    """Its numbers without leading noughts, and its letters."""
    return [part.lstrip("0") or "0" if part.isdecimal() else part.casefold() for part in _PARTS.findall(reference)]


_PARTS = re.compile(r"\d+|[^\W\d_]+")


def page_of(conn: sqlite3.Connection, key: int) -> Page:
    row = one(conn, "paper", id=key)
    if row is None:
        raise Problem(404, "Eine Vorlage mit dieser Nummer gibt es hier nicht.")
    text_html = row.pop("text_html")
    title = " ".join((row["name"] or UNTITLED).split())
    way = stations(conn, key)
    drawn = next((s["item"] for s in reversed(way) if s["item"] and s["item"]["yes"] is not None), None)
    return Page(
        template="vorlage.html",
        path=addresses.paper(row["id"], row["slug"]),
        title=f"{title} ({row['reference']})" if row["reference"] else title,
        description=description(row),
        data={
            "paper": row,
            "groups": [each["meaning"] for each in rows(conn, "paper_authors", author=row["author"])],
            "stations": way,
            "sections": sections(text_html),
            "files": rows(conn, "paper_files", id=key),
            **revisions(conn, "papers", key),
        },
        rows=[flat(station) for station in way],
        parents=[("Vorlagen", "/vorlagen")],
        source_url=row["source_url"],
        fetched_at=row["fetched_at"],
        picture=f"/einbetten/abstimmung/to{drawn['id']}-{drawn['ballot']}.png" if drawn else "",
    )


def description(row: Row) -> str:
    kind = " ".join(filter(None, (row["paper_type"] or "Vorlage", row["reference"])))
    dated = f" vom {day(row['date'])}" if row["date"] else ""
    by = f", {row['author']}" if row["author"] else ""
    when = f" am {day(row['decided'])}" if row["decided"] else ""
    return sentences(f"{kind}{dated}{by}", f"Ergebnis: {outcome(row['outcome'])}{when}" if row["outcome"] else "")


# ---- its way -----------------------------------------------------------------------------------


def stations(conn: sqlite3.Connection, paper: int) -> list[Row]:
    """The paper's way through the bodies, in time: each line of its Beratungsfolge with the agenda item it led to, and
    the items that stand in no line.

    A line that links no item gets that of its body and day. ``state`` is done (a result is known), coming (a day to
    come, or none yet) or unsaid (the day is past and nothing is known of it).
    """
    items = {item["id"]: item for item in rows(conn, "paper_items", paper=paper)}
    lines = rows(conn, "paper_consultations", paper=paper)
    free = {key: item for key, item in items.items() if key not in {line["agenda_item_id"] for line in lines}}
    found = []
    for line in sorted(lines, key=place):
        linked = line.pop("agenda_item_id")
        if linked is None:
            linked = next((key for key, item in free.items() if same_station(line, item)), None)
            free.pop(linked, None)
        found.append({**line, "item": items.get(linked)})
    known = ("date", "organization_id", "organization", "meeting_id", "cancelled")
    for item in free.values():
        blank = dict.fromkeys(("id", "role", "meaning", "status", "result"))
        found.append({**blank, **{name: item[name] for name in known}, "item": item})
    for station in found:
        station["state"] = state(station)
    return sorted(found, key=lambda station: (station["date"] is None, station["date"]))


def place(line: Row) -> tuple[int, str]:
    """Where a line stands in the Beratungsfolge: vo77-2 is the second. Another system's ids go by the alphabet."""
    number = re.search("[0-9]{1,9}$", line["id"])
    return int(number[0]) if number else 0, line["id"]


def same_station(line: Row, item: Row) -> bool:
    body = ("organization_id",) if line["organization_id"] else ("organization",)
    return line["date"] is not None and all(line[name] == item[name] for name in ("date", *body))


def state(station: Row) -> str:
    item = station["item"]
    said = station["result"] or (item and (item["result"] or item["outcome"] not in (None, "open") or item["ballot"]))
    if said:
        return "done"
    return "coming" if station["date"] is None or is_coming(station["date"]) else "unsaid"


def flat(station: Row) -> dict[str, Any]:
    """A station for a table."""
    item = station["item"] or {}
    kept = ("date", "organization_id", "organization", "role", "status", "meeting_id")
    ballot = ("yes", "no", "abstain", "unanimous", "consistent")
    return {
        **{name: station[name] for name in kept},
        "agenda_item_id": item.get("id"),
        "result": item.get("result") or station["result"],
        "outcome": item.get("outcome"),
        **{name: item.get(name) for name in ballot},
    }
