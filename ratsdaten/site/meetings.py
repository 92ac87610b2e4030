"""Meetings: /sitzungen and /sitzung/123."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from ratsdaten import clock
from ratsdaten.charts.text import day, sentences
from ratsdaten.serving.answers import Problem

from . import addresses
from .page import Arguments, Page, Row, as_of, number, one, rows
from .revisions import revisions
from .selection import Selection, list_data, part
from .words import cancellation, is_coming, many

COMING = 12  # of the coming meetings on the first page of the list
WHAT = "Eine Sitzung"


def today() -> str:
    """The day in Germany, ISO."""
    return clock.today().isoformat()


def meeting_title(row: Mapping[str, Any]) -> str:
    """Who meets; ``row``: organization and name (``des Rates``) of a meeting, each may be None."""
    if row["organization"]:
        return str(row["organization"])
    name = row["name"] or ""
    return f"Sitzung {name}".strip() if name[:1].islower() or not name else str(name)


def dated(row: Mapping[str, Any]) -> str:
    """Who meets and when, for a title."""
    return ", ".join(filter(None, (meeting_title(row), row["date"] and day(row["date"]))))


# ---- the list ----------------------------------------------------------------------------------


def meetings(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Page:
    """The coming meetings, then the past ones by month, the latest first; filters jahr, gremium, zeit=kommend."""
    choices = rows(conn, "meeting_choices")
    years = [choice["value"] for choice in choices if choice["kind"] == "jahr"]
    named = {choice["value"]: choice["name"] for choice in choices if choice["kind"] == "gremium"}
    bodies = dict(sorted(named.items(), key=lambda body: body[1].casefold()))
    selection = Selection(arguments)
    year = selection.choose("jahr", "Das Jahr", years)
    body = selection.choose("gremium", "Das Gremium", bodies)
    only_coming = selection.choose("zeit", "Der Zeitraum", ("kommend",)) is not None
    if only_coming and year:
        only_coming = False
        del selection.chosen["zeit"]
        selection.hints.append(
            f"Kommende Sitzungen lassen sich nur ohne Jahr auswählen; gezeigt wird das ganze Jahr {year}."
        )

    now = today()
    future = {"first": now, "before": "9999"}
    coming_total = 0 if year else count(conn, body, future)
    if only_coming:
        total, period = coming_total, future
    else:
        period = {"first": f"{year}-", "before": f"{year}-~"} if year else {"first": "", "before": now}
        total = count(conn, body, period)
    shown = part(arguments, total)

    def some(conn: sqlite3.Connection, statement: str, limit: int = -1, offset: int = 0) -> list[Row]:
        found = rows(conn, statement, today=now, **period, gremium=body, limit=limit, offset=offset)
        return [{**row, "title": meeting_title(row), "coming": int(is_coming(row["date"]))} for row in found]

    def every(conn: sqlite3.Connection) -> list[Row]:
        coming = [] if year else some(conn, "meetings_coming")
        return coming if only_coming else coming + some(conn, "meetings_past")

    coming, found = [], []
    if only_coming:
        coming = some(conn, "meetings_coming", shown.limit, shown.offset)
    else:
        found = some(conn, "meetings_past", shown.limit, shown.offset)
        if coming_total and shown.number == 1:
            coming = some(conn, "meetings_coming", COMING)
    of = ", ".join(filter(None, (bodies.get(body or ""), year, "kommende" if only_coming else None)))
    base = selection.path("/sitzungen")
    return Page(
        template="sitzungen.html",
        path=shown.path(base),
        title="Sitzungen" + (f": {of}" if of else ""),
        description=sentences(f"{many(total, 'Sitzung', 'Sitzungen')} mit Tagesordnung und Ergebnissen", of),
        data={
            "coming": coming,
            "coming_total": coming_total,
            "meetings": found,
            **list_data(selection, shown, total, base),
            "choices": {"jahr": years, "gremium": bodies},
        },
        rows=every,
        parents=[("Sitzungen", "/sitzungen")] if of else (),
        fetched_at=as_of(conn),
        feed=f"/gremium/{body}.atom" if body else "/sitzungen.atom",
        calendar=f"/gremium/{body}.ics" if body else "/sitzungen.ics",
        noindex=bool(selection.chosen),
    )


def count(conn: sqlite3.Connection, body: str | None, period: Mapping[str, str]) -> int:
    return int(one(conn, "meetings_count", gremium=body, **period)["number"])  # type: ignore[index]


# ---- one meeting -------------------------------------------------------------------------------


def meeting(conn: sqlite3.Connection, key: str, _: Arguments) -> Page:
    """The agenda of a meeting with results and ballots. Raises Problem (404)."""
    row = one(conn, "meeting", id=number(key, WHAT))
    if row is None:
        raise Problem(404, f"{WHAT} mit dieser Nummer gibt es hier nicht.")
    row["title"] = meeting_title(row)
    row["coming"] = is_coming(row["date"])
    items = rows(conn, "meeting_items", id=row["id"])
    neighbours = rows(conn, "meeting_neighbours", organization=row["organization_id"], date=row["date"], id=row["id"])
    agenda = [item for item in items if item["position"] is not None]
    counts = {
        "agenda": len(agenda),
        "public": sum(item["public"] == 1 for item in agenda),
        "ballots": sum(item["vote_state"] not in (None, "unread") for item in items),
        "contested": sum(item["contested"] == 1 for item in items),
    }
    return Page(
        template="sitzung.html",
        path=addresses.meeting(row["id"]),
        title=dated(row),
        description=description(row, counts),
        data={
            "meeting": row,
            "counts": counts,
            "items": items,
            "files": rows(conn, "meeting_files", id=row["id"]),
            **revisions(conn, "meetings", row["id"]),
            **dict.fromkeys(("previous", "next")),
            **{neighbour.pop("side"): neighbour for neighbour in neighbours},
        },
        rows=items,
        parents=[("Sitzungen", "/sitzungen")],
        source_url=row["source_url"],
        fetched_at=row["fetched_at"],
        calendar=f"/sitzung/{row['id']}.ics",
    )


def description(row: Row, counts: Mapping[str, int]) -> str:
    when = ", ".join(filter(None, (dated(row), row["start_time"] and f"{row['start_time']} Uhr", row["room"])))
    held = cancellation(row["date"], "Die Sitzung") if row["cancelled"] else ""
    agenda = f"Tagesordnung mit {many(counts['agenda'], 'Punkt', 'Punkten')}" if counts["agenda"] else ""
    votes = many(counts["ballots"], "Abstimmung", "Abstimmungen") if counts["ballots"] else ""
    return sentences(when, held, ", ".join(filter(None, (agenda, votes))))
