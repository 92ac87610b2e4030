"""The pages that say what this is and who answers for it: /ueber, /impressum, /datenschutz, /barrierefreiheit."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ratsdaten.outcomes import OUTCOMES

from .operator import Details, missing
from .page import Page, Row, as_of, one, rows


def about(conn: sqlite3.Connection, details: Details, towns: Sequence[Row]) -> Page:
    """What the site holds, where it comes from, how its figures are made, and what it cannot say; and which towns there
    are (name, title, url, shown: whether this page is about it)."""
    figures = one(conn, "about")
    assert figures  # an aggregate always has its row
    return Page(
        template="ueber.html",
        path="/ueber",
        title="Über dieses Angebot",
        description="Was hier steht, woher es stammt, wie Zahlen entstehen, was fehlt, wohin Sie Fehler melden.",
        data={
            "figures": figures,
            "ballots": rows(conn, "about_ballots"),
            "outcomes": [{"name": outcome.name, "label": outcome.label} for outcome in OUTCOMES],
            "email": details["operator"]["email"],
            "towns": towns,
        },
        fetched_at=as_of(conn),
    )


def imprint(details: Details) -> Page:
    return _legal("impressum", "Impressum", "Wer dieses Angebot betreibt und verantwortet.", details)


def privacy(details: Details) -> Page:
    return _legal(
        "datenschutz", "Datenschutz", "Was dieses Angebot über Sie speichert und wessen Namen es nennt.", details
    )


def accessibility(details: Details) -> Page:
    what = "Wie zugänglich dieses Angebot ist, wo es hakt und wohin Sie Hindernisse melden."
    return _legal("barrierefreiheit", "Erklärung zur Barrierefreiheit", what, details)


def _legal(name: str, title: str, description: str, details: Details) -> Page:
    return Page(
        template=f"{name}.html",
        path=f"/{name}",
        title=title,
        description=description,
        data={**details, "missing": missing(details)},
        parents=[("Über dieses Angebot", "/ueber")],
    )
