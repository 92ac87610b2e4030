"""The pages of bodies: /gremien and /gremium/au235."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

from ratsdaten.charts.text import count, number
from ratsdaten.groups import fold
from ratsdaten.serving.answers import Problem

from . import addresses
from .meetings import today
from .page import Arguments, Moved, Page, Row, as_of, one, rows
from .terms import TERMS, is_current, terms_of

#: Kinds of bodies in the order of the list, and what stands above them; others follow by the alphabet.
KINDS = {
    "Rat": "Rat",
    "Ausschuss": "Ausschüsse",
    "Unterausschuss": "Unterausschüsse",
    "Bezirksvertretung": "Bezirksvertretungen",
    "Integrationsrat": "Integrationsrat",
    "Beirat": "Beiräte",
}
GROUPS = ("Fraktion", "Gruppe")
OTHERS = "Weitere Gremien"

_CHAIR = re.compile(r"vorsitz|vorsteh|bürgermeister", re.I)
_DEPUTY = re.compile(r"\bstell?v|\bstellv|vertret", re.I)
_BESIDE = re.compile(r"beratend|verwaltung|schriftf", re.I)


def organizations(conn: sqlite3.Connection, _: str, __: Arguments) -> Page:
    """All bodies by kind, those that exist now first, and the groups."""
    now = today()
    found = [{**row, "current": is_current(row, now)} for row in rows(conn, "bodies", today=now)]
    groups = [row for row in found if row["id"].startswith("fr") or row["organization_type"] in GROUPS]
    bodies = [row for row in found if row not in groups]
    existing = [row for row in bodies if row["current"]]
    return Page(
        template="gremien.html",
        path="/gremien",
        title="Gremien",
        data={
            "kinds": by_kind(existing),
            "dissolved": by_kind(row for row in bodies if not row["current"]),
            "groups": groups,
        },
        rows=[{**row, "current": int(row["current"])} for row in found],
        description=f"Rat, Ausschüsse, Bezirksvertretungen und Beiräte: {count(len(existing), 'Gremium', 'Gremien')} "
        f"mit Mitgliedern, Sitzungen und Beschlüssen.",
        fetched_at=as_of(conn),
    )


def by_kind(bodies: Iterable[Row]) -> list[Row]:
    """One entry a kind: its heading and its bodies."""
    kinds: dict[str, list[Row]] = {}
    for body in bodies:
        kinds.setdefault(body["organization_type"] or OTHERS, []).append(body)
    order = [*KINDS, *sorted(kinds.keys() - KINDS.keys() - {OTHERS}), OTHERS]
    return [
        {"kind": kind, "heading": KINDS.get(kind, kind), "organizations": kinds[kind]}
        for kind in order
        if kind in kinds
    ]


def organization(conn: sqlite3.Connection, key: str, _: Arguments) -> Page:
    """Meetings, members, papers, ballots and activity of one body. Raises Problem (404), Moved."""
    now = today()
    body = one(conn, "body", id=key, today=now)
    if body is None:
        if key != key.lower() and one(conn, "body", id=key.lower(), today=now):
            raise Moved(addresses.organization(key.lower()))
        raise Problem(404, "Ein Gremium mit dieser Kennung gibt es hier nicht.")
    path = addresses.organization(body["id"])
    title = body["name"] or f"Gremium ohne öffentlichen Namen ({body['id']})"
    members = sorted(rows(conn, "body_members", id=body["id"]), key=rank)
    exists = is_current(body, now)
    sitting = [member for member in members if exists and is_current(member, now)]
    own = {"id": body["id"], "today": now}
    years = rows(conn, "body_years", **own)
    return Page(
        template="gremium.html",
        path=path,
        title=title,
        data={
            "organization": {**body, "current": exists},
            "coming": rows(conn, "body_coming", **own),
            "past": rows(conn, "body_past", **own),
            "members": sitting,
            "member_count": persons(sitting),
            "terms": by_term(members, now),
            "papers": rows(conn, "body_papers", **own),
            "ballots": rows(conn, "body_ballots", id=body["id"]),
            "years": years,
        },
        rows=members,
        description=f"{title}: "
        + ", ".join(
            filter(
                None,
                (
                    f"{count(persons(sitting), 'Mitglied', 'Mitglieder')} heute" if sitting else "",
                    f"{count(body['meetings'], 'Sitzung', 'Sitzungen')} seit {body['first_meeting'][:4]}"
                    if body["meetings"]
                    else "noch keine Sitzung verzeichnet",
                    f"{number(body['ballots'])} Abstimmungen" if body["ballots"] else "",
                ),
            )
        )
        + ".",
        parents=[("Gremien", "/gremien")],
        source_url=body["source_url"],
        fetched_at=body["fetched_at"],
        feed=f"{path}.atom",
        calendar=f"{path}.ics",
    )


def rank(member: Row) -> tuple[Any, ...]:
    """The chair, then deputies of the chair, members, and those who only sit in or stand in."""
    role = member["role"] or ""
    deputy, chair = bool(_DEPUTY.search(role)), bool(_CHAIR.search(role))
    place = (1 if deputy else 0) if chair else 3 if deputy or _BESIDE.search(role) else 2
    return place, fold(member["family_name"] or member["name"] or ""), fold(member["name"] or "")


def persons(members: Iterable[Row]) -> int:
    """Each once, however many roles they have."""
    return len({member["person_id"] or member["name"] for member in members})


def by_term(members: Iterable[Row], now: str) -> list[Row]:
    """Legislative terms with those who were members then, the newest first."""
    found: dict[str, list[Row]] = {}
    for member in members:
        for term in terms_of(member, now):
            found.setdefault(term.key, []).append(member)
    return [
        {**term.row(), "count": persons(found[term.key]), "members": found[term.key]}
        for term in reversed(TERMS)
        if term.key in found
    ]
