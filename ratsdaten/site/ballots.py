"""Ballots as pages show them. Only what the record names: an unsaid figure is never a nought."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from ratsdaten.charts.ballot import in_chamber_order
from ratsdaten.charts.text import count, number

from .page import Row, rows

FIGURES = ("yes", "no", "abstain")
#: Since the council's decision of 10 December 2013 the record names the groups.
BY_GROUP_SINCE = "2014"


def ballots(conn: sqlite3.Connection, item: int) -> list[Row]:
    """The ballots of an agenda item, each with its ``groups`` (group_name, label, yes, no, abstain) as they sit."""
    found = []
    for _, lines in groupby(rows(conn, "agenda_item_votes", id=item), key=lambda line: line["id"]):
        same = list(lines)
        groups = {
            line["group_name"]: {
                "group_name": line["group_name"],
                "label": line["label"],
                **{name: line[f"group_{name}"] for name in FIGURES},
            }
            for line in same
            if line["group_name"] is not None
        }
        vote = {name: value for name, value in same[0].items() if name not in ("group_name", "label")}
        vote = {name: value for name, value in vote.items() if not name.startswith("group_")}
        vote["groups"] = [groups[name] for name in in_chamber_order(groups)]
        told = (each[name] for each in (vote, *vote["groups"]) for name in ("yes", "no"))
        vote["drawable"] = any(value is not None for value in told)
        found.append(vote)
    return found


def flat(votes: list[Row]) -> list[Row]:
    """One row for each ballot's total (group_name empty) and for each of its groups."""
    return [
        {
            "vote_id": vote["id"],
            "agenda_item_id": vote["agenda_item_id"],
            "position": vote["position"],
            "subject": vote["subject"],
            "group_name": line.get("group_name"),
            **{name: line[name] for name in FIGURES},
            "unanimous": vote["unanimous"],
            "state": vote["state"],
            "consistent": vote["consistent"],
        }
        for vote in votes
        for line in (vote, *vote["groups"])
    ]


def ballot_line(vote: Mapping[str, Any]) -> str:
    """``32 dafür, 12 dagegen, 3 Enthaltungen``, ``einstimmig, 2 Enthaltungen``, ``8 dafür, dagegen nicht genannt``,
    ``12 dafür, 9 dagegen (Summe weicht ab)``.

    Takes yes, no, abstain, unanimous, state and consistent of votes. Abstentions that nobody names are left out.
    """
    yes, no, abstain = vote["yes"], vote["no"], vote["abstain"]
    untold = yes is None and no is None
    parts = []
    if vote["unanimous"]:
        parts.append("einstimmig")
    elif vote["unanimous"] == 0 and untold:
        parts.append("nicht einstimmig")
    if not untold:
        parts.append("dafür nicht genannt" if yes is None else f"{number(yes)} dafür")
        if no or not vote["unanimous"]:
            parts.append("dagegen nicht genannt" if no is None else f"{number(no)} dagegen")
    elif (vote["state"] or "").startswith("by_group"):
        parts.append("Stimmen je Fraktion, ohne Gesamtzahl")
    if abstain is not None:
        parts.append(count(abstain, "Enthaltung", "Enthaltungen"))
    line = ", ".join(parts) or "nur in Worten festgehalten"
    return f"{line} (Summe weicht ab)" if vote["consistent"] == 0 else line


def unsaid(vote: Mapping[str, Any], date: str | None) -> list[str]:
    """Sentences about what the record of a ballot of that day leaves open, or where it contradicts itself."""
    found = []
    if vote["consistent"] == 0:
        found.append("Die Summe der Fraktionen weicht von der Gesamtzahl ab; hier steht beides, wie es dasteht.")
    elif vote["state"] == "by_group_partly":
        found.append("Die Niederschrift nennt die Stimmen je Fraktion nur zum Teil.")
    elif vote["state"] == "totals":
        since = " So war es bis Ende 2013 üblich." if date and date < BY_GROUP_SINCE else ""
        found.append(f"Die Niederschrift nennt nur Gesamtzahlen, keine Stimmen je Fraktion.{since}")
    elif vote["state"] == "words":
        found.append("Die Niederschrift nennt keine Ja- und Nein-Stimmen, nur Worte.")
    return found
