"""The page of an agenda item: /top/456."""

from __future__ import annotations

import sqlite3

from ratsdaten.charts.text import sentences
from ratsdaten.serving.answers import Problem

from . import addresses
from .ballots import ballot_line, ballots, flat, unsaid
from .meetings import dated
from .page import Arguments, Page, Row, number, one, rows
from .papers import stations
from .revisions import revisions
from .rich import unlabelled
from .words import is_coming, outcome

WHAT = "Einen Tagesordnungspunkt"


def agenda_item(conn: sqlite3.Connection, key: str, _: Arguments) -> Page:
    """Resolution, ballots, minutes, paper and attachments of one item. Raises Problem (404)."""
    item = one(conn, "agenda_item", id=number(key, WHAT))
    if item is None:
        raise Problem(404, f"{WHAT} mit dieser Nummer gibt es hier nicht.")
    votes = ballots(conn, item["id"])
    for vote in votes:
        vote["unsaid"] = unsaid(vote, item["date"])
    for column, label in (("resolution_html", "Beschluss"), ("vote_html", "Abstimmungsergebnis")):
        item[column] = item[column] and unlabelled(item[column], label)
    item["meeting_title"] = dated({**item, "name": item["meeting"]})
    item["coming"] = is_coming(item["date"])
    neighbours = rows(conn, "agenda_item_neighbours", meeting=item["meeting_id"], position=item["position"])
    drawn = next((vote["id"] for vote in reversed(votes) if vote["drawable"]), None)
    parents = [("Sitzungen", "/sitzungen")]
    if item["meeting_id"] is not None:
        parents.append((item["meeting_title"], addresses.meeting(item["meeting_id"])))
    return Page(
        template="top.html",
        path=addresses.agenda_item(item["id"]),
        title=title(item),
        description=description(item, votes),
        data={
            "item": item,
            "votes": votes,
            "stations": stations(conn, item["paper_id"]) if item["paper_id"] is not None else [],
            "files": rows(conn, "agenda_item_files", id=item["id"], paper=item["paper_id"]),
            **revisions(conn, "agenda_items", item["id"]),
            **dict.fromkeys(("previous", "next")),
            **{neighbour.pop("side"): neighbour for neighbour in neighbours},
        },
        rows=flat(votes) if votes else None,
        parents=parents,
        source_url=item["source_url"],
        fetched_at=item["fetched_at"],
        picture=f"/einbetten/abstimmung/{drawn}.png" if drawn else "",
        embeddable=bool(votes),
    )


def title(item: Row) -> str:
    """The subject in one line."""
    if item["name"]:
        return " ".join(item["name"].split())
    return "Nichtöffentlicher Tagesordnungspunkt" if item["public"] == 0 else "Tagesordnungspunkt ohne Titel"


def description(item: Row, votes: list[Row]) -> str:
    place = f"Tagesordnungspunkt {item['number'] or ''}".strip()
    said = f"Ergebnis: {outcome(item['outcome'])}" if item["outcome"] and not item["coming"] else ""
    final = f"Abstimmung: {ballot_line(votes[-1])}" if votes else ""
    return sentences(f"{place}, {item['meeting_title']}", said, final)
