"""What follows from several pages at once: the words of the source read as outcomes and groups, then ``derive.sql``."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files

from sqlite_utils import Database

from ratsdaten.groups import affiliation, mentioned
from ratsdaten.outcomes import outcome, recommends, role
from ratsdaten.search import refresh

#: Kind of phrase -> where the source prints it, and what it means: nothing, one meaning or several.
READERS: dict[str, tuple[str, Callable[[str], Iterable[str | None]]]] = {
    "result": ("SELECT result FROM agenda_items UNION SELECT result FROM consultations", lambda text: [outcome(text)]),
    "role": ("SELECT role FROM consultations", lambda text: [role(text)]),
    "affiliation": (
        "SELECT affiliation FROM memberships UNION SELECT name FROM organizations WHERE id LIKE 'fr%'",
        lambda text: [affiliation(text)],
    ),
    "author": ("SELECT author FROM papers", mentioned),
}


#: How the resolutions of committees begin.
RESOLUTIONS = """
    SELECT i.id, substr(i.resolution_text, 1, 500)
      FROM agenda_items i
      JOIN meetings m ON m.id = i.meeting_id
      JOIN organizations o ON o.id = m.organization_id
     WHERE o.organization_type <> 'Rat' AND i.result IS NOT NULL AND i.resolution_text IS NOT NULL
"""


def derive(db: Database) -> None:
    """Bring derived rows and columns up to date, all or nothing, then the search index. Raises sqlite3.Error."""
    with db.atomic():
        stored, wanted = set(db.execute("SELECT kind, phrase, meaning FROM phrases").fetchall()), set(_phrases(db))
        db.conn.executemany("DELETE FROM phrases WHERE (kind, phrase, meaning) = (?, ?, ?)", stored - wanted)
        db.conn.executemany("INSERT INTO phrases VALUES (?, ?, ?)", wanted - stored)
        db.execute("CREATE TEMP TABLE recommending (item INTEGER PRIMARY KEY)")
        advice = [(item,) for item, text in db.execute(RESOLUTIONS).fetchall() if recommends(text)]
        db.conn.executemany("INSERT INTO recommending VALUES (?)", advice)
        for statement in _statements(files(__package__).joinpath("derive.sql").read_text("utf-8")):
            db.execute(statement)
    refresh(db)


def _phrases(db: Database) -> Iterator[tuple[str, str, str]]:
    for kind, (sql, meanings) in READERS.items():
        for (phrase,) in db.execute(f"SELECT DISTINCT * FROM ({sql})").fetchall():
            if phrase is not None:
                yield from ((kind, phrase, meaning) for meaning in meanings(phrase) if meaning)


def _statements(script: str) -> Iterator[str]:
    """One at a time: sqlite3's own executescript would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
