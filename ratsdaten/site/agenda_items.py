"""The page of an agenda item: /top/456."""

from __future__ import annotations

import sqlite3

from ratsdaten.serving.answers import Problem

from . import addresses
from .page import Arguments, Page, number, one, rows


def agenda_item(conn: sqlite3.Connection, key: str, _: Arguments) -> Page:
    """Resolution, votes, minutes, paper and attachments of one item. Raises Problem (404)."""
    what = "Einen Tagesordnungspunkt"
    item = one(conn, "agenda_item", id=number(key, what))
    if item is None:
        raise Problem(404, f"{what} mit dieser Nummer gibt es hier nicht.")
    return Page(
        template="top.html",
        path=addresses.agenda_item(item["id"]),
        title=item["name"] or "Tagesordnungspunkt ohne Titel",
        data={"item": item, "votes": rows(conn, "agenda_item_votes", id=item["id"])},
        parents=[("Sitzungen", "/sitzungen")],
        source_url=item["source_url"],
        fetched_at=item["fetched_at"],
    )
