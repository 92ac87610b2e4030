"""The list of all ballots: /abstimmungen."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from ratsdaten.charts.ballot import in_chamber_order
from ratsdaten.charts.text import day, number
from ratsdaten.embedding.wishes import PERIOD
from ratsdaten.groups import known

from . import addresses
from .ballots import ballot_line
from .page import Arguments, Page, Row, as_of, one, rows
from .selection import Selection, list_data, part
from .words import many

Choices = dict[str, dict[str, str]]  # filter -> its words in the URL -> what people read

_CHOICES: Choices = {
    "wie": {
        "dafuer": "stimmte geschlossen dafür",
        "dagegen": "stimmte geschlossen dagegen",
        "enthalten": "enthielt sich geschlossen",
        "geteilt": "stimmte verschieden",
    },
    "auswahl": {"umstritten": "nur umstrittene (mit Stimmen dafür und dagegen)"},
    "datenlage": {
        "fraktionen": "Stimmen je Fraktion",
        "unvollstaendig": "Stimmen je Fraktion, unvollständig",
        "summen": "nur Summen",
        "worte": "nur Worte",
    },
}
_LABELS = {"gremium": "Das Gremium", "fraktion": "Die Fraktion", "wie": "Die Stimme", "auswahl": "Die Auswahl"}
#: Words of the URL -> what the tables hold.
_STORED = {
    **{"dafuer": "yes", "dagegen": "no", "enthalten": "abstain", "geteilt": "split"},
    **{"fraktionen": "by_group", "unvollstaendig": "by_group_partly", "summen": "totals", "worte": "words"},
}
_FILTERS = (*PERIOD, "gremium", "fraktion", *_CHOICES)


def selected(conn: sqlite3.Connection, arguments: Arguments) -> tuple[Selection, Choices]:
    """The filters of the URL that can be used, and what each could be; for the page and its feed."""
    bodies = {body["id"]: body["name"] for body in rows(conn, "voting_bodies")}
    groups = {group: group for group in in_chamber_order(row["name"] for row in rows(conn, "voting_groups"))}
    choices = {"gremium": bodies, "fraktion": groups, **_CHOICES}
    group = known(arguments.get("fraktion") or "")
    asked = Selection(arguments if group is None else {**arguments, "fraktion": group})
    asked.period()
    for name, offered in choices.items():
        asked.choose(name, _LABELS.get(name, "Die Angabe"), offered)
    if "wie" in asked.chosen and "fraktion" not in asked.chosen:
        asked.hints.append("Wie gestimmt wurde, lässt sich nur zusammen mit einer Fraktion auswählen.")
        del asked.chosen["wie"]
    return asked, choices


def parameters(chosen: Mapping[str, str]) -> dict[str, str]:
    """What sql/ballots.sql takes besides ``most`` and ``skip``."""
    return {name: _STORED.get(value := chosen.get(name, ""), value) for name in _FILTERS}


def votes(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Page:
    """Ballots that fit the filters, the newest first."""
    asked, choices = selected(conn, arguments)
    given = parameters(asked.chosen)
    found = one(conn, "ballots_count", **given)
    assert found
    shown = part(arguments, found["ballots"])
    path = asked.path("/abstimmungen")
    lines = [
        ballot | {"line": ballot_line(ballot), "group_line": group_line(ballot), "path": addresses.ballot(ballot["id"])}
        for ballot in rows(conn, "ballots", **given, most=shown.limit, skip=shown.offset)
    ]
    return Page(
        template="abstimmungen.html",
        path=shown.path(path),
        title=title(asked.chosen, choices),
        description=description(found),
        data={
            "first": found["first"],
            "last": found["last"],
            "votes": lines,
            "choices": choices,
            **list_data(asked, shown, found["ballots"], path),
        },
        rows=lambda conn: rows(conn, "ballots", **given, most=-1, skip=0),
        fetched_at=as_of(conn),
        feed=asked.path("/abstimmungen.atom"),
        noindex=bool(asked.chosen),
    )


def title(chosen: Mapping[str, str], choices: Choices) -> str:
    """Abstimmungen: Schulausschuss, SPD stimmte geschlossen dagegen, ab 2020."""
    said = {name: choices[name][value] for name, value in chosen.items() if name in choices}
    group = " ".join(said[name] for name in ("fraktion", "wie") if name in said)
    days = [f"{word} {day(chosen[name])}" for name, word in (("von", "ab"), ("bis", "bis")) if name in chosen]
    parts = [said.get("gremium"), group, " ".join(days), said.get("datenlage")]
    head = "Umstrittene Abstimmungen" if "auswahl" in chosen else "Abstimmungen"
    return ": ".join(filter(None, [head, ", ".join(filter(None, parts))]))


def description(found: Row) -> str:
    if not found["ballots"]:
        return "Keine Abstimmung passt zu dieser Auswahl."
    days = f" vom {day(found['first'])} bis {day(found['last'])}" if found["first"] else ""
    return f"{many(found['ballots'], 'Abstimmung', 'Abstimmungen')}{days}: worüber abgestimmt wurde und wie es ausging."


def group_line(ballot: Row) -> str:
    """How the chosen group voted: ``12 dafür, 1 dagegen``; "" where none is chosen, what is not told left out."""
    figures = zip(("group_yes", "group_no", "group_abstain"), ("dafür", "dagegen", "enthalten"))
    return ", ".join(f"{number(ballot[column])} {word}" for column, word in figures if ballot[column])
