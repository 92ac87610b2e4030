"""The pages of people: /personen and /person/789."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ratsdaten.charts.text import count, listed
from ratsdaten.groups import fold
from ratsdaten.serving.answers import Problem

from . import addresses
from .meetings import today
from .page import Arguments, Page, Row, as_of, number, one, rows
from .selection import Selection, list_data, part
from .terms import is_current

PAGE_SIZE = 100
OTHER = "andere"  # letter of a name that begins with none


def people(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Page:
    """Everybody by the alphabet, those in a body now first; ``fraktion``, ``buchstabe`` and ``seite`` select."""
    now = today()
    groups = {group["name"]: group for group in rows(conn, "persons_groups")}
    selection = Selection(arguments)
    group = selection.choose("fraktion", "Die Fraktion", groups)
    found = sorted(rows(conn, "persons", today=now, group=group or ""), key=place)
    letters = sorted({letter(person) for person in found}, key=lambda name: (name == OTHER, name))
    chosen = selection.choose("buchstabe", "Den Anfangsbuchstaben", letters)
    found = [person for person in found if chosen is None or letter(person) == chosen]
    shown = part(arguments, len(found), PAGE_SIZE)
    path = selection.path("/personen")
    current = sum(person["current"] for person in found)
    return Page(
        template="personen.html",
        path=shown.path(path),
        title=f"Personen: {group}" if group else "Personen",
        data={
            "persons": with_memberships(conn, found[shown.offset : shown.offset + shown.limit], now),
            "current": current,
            "groups": list(groups.values()),
            "letters": letters,
            **list_data(selection, shown, len(found), path),
        },
        rows=lambda conn: [flat(person) for person in with_memberships(conn, found, now)],
        description=f"{count(len(found), 'Person', 'Personen')} aus Rat, Ausschüssen und Bezirksvertretungen, "
        f"davon {current} heute in einem Gremium.",
        fetched_at=as_of(conn),
        parents=[("Gremien", "/gremien")],
        noindex=bool(selection.chosen),
    )


def flat(person: Row) -> Row:
    columns = {name: person[name] for name in ("id", "name", "family_name", "given_name", "title", "until")}
    bodies = (body["name"] or body["id"] for body in person["organizations"])
    lists = {"groups": "; ".join(person["groups"]), "organizations": "; ".join(bodies)}
    return {**columns, "current": int(person["current"]), **lists}


def place(person: Row) -> tuple[Any, ...]:
    return not person["current"], fold(person["family_name"] or person["name"]), fold(person["given_name"] or "")


def letter(person: Row) -> str:
    first = fold(person["family_name"] or person["name"])[:1].upper()
    return first if "A" <= first <= "Z" else OTHER


def with_memberships(conn: sqlite3.Connection, persons: list[Row], now: str) -> list[Row]:
    """With groups and bodies of today, else those of the past, and ``until``: when the last membership ended."""
    found: dict[int, list[Row]] = {person["id"]: [] for person in persons}
    for row in rows(conn, "persons_memberships", ids=json.dumps(list(found))):
        found[row["person_id"]].append(row)
    return [summed(person, found[person["id"]], now) for person in persons]


def summed(person: Row, memberships: list[Row], now: str) -> Row:
    current = [row for row in memberships if is_current(row, now)]
    used = current or memberships
    bodies = {
        row["organization_id"]: row["organization"] for row in used if not row["organization_id"].startswith("fr")
    }
    ends = [row["end_date"] for row in memberships if row["end_date"]]
    return {
        **person,
        "current": bool(current),
        "groups": list(dict.fromkeys(row["group_name"] for row in used if row["group_name"])),
        "organizations": [{"id": body, "name": name} for body, name in bodies.items()],
        "until": None if current else max(ends, default=None),
    }


def person(conn: sqlite3.Connection, key: str, _: Arguments) -> Page:
    """Memberships and roles of one person, now and before. Raises Problem (404)."""
    what = "Eine Person"
    found = one(conn, "person", id=number(key, what))
    if found is None:
        raise Problem(404, f"{what} mit dieser Nummer gibt es hier nicht.")
    name = found["name"] or "Person ohne öffentlichen Namen"
    day = today()
    every = rows(conn, "person_memberships", id=found["id"])
    now = [row for row in every if is_current(row, day)]
    groups = group_times(every)
    current_groups = list(dict.fromkeys(row["group_name"] for row in now if row["group_name"]))
    bodies = dict.fromkeys(row["organization"] or row["organization_id"] for row in now)
    return Page(
        template="person.html",
        path=addresses.person(found["id"]),
        title=name,
        data={
            "person": found,
            "current_groups": current_groups,
            "current": now,
            "coming": [row for row in every if (row["start_date"] or "") > day],
            "former": [row for row in every if row["end_date"] and row["end_date"] < day],
            "groups": groups,
        },
        rows=every,
        description=f"{name}{f' ({listed(current_groups)})' if current_groups else ''}: "
        + (f"Mitglied in {listed(bodies)}." if bodies else "heute in keinem Gremium verzeichnet."),
        parents=[("Gremien", "/gremien"), ("Personen", "/personen")],
        source_url=found["source_url"],
        fetched_at=found["fetched_at"],
    )


def group_times(every: list[Row]) -> list[Row]:
    """Each group with the first and last day that memberships name; None where one of them names no day."""
    found: dict[str, list[Row]] = {}
    for row in every:
        if row["group_name"]:
            found.setdefault(row["group_name"], []).append(row)
    times = [
        {"name": name, "start_date": first(rows_, "start_date", min), "end_date": first(rows_, "end_date", max)}
        for name, rows_ in found.items()
    ]
    return sorted(times, key=lambda row: row["start_date"] or "", reverse=True)


def first(members: list[Row], column: str, choose: Any) -> str | None:
    days = [row[column] for row in members]
    return None if None in days else choose(days)
