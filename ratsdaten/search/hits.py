"""Hits, counts and suggestions for what somebody asks."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from ..groups import known
from .counts import LABELS, count, count_all
from .index import COLUMNS
from .language import kind_words, stop_words, word, words
from .model import KINDS, PAGE_SIZE, Count, Hit, Results, Search
from .query import Query, Strictness, parse
from .snippets import snippet, whole
from .spelling import similar
from .stems import WORD, fold

_PLACES = {kind: place for place, kind in enumerate(KINDS)}
#: A file's name often repeats its paper's title; many meetings bear the name of their body.
_TRUST = {"files": 0.6, "meetings": 0.8}
_FEW = 3  # with fewer hits than this, another spelling is offered
_LOOKED_AT = 4  # words of a query whose spelling is looked at, each against all of the texts' words
_WEIGHTS = ", ".join(map(str, COLUMNS.values()))

#: Kind -> the SQL of what a line shows, by rowid: a Hit's fields, then the texts a snippet is made of.
_ROWS = {
    "agenda_items": """
        SELECT i.id, i.name AS title, m.date, o.name AS body, o.id AS body_id, i.outcome, p.reference, i.number,
               i.meeting_id, i.paper_id, i.resolution_text, i.minutes_text, i.vote_text
          FROM agenda_items i LEFT JOIN meetings m ON m.id = i.meeting_id
          LEFT JOIN organizations o ON o.id = m.organization_id LEFT JOIN papers p ON p.id = i.paper_id
         WHERE i.rowid = ?""",
    "papers": """
        SELECT id, coalesce(name, reference) AS title, date, outcome, reference, id AS paper_id, text, lead, author
          FROM papers WHERE rowid = ?""",
    "meetings": """
        SELECT m.id, coalesce(o.name, m.organization_name, m.name) AS title, m.date,
               coalesce(m.cancelled, 0) AS cancelled, coalesce(o.name, m.organization_name) AS body,
               o.id AS body_id, m.id AS meeting_id, m.location, m.room
          FROM meetings m LEFT JOIN organizations o ON o.id = m.organization_id WHERE m.rowid = ?""",
    "persons": "SELECT id, name AS title FROM persons WHERE rowid = ?",
    "organizations": """
        SELECT id, name AS title, name AS body, id AS body_id, organization_type FROM organizations WHERE rowid = ?""",
    "files": """
        SELECT f.id, f.name AS title, f.url, pf.paper_id, af.agenda_item_id, mf.meeting_id, f.text
          FROM files f LEFT JOIN paper_files pf ON pf.file_id = f.id
          LEFT JOIN agenda_item_files af ON af.file_id = f.id LEFT JOIN meeting_files mf ON mf.file_id = f.id
         WHERE f.rowid = ? LIMIT 1""",
}
#: Rat der Stadt Herne is the Rat.
_TOWN = re.compile(r"\s(?:der|des) (?:Stadt|Gemeinde|Kreises|Marktes)\b.*", re.S)
_FIELDS = frozenset(Hit.__dataclass_fields__)


class _Found(NamedTuple):
    """A hit before its row is read; the smallest comes first."""

    tier: int
    score: float
    age: int  # the day, negative
    id: int  # documents.id


def search(conn: sqlite3.Connection, wanted: Search, limit: int = PAGE_SIZE) -> Results:
    """One page of hits with the counts of all. Reads only; never raises for anything that was asked."""
    query = parse(wanted.q)
    strictness, counts, total = _enough(conn, wanted, query)
    found = _found(conn, wanted, query, wanted.page * limit, strictness) if total else []
    page = found[(wanted.page - 1) * limit : wanted.page * limit]
    return Results(
        search=wanted,
        total=total,
        hits=[hit for each in page if (hit := _hit(conn, each.id, query))],
        counts=counts,
        suggestion=_suggestion(conn, wanted, query, 0 if strictness is Strictness.SOME else total),
        relaxed=strictness is Strictness.SOME,
        ignored=query.ignored,
        pages=max(1, -(-total // limit)),
    )


def _enough(conn: sqlite3.Connection, wanted: Search, query: Query) -> tuple[Strictness, dict[str, list[Count]], int]:
    """The strictest reading that finds something, with its counts."""
    if not wanted.q:
        return Strictness.ALL, *count_all(conn, wanted)
    tried = set()
    for strictness in Strictness:
        if (match := query.fts(strictness)) not in tried:
            tried.add(match)
            counts, total = _counts(conn, wanted, match)
            if total:
                return strictness, counts, total
    return Strictness.ALL, counts, 0


def _counts(conn: sqlite3.Connection, wanted: Search, match: str) -> tuple[dict[str, list[Count]], int]:
    return count(conn, wanted, map(_matches, KINDS), {"match": match})


def _matches(kind: str) -> str:
    """The hits of one kind, each with its document."""
    return f"{kind}_fts f CROSS JOIN documents d ON d.id = f.rowid * 8 + {_PLACES[kind]} WHERE {kind}_fts MATCH :match"


# --- hits


def _found(conn: sqlite3.Connection, wanted: Search, query: Query, most: int, strictness: Strictness) -> list[_Found]:
    """The first hits in the order wanted, at least ``most`` of them (-1: all)."""
    kinds = [wanted.kind] if wanted.kind else list(KINDS)
    filters, values = _filters(wanted)
    values |= {"most": most, "year": date.today().year, "match": query.fts(strictness)}
    if wanted.sort == "date" or not query.wanted:
        sources = list(map(_matches, kinds)) if wanted.q else ["documents d WHERE 1"]
        sql = "SELECT 0, 0, d.date, d.id FROM {} {} ORDER BY d.date DESC, d.id LIMIT :most"
        rows = [row for source in sources for row in conn.execute(sql.format(source, filters), values)]
        return sorted(map(_found_row, rows))
    # Titles first: where they are enough, as for common words, nothing else needs to be ranked.
    found: dict[int, _Found] = {}
    for tier, columns in enumerate(("",) if strictness is Strictness.SOME else ("title", "title title_parts", "")):
        values["match"] = query.fts(strictness, columns)
        for kind in kinds:
            # A gentle decay: what is 20 years old weighs a quarter less; what is to come is new.
            sql = f"""
                SELECT {tier}, bm25({kind}_fts, {_WEIGHTS}) * {_TRUST.get(kind, 1.0)}
                               * (1 - min(20, max(0, :year - coalesce(d.date, :year))) / 80.0) AS score, d.date, d.id
                  FROM {_matches(kind)} {filters}
                 ORDER BY score, d.date DESC, d.id LIMIT :most
            """
            for row in conn.execute(sql, values):
                found.setdefault(row[3], _found_row(row))
        if 0 <= most <= len(found):
            break
    return sorted(_promoted(conn, each, query) for each in found.values())


def _found_row(row: tuple[int, float, str | None, int]) -> _Found:
    tier, score, day, key = row
    return _Found(tier, score, -int("".join(filter(str.isdecimal, day or ""))[:8] or 0), key)


def _filters(wanted: Search) -> tuple[str, dict[str, Any]]:
    """SQL conditions on d, and their values."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    facets = []
    if wanted.kind:
        facets.append("kind = :kind")
        values["kind"] = _PLACES[wanted.kind]
    for column, value in (("organizations", wanted.body), ("groups", wanted.group)):
        if value:
            facets.append(f"instr('|' || {column} || '|', '|' || :{column} || '|')")
            values[column] = value
    if wanted.outcome:
        facets.append("outcome = :outcome")
        values["outcome"] = wanted.outcome
    if wanted.votes:
        facets.append("votes = 1")
    if facets:
        conditions.append(f"d.facets IN (SELECT id FROM document_facets WHERE {' AND '.join(facets)})")
    for name, sign in (("since", ">="), ("until", "<=")):
        if value := getattr(wanted, name):
            conditions.append(f"d.date {sign} :{name}")
            values[name] = value
    return "".join(f" AND {condition}" for condition in conditions), values


