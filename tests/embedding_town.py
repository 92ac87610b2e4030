"""Invented rows for the tests of charts and embedding: every state of a ballot, and names that try to be markup."""

from __future__ import annotations

from conftest import insert_ballot
from sqlite_utils import Database

from scraper.derive import derive

SUBJECT = "Radweg <script>alert(\"x\")</script> & „Brücke“ '5' > 4"
GROUP = 'Wähler & <b onclick="alert(1)">Söhne</b>'
RAW_TEXT = "Einstimmig <img src=x onerror=alert(1)> beschlossen."
SEEN = {"source_url": "http://127.0.0.1/allris/to020.asp?TOLFDNR=1", "fetched_at": "2025-01-02T03:04:05+00:00"}

BY_GROUP, AMENDMENT, TOTALS, WORDS, NO_BALLOT = 990001, 990002, 990003, 990004, 990005
ITEMS = {
    BY_GROUP: SUBJECT,
    AMENDMENT: "Haushalt mit Änderungsantrag",
    TOTALS: "Bebauungsplan nur mit Summen",
    WORDS: "Niederschrift nur mit Worten",
    NO_BALLOT: "Bericht ohne Abstimmung",
}
#: Ballot -> subject, totals, then each group's figures: yes, no, abstain.
BALLOTS = {
    f"to{BY_GROUP}-1": (None, (9, 4, 0), {"SPD": (5, 0, 0), "CDU": (0, 4, 0), GROUP: (4, 0, 0)}),
    f"to{AMENDMENT}-1": ("Änderungsantrag", (4, 9, 0), {"SPD": (0, 5, 0), "CDU": (4, 0, 0), GROUP: (0, 4, 0)}),
    f"to{AMENDMENT}-2": ("Haushalt", (9, 4, 0), {"SPD": (5, 0, 0), "CDU": (0, 4, 0), GROUP: (4, 0, 0)}),
    f"to{TOTALS}-1": (None, (8, 5, None), {}),
    f"to{WORDS}-1": (None, (None, None, None), {}),
}


def fill(db: Database) -> None:
    """One meeting with these items; the database may hold others already."""
    body = {"id": "au99", "name": "Ausschuss für <i>Erfundenes</i>", "organization_type": "Ausschuss"}
    db.table("organizations").insert(body)
    db.table("groups").insert({"name": GROUP, "full_name": None, "color": None})
    db.table("meetings").insert({"id": 99001, "organization_id": "au99", "name": "Erfundenes", "date": "2024-05-06"})
    db.table("papers").insert({"id": 99001, "paper_type": "Antrag", "author": "SPD-Fraktion", "date": "2024-04-01"})
    db.table("agenda_items").insert_all(
        {"id": key, "meeting_id": 99001, "position": place, "number": str(place), "public": 1, "name": name,
         "result": "beschlossen", "paper_id": 99001 if key == BY_GROUP else None, **SEEN}
        for place, (key, name) in enumerate(ITEMS.items(), 1)
    )  # fmt: skip
    db.execute("update agenda_items set source_url = 'javascript:alert(1)' where id = ?", [TOTALS])
    db.table("consultations").insert_all(
        [
            {"id": "vo99001-1", "paper_id": 99001, "organization_id": "au99", "date": "2024-04-08",
             "role": "Vorberatung"},
            {"id": "vo99001-2", "paper_id": 99001, "organization_id": "au99", "date": "2024-05-06",
             "agenda_item_id": BY_GROUP, "role": "Entscheidung"},
        ]
    )  # fmt: skip
    for key, (subject, totals, counts) in BALLOTS.items():
        unanimous = 1 if key == f"to{WORDS}-1" else None
        insert_ballot(db, key, totals, counts, subject=subject, unanimous=unanimous, source="text", raw_text=RAW_TEXT)
    derive(db)
