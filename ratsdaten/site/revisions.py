"""What the source changed in a page after its first publication."""

from __future__ import annotations

import json
import sqlite3

from .page import Row, rows

#: What people call the columns that a page of the source prints.
WORDS = {
    "name": "Betreff",
    "number": "Nummer",
    "position": "Platz auf der Tagesordnung",
    "public": "öffentlich oder nicht",
    "supplement": "Nachtrag",
    "paper_id": "Vorlage",
    "meeting_id": "Sitzung",
    "result": "Beschlussart",
    "minutes_text": "Wortprotokoll",
    "resolution_text": "Beschluss",
    "vote_text": "Abstimmungsergebnis",
    "organization_id": "Gremium",
    "organization_name": "Gremium",
    "date": "Datum",
    "start_time": "Beginn",
    "end_time": "Ende",
    "status": "Status",
    "occasion": "Anlass",
    "room": "Raum",
    "location": "Ort",
    "cancelled": "Ausfall",
    "reference": "Vorlagennummer",
    "paper_type": "Art",
    "author": "Verfasser",
    "lead": "Federführung",
    "text": "Text",
}


def revisions(conn: sqlite3.Connection, table: str, key: object) -> list[Row]:
    """The latest first: observed_at and what was added, changed, removed, in the words of ``WORDS``."""
    found = []
    for row in rows(conn, "revisions", table_name=table, row_id=str(key)):
        kinds: dict[str, list[str]] = {"added": [], "changed": [], "removed": []}
        for column, (old, new) in json.loads(row["changed"]).items():
            if word := WORDS.get(column):
                kinds["added" if old is None else "removed" if new is None else "changed"].append(word)
        if any(kinds.values()):
            found.append({"observed_at": row["observed_at"], **kinds})
    return found
