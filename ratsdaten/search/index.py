"""The search index: one contentless FTS5 table for each searchable table, filled anew from the tables as a whole.

The index holds prepared text (language.py), so any SQLite can open and search the file, and what it holds follows from
the rows alone. Triggers in plain SQL note that a row has changed; the end of a crawl then fills the index anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files

from sqlite_utils import Database

from ..clock import month
from ..groups import MENTION
from .language import prepared, reference, reference_token, within
from .lexicon import fingerprint
from .model import KINDS
from .query import EVERY_ROW, NEARNESS
from .stems import WORD, fold

#: Weights of the columns for bm25, which ranks what has not all words in its title (hits.py). "…_parts" holds every
#: word once more, with compounds taken apart: so a word found whole weighs more than a part of another, and any word in
#: the title more than in the text.
COLUMNS = {"title": 8.0, "text": 1.5, "title_parts": 5.0, "text_parts": 1.0}

#: Table -> the SQL of rowid, title and text. A meeting is asked for by what it is or leaves behind, its body and day.
#: Its room stands far from them, as words close together may be parts of one: a body that meets in a school is no
#: Schulausschuss.
SOURCES = {
    "agenda_items": """
        SELECT i.rowid, i.name, lines(one_word(p.reference), i.resolution_text, i.vote_text, i.minutes_text)
          FROM agenda_items i LEFT JOIN papers p ON p.id = i.paper_id WHERE i.name IS NOT NULL""",
    "papers": """
        SELECT rowid, lines(one_word(reference), name), lines(paper_type, author, lead, text)
          FROM papers WHERE coalesce(name, reference) IS NOT NULL""",
    "meetings": """
        SELECT m.rowid, lines(coalesce(o.name, m.organization_name, m.name), 'Sitzung, Tagesordnung, Niederschrift',
                              m.date, month(m.date)),
               lines(m.name, far(), m.room, m.location)
          FROM meetings m LEFT JOIN organizations o ON o.id = m.organization_id
         WHERE coalesce(m.name, o.name) IS NOT NULL""",
    "persons": "SELECT rowid, name, NULL FROM persons WHERE name IS NOT NULL",
    "organizations": """
        SELECT rowid, lines(name, short_name), NULL FROM organizations WHERE name IS NOT NULL""",
    "files": "SELECT rowid, name, text FROM files WHERE name IS NOT NULL",
}
#: Table -> columns that the index or the filters are made of.
_WATCHED = {
    "agenda_items": "name resolution_text vote_text minutes_text paper_id meeting_id outcome",
    "papers": "reference name paper_type author lead text date outcome",
    "meetings": "name organization_name organization_id room location date",
    "persons": "name",
    "organizations": "name short_name",
    "files": "name text modified",
    "consultations": "paper_id organization_id",
    "memberships": "person_id organization_id group_name",
    "votes": "agenda_item_id",
    "phrases": "kind phrase meaning",
    "meeting_files": "meeting_id file_id",
    "agenda_item_files": "agenda_item_id file_id",
    "paper_files": "paper_id file_id",
}
_NUMBER = re.compile(r"\d")
_MAYOR = re.compile(r"(?<![\w-])OB(?![\w-])")
#: \0 stands for OB: beside a group, a number or a tab, or alone in its line.
_COLUMN = re.compile(
    rf"(?:(?<!\w){MENTION}|(?<!\d)\d{{1,3}}|\t)[ ,;:|(]*\0|\0[ ,;:|()]*(?:{MENTION}|\d|\t)|(?:^|\n)[ |]*\0[ |]*(?:\n|$)"
)


def create(db: Database) -> None:
    """The index of a new database: empty and in need of filling."""
    for table in KINDS:
        columns = ", ".join(COLUMNS)
        db.execute(f"CREATE VIRTUAL TABLE {table}_fts USING fts5({columns}, content='', tokenize='unicode61')")
    for table, columns in _WATCHED.items():
        names = columns.split()
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)
        for event, condition in (
            ("INSERT", "1"),
            ("DELETE", "1"),
            (f"UPDATE OF {', '.join(names)}", changed),
        ):
            db.execute(
                f"CREATE TRIGGER {table}_search_{event[:6].lower()} AFTER {event} ON {table} WHEN {condition} "
                "BEGIN UPDATE search_state SET stale = 1 WHERE stale = 0; END"
            )
    db.execute("INSERT INTO search_state (stale, language, filled_at) VALUES (1, '', '')")


@cache
def stamp() -> str:
    """What the index depends on besides the rows: our reading of German, and how the index is made of it."""
    parts = (files(__package__).joinpath(name).read_bytes() for name in ("index.py", "index.sql"))
    return sha256(b"\0".join((fingerprint().encode(), *parts))).hexdigest()[:12]


def refresh(db: Database) -> bool:
    """Fill the index anew if a row it is made of, or our reading of German, has changed. Raises sqlite3.Error."""
    stale, language = db.execute("SELECT stale, language FROM search_state").fetchone()
    if not stale and language == stamp():
        return False
    rebuild(db)
    return True


def rebuild(db: Database) -> None:
    """Fill the index anew from the tables, all or nothing. Raises sqlite3.Error."""
    vocabulary: Counter[str] = Counter()
    db.conn.create_function("lines", -1, _lines, deterministic=True)
    db.conn.create_function("month", 1, month, deterministic=True)
    db.conn.create_function("one_word", 1, _one_word, deterministic=True)
    db.conn.create_function("far", 0, lambda: " ".join([EVERY_ROW] * (NEARNESS + 1)), deterministic=True)
    with db.atomic():
        for table, sql in SOURCES.items():
            db.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('delete-all')")
            rows = db.conn.execute(sql)
            db.conn.executemany(
                f"INSERT INTO {table}_fts(rowid, title, text, title_parts, text_parts) VALUES (?, ?, ?, ?, ?)",
                _rows(rows, vocabulary),
            )
            db.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('optimize')")
        for statement in files(__package__).joinpath("index.sql").read_text("utf-8").split(";\n"):
            db.execute(statement)
        db.execute("DELETE FROM search_words")
        db.conn.executemany("INSERT INTO search_words (word, folded, count) VALUES (?, ?, ?)", _vocabulary(vocabulary))
        now = datetime.now(UTC).isoformat()
        db.execute("UPDATE search_state SET stale = 0, language = ?, filled_at = ?", [stamp(), now])


def _rows(
    rows: Iterator[tuple[int, str, str | None]], vocabulary: Counter[str]
) -> Iterator[tuple[int, str, str, str, str]]:
    for rowid, title, text in rows:
        vocabulary.update(_spellings(title))
        whole, parts = _prepared(title)
        if text:
            text = _MAYOR.sub(_unless_column, text)
            vocabulary.update(WORD.findall(text))
            text_whole, text_parts = prepared(text)
        else:
            text_whole = text_parts = ""
        yield rowid, whole, text_whole, parts, f"{EVERY_ROW} {text_parts}"


def _unless_column(found: re.Match[str]) -> str:
    """OB as the name of a column or share of votes is no word about the Oberbürgermeister."""
    text, start, end = found.string, found.start(), found.end()
    around = f"{text[max(start - 60, 0) : start]}\0{text[end : end + 60]}"
    return "" if _COLUMN.search(around) else "OB"


_prepared = lru_cache(10_000)(prepared)


@lru_cache(10_000)
def _spellings(title: str) -> tuple[str, ...]:
    """The words of a title count threefold: one alone is worth suggesting."""
    return tuple(WORD.findall(title)) * 3


def _vocabulary(counts: Counter[str]) -> Iterator[tuple[str, str, int]]:
    """Words worth suggesting, also those that only stand in compounds, each in its most common spelling."""
    spelt: dict[str, tuple[str, int]] = {}
    for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if not _NUMBER.search(text):
            for part in (text, *within(text)):
                best, total = spelt.get(part.casefold(), (part, 0))
                spelt[part.casefold()] = (best, total + count)
    return ((text, fold(text), count) for text, count in sorted(spelt.values()) if count > 2 and len(text) > 3)


def _one_word(number: str | None) -> str | None:
    """2021/0402 → 2021v402 2021; what is no such reference as it is."""
    numbers = reference(number or "")
    return f"{reference_token(numbers)} {numbers[0]}" if numbers else number


def _lines(*values: str | None) -> str:
    return "\n".join(value for value in values if value)
