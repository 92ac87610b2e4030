"""The pages of groups: /fraktionen and /fraktion/spd."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from ratsdaten.charts.text import count
from ratsdaten.groups import fold, known
from ratsdaten.outcomes import OUTCOMES
from ratsdaten.serving.answers import Problem, short

from . import addresses
from .meetings import today
from .organizations import persons
from .page import Arguments, Moved, Page, Row, as_of, rows
from .terms import TERMS, Term, is_current, term_of

#: No groups, though their votes stand in a column of their own.
NO_GROUP = {
    "fraktionslos": "Fraktionslose Mitglieder sind keine Fraktion: Jede und jeder stimmt für sich. Deshalb steht hier "
    "nicht, mit wem sie stimmen.",
    "OB": "Das Stadtoberhaupt ist keine Fraktion, hat aber im Rat und in manchen Ausschüssen eine eigene Stimme. Die "
    "Niederschriften führen sie in einer eigenen Spalte.",
}
#: Ballots below which a share says nothing, as in the statistics.
ENOUGH = 10


def groups(conn: sqlite3.Connection, _: str, __: Arguments) -> Page:
    """All groups that vote or have members here, those of the present first."""
    now = today()
    term = term_of(now)
    found = rows(conn, "groups", today=now, since=term.start_date if term else now)
    for group in found:
        group["is_group"] = group["name"] not in NO_GROUP
        group["current"] = bool(group["persons"] or group["voted_lately"])
        group["path"] = addresses.group(group["name"])
        group["organization_ids"] = (group["organization_ids"] or "").split()
    existing = [group for group in found if group["is_group"] and group["current"]]
    return Page(
        template="fraktionen.html",
        path="/fraktionen",
        title="Fraktionen und Gruppen",
        data={
            "current": existing,
            "former": [group for group in found if group["is_group"] and not group["current"]],
            "others": [group for group in found if not group["is_group"]],
        },
        rows=[
            {
                **{name: group[name] for name in ("name", "full_name", "color", "in_council", "persons", "ballots")},
                "current": int(group["current"]),
                "is_group": int(group["is_group"]),
            }
            for group in found
        ],
        description=f"{count(len(existing), 'Fraktion oder Gruppe', 'Fraktionen und Gruppen')}: ihre Mitglieder, ihre "
        "Anträge und wie sie abstimmen.",
        parents=[("Gremien", "/gremien")],
        fetched_at=as_of(conn),
    )


def group(conn: sqlite3.Connection, key: str, arguments: Arguments) -> Page:
    """Members, seats, voting record and motions of one group; ``wahlperiode`` selects whom it voted with when.

    Raises Problem (404), Moved.
    """
    now = today()
    found = named(conn, key)
    name, path = found["name"], addresses.group(found["name"])
    bodies = rows(conn, "group_organizations", group=name)
    members = rows(conn, "group_members", group=name)
    sitting = [member for member in members if is_current(member, now)]
    years = sides(conn, name, "", "9")
    voted = [term for term in TERMS if any(overlaps(year, term) for year in years)]
    wanted = arguments.get("wahlperiode", "").strip()
    term = next((term for term in voted if term.key == wanted), voted[-1] if voted else None)
    hints = []
    if wanted and (term is None or term.key != wanted):
        hints.append(f"Für die Wahlperiode „{short(wanted)}“ gibt es hier keine Abstimmungen; gezeigt ist die letzte.")
    outcomes = rows(conn, "group_motions", group=name)
    motions = sum(row["motions"] for row in outcomes)
    ballots, won = (sum(year[column] for year in years) for column in ("ballots", "won"))
    chosen = term is not None and term is not voted[-1]
    newest = bodies[0] if bodies else None
    title = found["full_name"] or name if name in NO_GROUP else name
    return Page(
        template="fraktion.html",
        path=path + (f"?wahlperiode={term.key}" if term and chosen else ""),
        title=title,
        data={
            "group": {**found, "note": NO_GROUP.get(name)},
            "organizations": bodies,
            "members": by_person(sitting),
            "former": former(members, now),
            "seats": seats(rows(conn, "council_members"), name, now),
            "years": years,
            "term": term.row() if term else None,
            "terms": [one_term.row() for one_term in voted],
            "total": {"ballots": ballots, "won": won, "percent": percent(won, ballots)},
            "term_years": sides(conn, name, *days(term)) if term else [],
            "pairs": pairs(conn, name, term) if term and name != "fraktionslos" else None,
            "outcomes": sorted(outcomes, key=lambda row: ORDER.get(row["outcome"], len(ORDER))),
            "motions": motions,
            "latest_motions": rows(conn, "group_latest_motions", group=name) if motions else [],
            "ballots": rows(conn, "group_ballots", group=name),
            "hints": hints,
        },
        rows=years,
        description=f"{found['full_name'] or name}: "
        f"{count(persons(sitting), 'Mitglied', 'Mitglieder')} in den Gremien, {count(motions, 'Antrag', 'Anträge')}, "
        f"{count(ballots, 'umstrittene Abstimmung', 'umstrittene Abstimmungen')} nach Fraktionen.",
        parents=[("Gremien", "/gremien"), ("Fraktionen und Gruppen", "/fraktionen")],
        source_url=newest["source_url"] if newest else None,
        fetched_at=newest["fetched_at"] if newest else as_of(conn),
        feed=f"{path}.atom",
    )


ORDER = {outcome.name: place for place, outcome in enumerate(OUTCOMES)}


def named(conn: sqlite3.Connection, key: str) -> Row:
    """The group an address means. Raises Problem (404), Moved for another spelling."""
    every = rows(conn, "groups_by_name")
    for found in every:
        if unquote(addresses.group(found["name"])) == f"/fraktion/{key}":
            return found
    meant = known(key)
    folded = fold(key)
    for found in every:
        if found["name"] == meant or (folded and fold(found["name"]) == folded):
            raise Moved(addresses.group(found["name"]))
    raise Problem(404, f"Eine Fraktion oder Gruppe „{short(key)}“ gibt es hier nicht.")


def overlaps(year: Row, term: Term) -> bool:
    return year["last"] >= term.start_date and (term.end_date is None or year["first"] <= term.end_date)


def percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole >= ENOUGH else None


def by_person(members: Iterable[Row]) -> list[Row]:
    """Each member once with all bodies, members of the council first."""
    found: dict[Any, Row] = {}
    for member in members:
        one_person = found.setdefault(
            member["person_id"] or member["name"],
            {
                **{name: member[name] for name in ("person_id", "name", "family_name")},
                "council": None,
                "organizations": [],
            },
        )
        entry = {name: member[name] for name in ("organization_id", "organization", "role", "start_date")}
        if member["organization_type"] == "Rat" and one_person["council"] is None:
            one_person["council"] = entry
        elif not member["organization_id"].startswith("fr"):
            one_person["organizations"].append(entry)
    return sorted(found.values(), key=lambda row: (not row["council"], fold(row["family_name"] or row["name"] or "")))


def former(members: Iterable[Row], now: str) -> list[Row]:
    """Those who are in no body for the group any more, each once, the last to leave first."""
    still = {member["person_id"] or member["name"] for member in members if is_current(member, now)}
    found: dict[Any, Row] = {}
    for member in members:
        key = member["person_id"] or member["name"]
        if key in still or not member["end_date"]:
            continue
        entry = found.setdefault(key, {name: member[name] for name in ("person_id", "name", "start_date", "end_date")})
        entry["end_date"] = max(entry["end_date"], member["end_date"])
        starts = (entry["start_date"], member["start_date"])
        entry["start_date"] = None if None in starts else min(starts)
    return sorted(found.values(), key=lambda row: (row["end_date"], row["start_date"] or ""), reverse=True)


def seats(council: list[Row], name: str, now: str) -> list[Row]:
    """How many members of the council belonged to the group on the last day of each term (of this one: today).

    ``members`` is of how many the source knows the membership on that day, ``unknown`` of how many of these no group.
    ``seats`` is None where none is known to belong to it, but of some the group is not known.
    """
    found = []
    for term in reversed(TERMS):
        day = min(term.end_date or now, now)
        if day < term.start_date:
            continue
        people: dict[Any, str | None] = {}
        for row in council:
            mayor = (row["role"] or "").startswith("Oberbürgermeister")  # there by office, for no group
            if not mayor and is_current(row, day) and (row["start_date"] or day == now):
                key = row["person_id"] or row["name"]
                people[key] = people.get(key) or group_on(row, day)
        if people:
            own = sum(group == name for group in people.values())
            unknown = sum(group is None for group in people.values())
            counted = {"day": day, "seats": own if own or not unknown else None}
            found.append({**term.row(), **counted, "members": len(people), "unknown": unknown})
    return found if any(row["seats"] for row in found) else []


def group_on(member: Row, day: str) -> str | None:
    """The group printed beside a member of the council, else the one group whose own list has them on that day."""
    if member["group_name"]:
        return str(member["group_name"])
    times = json.loads(member["in_groups"])
    found = {name for name, start, end in times if start and start <= day and (end is None or end >= day)}
    return found.pop() if len(found) == 1 else None


def days(term: Term) -> tuple[str, str]:
    """First and last, the last of the newest term after every other."""
    return term.start_date, term.end_date or "9"


def sides(conn: sqlite3.Connection, name: str, first: str, last: str) -> list[Row]:
    """How often a group was on the side of the majority in each year of a period."""
    found = rows(conn, "group_sides_by_year", group=name, first=first, last=last)
    return [{**year, "percent": percent(year["won"], year["ballots"])} for year in found]


def pairs(conn: sqlite3.Connection, name: str, term: Term) -> Row:
    """How often each other group voted like this one in the contested ballots of a term: in all and by year."""
    found = rows(conn, "group_pairs_by_year", group=name, first=days(term)[0], last=days(term)[1])
    cells = {(row["other"], row["year"]): row for row in found}
    others = []
    for other in dict.fromkeys(row["other"] for row in found):
        own = [row for row in found if row["other"] == other]
        ballots, alike = sum(row["ballots"] for row in own), sum(row["alike"] for row in own)
        years = {
            row["year"]: {
                "ballots": row["ballots"],
                "alike": row["alike"],
                "percent": percent(row["alike"], row["ballots"]),
            }
            for row in own
        }
        total = {"ballots": ballots, "alike": alike, "percent": percent(alike, ballots)}
        others.append({"name": other, **total, "years": years})
    others.sort(key=lambda row: (row["percent"] is None, -(row["percent"] or 0), row["name"]))
    return {"years": sorted({year for _, year in cells}, reverse=True), "others": others}
