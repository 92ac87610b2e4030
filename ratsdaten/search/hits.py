"""Hits, counts and suggestions for what somebody asks."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from .. import groups
from ..clock import today
from .catalog import Catalog, Documents, catalog, passing
from .index import COLUMNS
from .language import reference, word, words_of
from .model import KINDS, PAGE_SIZE, Hit, Results, Search
from .query import Query, Strictness, parse
from .snippets import SEARCHED, STEP, Marker, clean
from .spelling import similar
from .stems import WORD, fold

#: A title's score is 1 / (its words + this): the shorter it is, the more of it was asked for. One word says as much as
#: one year.
_LONG = 80
_FEW = 3  # with fewer hits than this, another spelling is offered
_LOOKED_AT = 4  # words of a query whose spelling is looked at, each against all of the texts' words
_WEIGHTS = ", ".join(map(str, COLUMNS.values()))

#: Kind -> what its lines show (a Hit's fields, then the texts a snippet is made of), and where that stands.
_SHOWN = {
    "agenda_items": (
        "i.id, i.name AS title, o.name AS body, o.id AS body_id, i.outcome, p.reference, p.slug, i.number, "
        "i.meeting_id, i.paper_id, i.resolution_text, i.minutes_text, i.vote_text",
        "agenda_items i ON i.rowid = d.id / 8 LEFT JOIN meetings m ON m.id = i.meeting_id "
        "LEFT JOIN organizations o ON o.id = m.organization_id LEFT JOIN papers p ON p.id = i.paper_id",
    ),
    "papers": (
        "p.id, coalesce(p.name, p.reference) AS title, p.outcome, p.reference, p.slug, p.id AS paper_id, p.text, "
        "p.lead, p.author",
        "papers p ON p.rowid = d.id / 8",
    ),
    "meetings": (
        "m.id, coalesce(o.name, m.organization_name, "
        "CASE WHEN m.name GLOB '[a-zäöü]*' THEN 'Sitzung ' ELSE '' END || m.name) AS title, "
        "coalesce(m.cancelled, 0) AS cancelled, "
        "coalesce(o.name, m.organization_name) AS body, o.id AS body_id, m.id AS meeting_id, m.location, m.room",
        "meetings m ON m.rowid = d.id / 8 LEFT JOIN organizations o ON o.id = m.organization_id",
    ),
    "persons": ("p.id, p.name AS title", "persons p ON p.rowid = d.id / 8"),
    "organizations": (
        "o.id, o.name AS title, o.name AS body, o.id AS body_id, o.organization_type",
        "organizations o ON o.rowid = d.id / 8",
    ),
    "files": (
        "f.id, f.name AS title, f.url, "
        "(SELECT paper_id FROM paper_files WHERE file_id = f.id) AS paper_id, "
        "(SELECT agenda_item_id FROM agenda_item_files WHERE file_id = f.id) AS agenda_item_id, "
        "(SELECT meeting_id FROM meeting_files WHERE file_id = f.id) AS meeting_id, "
        f"substr(f.text, 1, {SEARCHED + STEP}) AS text",
        "files f ON f.rowid = d.id / 8",
    ),
}
#: The same as SQL, by a list of documents.id.
_ROWS = {
    kind: f"""
        SELECT d.id AS document, d.date, v.votes, {columns}
          FROM documents d LEFT JOIN document_facets v ON v.id = d.facets JOIN {tables}
         WHERE d.id IN (SELECT value FROM json_each(?))"""
    for kind, (columns, tables) in _SHOWN.items()
}
#: Rat der Stadt Herne is the Rat.
_TOWN = re.compile(r"\s(?:der|des) (?:Stadt|Gemeinde|Kreises|Marktes)\b.*", re.S)
_FIELDS = frozenset(Hit.__dataclass_fields__)


#: So many hits of a tier are ranked, the newest; older ones follow by date: of so many the day says more than all else.
#: Names of persons and bodies have no day: all are ranked.
_RANKED = 400
_KINDS = list(KINDS)
_NAMED = [place for place, kind in enumerate(_KINDS) if kind in ("persons", "organizations")]


def search(conn: sqlite3.Connection, wanted: Search, limit: int = PAGE_SIZE) -> Results:
    """One page of hits with the counts of all. Reads only; never raises for anything that was asked."""
    query, known = parse(wanted.q), catalog(conn)
    filters = known.filters(wanted)
    strictness, matching = _enough(conn, known, query)
    chosen = passing(matching, filters)
    total = int(np.count_nonzero(chosen))
    first = (wanted.page - 1) * limit
    ordered = _in_order(conn, known, wanted, query, strictness, chosen) if first < total else iter(())
    keys = list(islice(ordered, first, first + limit))
    return Results(
        search=wanted,
        total=total,
        hits=_hits(conn, keys, Marker(query.terms(strictness), apart=strictness is Strictness.APART)),
        counts=known.counts(matching, chosen, filters),
        suggestion=_suggestion(conn, known, wanted, query, filters, 0 if strictness is Strictness.SOME else total),
        relaxed=strictness is Strictness.SOME,
        apart=strictness is Strictness.APART,
        ignored=query.ignored,
        wordless=query.empty and bool(wanted.q.strip()),
        pages=max(1, -(-total // limit)),
    )


def _enough(conn: sqlite3.Connection, known: Catalog, query: Query) -> tuple[Strictness, Documents]:
    """The strictest reading of the wanted words that finds something, and what it finds.

    Filters and exclusions do not make a reading weaker: they leave fewer hits, and counts beside other filters hold.
    """
    if not query.text.strip():
        return Strictness.ALL, known.everything
    included = replace(query, excluded=())
    tried = set()
    for strictness in Strictness:
        if (match := query.fts(strictness)) not in tried:
            tried.add(match)
            matching = known.matching(conn, match)
            if matching.any() or (query.excluded and known.matching(conn, included.fts(strictness)).any()):
                return strictness, matching
    return Strictness.ALL, matching


# --- hits


def _in_order(
    conn: sqlite3.Connection, known: Catalog, wanted: Search, query: Query, strictness: Strictness, chosen: Documents
) -> Iterator[int]:
    """documents.id of the hits in the order wanted."""
    if wanted.sort == "date" or not query.wanted:
        yield from known.ids[np.flatnonzero(chosen)].tolist()
        return
    # Titles first: where they are enough, as for common words, nothing else needs to be ranked.
    for tier, columns in enumerate(("",) if strictness is Strictness.SOME else ("title", "title title_parts", "")):
        match = query.fts(strictness, columns)
        best = chosen & known.matching(conn, match) if columns else chosen
        places = np.flatnonzero(best)
        ranked = np.isin(known.ids[places] % 8, _NAMED)
        ranked[:_RANKED] = True
        if not tier and (named := [term.fts() for term in query.wanted if term.reference or term.day]):
            ranked |= known.matching(conn, f"{{title}} : ({' OR '.join(named)})")[places]
        keys = known.ids[places[ranked]]
        whole = columns == "title"  # parts of compounds may stand there several times, as words in a text
        scores = 1 / (known.title_words[places[ranked]] + _LONG) if whole else _scores(conn, keys, match)
        scores *= known.trust[places[ranked]]
        # A gentle decay: what is 20 years old weighs a quarter less; what is to come is new.
        scores *= 1 - np.clip(today().year - known.years[places[ranked]], 0, 20) / 80
        first = 0 * keys if tier else _promoted(conn, keys, query)
        yield from keys[np.lexsort((places[ranked], -scores, first))].tolist()
        yield from known.ids[places[~ranked]].tolist()
        chosen = chosen & ~best


def _scores(conn: sqlite3.Connection, keys: np.ndarray, match: str) -> np.ndarray:
    """How well each document fits an expression; more is better."""
    scores = np.zeros(len(keys))
    for number, kind in enumerate(KINDS):
        # All in one text, as in catalog.py; the limit, which is none, keeps bm25 out of the sum, where it cannot be.
        sql = f"""
            SELECT group_concat(score, ' ') FROM (
                SELECT rowid || ' ' || -bm25({kind}_fts, {_WEIGHTS}) AS score FROM {kind}_fts
                 WHERE {kind}_fts MATCH :match AND rowid BETWEEN :least AND :most
                   AND +rowid IN (SELECT value FROM json_each(:rowids))
                 LIMIT -1)
        """
        at = np.flatnonzero(keys % 8 == number)
        if len(at):
            at = at[np.argsort(keys[at])]
            rowids = (keys[at] >> 3).tolist()
            values = {"match": match, "least": rowids[0], "most": rowids[-1], "rowids": json.dumps(rowids)}
            [found] = conn.execute(sql, values).fetchone()
            row, score = np.fromstring(found or "", sep=" ").reshape(-1, 2).T
            scores[at[np.searchsorted(rowids, row)]] = score
    return scores


def _promoted(conn: sqlite3.Connection, keys: np.ndarray, query: Query) -> np.ndarray:
    """The paper of a reference comes first (-2), then the meetings of a day, a person or a body whose name was typed
    (-1), then the rest (0)."""
    first = np.zeros(len(keys))
    if days := {term.ways[0][0] for term in query.wanted if term.day}:
        for at, day in _called(conn, keys, "meetings", "date"):
            if (day or "").replace("-", "") in days:
                first[at] = -1
    if wanted := {each.reference for term in query.wanted if term.reference for each in (term, *term.apart())}:
        for at, number in _called(conn, keys, "papers", "reference"):
            if "/".join(reference(number or "")) in wanted:
                first[at] = -2
    for at, name in _called(conn, keys, "persons", "name"):
        if _content(name or "") & _content(query.text):
            first[at] = -1
    for at, *names in _called(conn, keys, "organizations", "name, short_name"):
        if any(_content(name) <= _content(query.text) or _same_group(name, query.text) for name in names if name):
            first[at] = -1
    return first


def _called(conn: sqlite3.Connection, keys: np.ndarray, kind: str, names: str) -> Iterator[tuple[Any, ...]]:
    """Of each document of a kind its place among ``keys``, and what it is called."""
    sql = f"SELECT {names} FROM {kind} WHERE rowid = ?"
    for at in np.flatnonzero(keys % 8 == _KINDS.index(kind)).tolist():
        for row in conn.execute(sql, [int(keys[at]) >> 3]):
            yield at, *row


def _same_group(name: str, typed: str) -> bool:
    return (group := groups.known(name)) is not None and group == groups.known(typed)


@lru_cache(1000)
def _content(name: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    folded = {fold(match): word(match).normal for match in WORD.findall(_TOWN.sub("", name))}
    return frozenset(normal for key, normal in folded.items() if key not in words_of("stop") | words_of("kinds"))


def _hits(conn: sqlite3.Connection, keys: Sequence[int], marker: Marker | None = None) -> list[Hit]:
    """In the order of ``keys``, which are documents.id. Without a marker no snippet is made."""
    found: dict[int, dict[str, Any]] = {}
    for number, kind in enumerate(KINDS):
        if of_kind := [key for key in keys if key % 8 == number]:
            cursor = conn.execute(_ROWS[kind], [json.dumps(of_kind)])
            names = [column[0] for column in cursor.description]
            found.update((row[0], dict(zip(names, row), kind=kind)) for row in cursor)
    # What was removed since the index was filled is left out.
    return [_hit(found[key], marker) for key in keys if key in found]


def _hit(row: Mapping[str, Any], marker: Marker | None) -> Hit:
    title = clean(row["title"] or "")
    fields = {name: value for name, value in row.items() if name in _FIELDS}
    texts = [value for name, value in row.items() if name not in _FIELDS and name != "document"]
    return Hit(
        **fields | {"title": title, "votes": bool(row["votes"])},
        title_runs=marker.whole(title) if marker else (),
        snippet=marker.snippet(texts) if marker else (),
    )


# --- the rest


def _suggestion(
    conn: sqlite3.Connection,
    known: Catalog,
    wanted: Search,
    query: Query,
    filters: Mapping[str, Documents],
    total: int,
) -> str | None:
    """The query with its rarest words spelt as the texts spell them, if that finds more."""
    if total >= _FEW or not query.wanted:
        return None
    better = query.text
    for term in [term for term in query.wanted if term.text.isalpha()][:_LOOKED_AT]:
        having = _total(conn, term.fts())
        if having < _FEW:
            for spelling in similar(conn, term.text):
                asked = parse(spelling).fts()
                understood = asked == term.fts() and len(word(term.text).leaves) > 1  # Radwege: Rad, Weg
                if not understood and _total(conn, asked) >= max(having, 1):
                    better = better.replace(term.text, spelling)
                    break
    if better == query.text:
        return None
    found = passing(known.matching(conn, parse(better).fts()), filters)
    return better if np.count_nonzero(found) >= max(total, 1) else None


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
    like, folded = ("".join(f"\\{x}" if x in "%_\\" else x for x in text) + "%" for text in (start, fold(start)))
    sql = """
        SELECT name FROM organizations WHERE name LIKE :like ESCAPE '\\'
        UNION ALL SELECT name FROM persons WHERE name LIKE :like ESCAPE '\\' OR family_name LIKE :like ESCAPE '\\'
        UNION ALL SELECT reference FROM (SELECT reference FROM papers WHERE reference LIKE :like ESCAPE '\\'
                                          ORDER BY reference DESC LIMIT 8)
        UNION ALL SELECT word FROM (SELECT word FROM search_words WHERE folded LIKE :folded ESCAPE '\\'
                                     ORDER BY count DESC LIMIT 8)
        LIMIT 24
    """
    names = (name for (name,) in conn.execute(sql, {"like": like, "folded": folded}))
    return list(dict.fromkeys(names))[:8]


def export(conn: sqlite3.Connection, wanted: Search) -> Iterator[Hit]:
    """Every hit in the order of the pages, without snippets."""
    query, known = parse(wanted.q), catalog(conn)
    strictness, matching = _enough(conn, known, query)
    chosen = passing(matching, known.filters(wanted))
    keys = _in_order(conn, known, wanted, query, strictness, chosen)
    while some := list(islice(keys, PAGE_SIZE)):
        yield from _hits(conn, some)