def _promoted(conn: sqlite3.Connection, found: _Found, query: Query) -> _Found:
    """A person or body whose name was typed comes first, and so does the paper of a reference."""
    kind = list(KINDS)[found.id % 8]
    if found.tier or kind not in ("persons", "organizations", "papers"):
        return found
    if kind == "papers" and not any(term.reference for term in query.wanted):
        return found
    sql = {
        "persons": "SELECT name, NULL FROM persons WHERE rowid = ?",
        "organizations": "SELECT name, short_name FROM organizations WHERE rowid = ?",
        "papers": "SELECT reference, NULL FROM papers WHERE rowid = ?",
    }[kind]
    for name in conn.execute(sql, [found.id // 8]).fetchone() or ():
        if kind == "papers" and any(_reference(name) == term.reference for term in query.wanted):
            return found._replace(tier=-3)
        if name and (kind == "persons" or _content(name) <= _content(query.text) or _same_group(name, query.text)):
            return found._replace(tier=-2)
    return found


def _same_group(name: str, typed: str) -> bool:
    return (group := known(name)) is not None and group == known(typed)


@lru_cache(1000)
def _content(name: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    folded = {fold(match): word(match).normal for match in WORD.findall(_TOWN.sub("", name))}
    return frozenset(normal for key, normal in folded.items() if key not in stop_words() | kind_words())


def _reference(text: str | None) -> str:
    return "/".join(read.normal for _, _, read in words(text or ""))


def _hit(conn: sqlite3.Connection, key: int, query: Query | None) -> Hit | None:
    """Without a query nothing is marked and no snippet is made."""
    kind = list(KINDS)[key % 8]
    cursor = conn.execute(_ROWS[kind], [key // 8])
    row = cursor.fetchone()
    if row is None:  # removed since the index was filled
        return None
    values = dict(zip((column[0] for column in cursor.description), row))
    fields = {name: value for name, value in values.items() if name in _FIELDS}
    texts = [value for name, value in values.items() if name not in _FIELDS]
    day, votes = conn.execute(
        "SELECT d.date, v.votes FROM documents d JOIN document_facets v ON v.id = d.facets WHERE d.id = ?", [key]
    ).fetchone()
    return Hit(
        **fields | {"kind": kind, "date": day, "votes": bool(votes)},
        title_runs=whole(values["title"], query.wanted) if query else (),
        snippet=snippet(texts, query.wanted) if query else (),
    )


# --- the rest


def _suggestion(conn: sqlite3.Connection, wanted: Search, query: Query, total: int) -> str | None:
    """The query with its rarest words spelt as the texts spell them, if that finds more."""
    if total >= _FEW or not query.wanted:
        return None
    better = wanted.q
    for term in [term for term in query.wanted if term.text.isalpha()][:_LOOKED_AT]:
        known = _total(conn, term.fts())
        if known < _FEW:
            for spelling in similar(conn, term.text):
                if _total(conn, parse(spelling).fts()) >= max(known, 1):
                    better = better.replace(term.text, spelling)
                    break
    if better == wanted.q:
        return None
    other = replace(wanted, q=better, page=1)
    return better if _counts(conn, other, parse(better).fts())[1] >= max(total, 1) else None


def _total(conn: sqlite3.Connection, match: str) -> int:
    return sum(
        conn.execute(f"SELECT count(*) FROM {kind}_fts WHERE {kind}_fts MATCH ?", [match]).fetchone()[0]
        for kind in KINDS
    )


def suggestions(conn: sqlite3.Connection, typed: str) -> list[str]:
    """Up to eight completions while somebody types: bodies, persons, papers by reference, common words."""
    start = typed.strip()[:60]
    if len(start) < 2:
        return []
    like = "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in start) + "%"
    sql = """
        SELECT name FROM organizations WHERE name LIKE :like ESCAPE '\\'
        UNION ALL SELECT name FROM persons WHERE name LIKE :like ESCAPE '\\' OR family_name LIKE :like ESCAPE '\\'
        UNION ALL SELECT reference FROM (SELECT reference FROM papers WHERE reference LIKE :like ESCAPE '\\'
                                          ORDER BY reference DESC LIMIT 8)
        UNION ALL SELECT word FROM (SELECT word FROM search_words WHERE word LIKE :like ESCAPE '\\'
                                     ORDER BY count DESC LIMIT 8)
        LIMIT 24
    """
    names = (name for (name,) in conn.execute(sql, {"like": like}))
    return list(dict.fromkeys(names))[:8]


def export(conn: sqlite3.Connection, wanted: Search) -> Iterator[Mapping[str, Any]]:
    """Every hit in the order of the pages, as plain columns with German names."""
    query = parse(wanted.q)
    strictness, _, total = _enough(conn, wanted, query)
    for each in _found(conn, wanted, query, -1, strictness) if total else ():
        if hit := _hit(conn, each.id, None):
            yield _plain(hit)


def _plain(hit: Hit) -> dict[str, Any]:
    return {
        "art": KINDS[hit.kind],
        "kennung": hit.id,
        "datum": hit.date,
        "gremium": hit.body,
        "titel": hit.title,
        "ergebnis": LABELS.get(hit.outcome or ""),
        "abstimmung": int(hit.votes),
        "vorlage": hit.reference,
        "top": hit.number,
    }
