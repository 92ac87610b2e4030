"""Hits, counts and suggestions for what somebody asks."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from .. import groups
from ..clock import today
from .catalog import LABELS, Catalog, catalog
from .index import COLUMNS
from .language import JOINED, joined, kind_words, stop_words, word
from .model import KINDS, PAGE_SIZE, Hit, Results, Search
from .query import Query, Strictness, parse
from .snippets import clean, snippet, steps, whole
from .spelling import similar
from .stems import WORD, fold

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


#: So many hits of a tier are ranked, the newest; older ones follow by date. Where more have all words in their title,
#: say, how often the words stand there says less than the day. Names of persons and bodies have no day: all are ranked.
_RANKED = 400
_NAMED = ("persons", "organizations")


def search(conn: sqlite3.Connection, wanted: Search, limit: int = PAGE_SIZE) -> Results:
    """One page of hits with the counts of all. Reads only; never raises for anything that was asked."""
    query, known = parse(wanted.q), catalog(conn)
    strictness, matching, chosen = _enough(conn, known, wanted, query)
    total = chosen.bit_count()
    page = islice(_in_order(conn, known, wanted, query, strictness, chosen), (wanted.page - 1) * limit, None)
    left = steps()
    return Results(
        search=wanted,
        total=total,
        hits=[hit for key in islice(page, limit) if (hit := _hit(conn, key, query, left))],
        counts=known.counts(conn, matching, known.filters(wanted)),
        suggestion=_suggestion(conn, known, wanted, query, 0 if strictness is Strictness.SOME else total),
        relaxed=strictness is Strictness.SOME,
        ignored=query.ignored,
        pages=max(1, -(-total // limit)),
    )


def _enough(conn: sqlite3.Connection, known: Catalog, wanted: Search, query: Query) -> tuple[Strictness, int, int]:
    """The strictest reading that finds something: what it finds, and what of it passes the filters."""
    passing = known.passing(wanted)
    if not wanted.q:
        return Strictness.ALL, known.everything, passing
    tried = set()
    for strictness in Strictness:
        if (match := query.fts(strictness)) not in tried:
            tried.add(match)
            matching = known.matching(conn, match)
            if chosen := matching & passing:
                return strictness, matching, chosen
    return Strictness.ALL, matching, 0


# --- hits


def _in_order(
    conn: sqlite3.Connection, known: Catalog, wanted: Search, query: Query, strictness: Strictness, chosen: int
) -> Iterator[int]:
    """documents.id of the hits in the order wanted."""
    if wanted.sort == "date" or not query.wanted:
        yield from (known.ids[place] for place in known.in_order(chosen))
        return
    # Titles first: where they are enough, as for common words, nothing else needs to be ranked.
    for tier, columns in enumerate(("",) if strictness is Strictness.SOME else ("title", "title title_parts", "")):
        match = query.fts(strictness, columns)
        best = chosen & known.matching(conn, match) if columns else chosen
        chosen ^= best
        first = known.newest(best, _RANKED)
        for kind in _NAMED:
            first |= best & known.values["kind"].get(kind, 0)
        yield from _ranked(conn, known, query, match, first, tier)
        yield from (known.ids[place] for place in known.in_order(best ^ first))


def _ranked(
    conn: sqlite3.Connection, known: Catalog, query: Query, match: str, documents: int, tier: int
) -> Iterator[int]:
    """A set from the best to the least; of equals the newer first."""
    rowids: defaultdict[int, list[int]] = defaultdict(list)
    places = {known.ids[place]: place for place in known.in_order(documents)}
    for key in places:
        rowids[key % 8].append(key >> 3)
    found = []
    for number, kind in enumerate(KINDS):
        # A gentle decay: what is 20 years old weighs a quarter less; what is to come is new.
        sql = f"""
            SELECT bm25({kind}_fts, {_WEIGHTS}) * {_TRUST.get(kind, 1.0)}
                   * (1 - min(20, max(0, :year - coalesce(d.date, :year))) / 80.0), d.id
              FROM {kind}_fts f CROSS JOIN documents d ON d.id = f.rowid * 8 + {number}
             WHERE {kind}_fts MATCH :match AND f.rowid BETWEEN :least AND :most
               AND +f.rowid IN (SELECT value FROM json_each(:rowids))
        """
        if of_kind := rowids[number]:
            values = {"least": min(of_kind), "most": max(of_kind), "rowids": json.dumps(of_kind)}
            values |= {"match": match, "year": today().year}
            for score, key in conn.execute(sql, values):
                first = 0 if tier else _promoted(conn, kind, key >> 3, query)
                found.append((first, score, places[key], key))
    return (key for *_, key in sorted(found))


def _promoted(conn: sqlite3.Connection, kind: str, rowid: int, query: Query) -> int:
    """The paper of a reference comes first (-2), then a person or body whose name was typed (-1), then the rest (0)."""
    if kind == "papers" and any(term.reference for term in query.wanted):
        [reference] = conn.execute("SELECT reference FROM papers WHERE rowid = ?", [rowid]).fetchone() or [None]
        return -2 * any(_reference(reference) == term.reference for term in query.wanted)
    if kind == "persons":
        return -1
    if kind == "organizations":
        sql = "SELECT name, short_name FROM organizations WHERE rowid = ?"
        names = filter(None, conn.execute(sql, [rowid]).fetchone() or ())
        return -any(_content(name) <= _content(query.text) or _same_group(name, query.text) for name in names)
    return 0


def _same_group(name: str, typed: str) -> bool:
    return (group := groups.known(name)) is not None and group == groups.known(typed)


@lru_cache(1000)
def _content(name: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    folded = {fold(match): word(match).normal for match in WORD.findall(_TOWN.sub("", name))}
    return frozenset(normal for key, normal in folded.items() if key not in stop_words() | kind_words())


def _reference(text: str | None) -> str:
    return "/".join(joined(match).normal for match in JOINED.findall(text or ""))


def _hit(conn: sqlite3.Connection, key: int, query: Query | None, left: Iterator[int]) -> Hit | None:
    """Without a query nothing is marked and no snippet is made."""
    kind = list(KINDS)[key % 8]
    cursor = conn.execute(_ROWS[kind], [key // 8])
    row = cursor.fetchone()
    if row is None:  # removed since the index was filled
        return None
    values = dict(zip((column[0] for column in cursor.description), row))
    values["title"] = clean(values["title"] or "")
    fields = {name: value for name, value in values.items() if name in _FIELDS}
    texts = [value for name, value in values.items() if name not in _FIELDS]
    day, votes = conn.execute(
        "SELECT d.date, v.votes FROM documents d JOIN document_facets v ON v.id = d.facets WHERE d.id = ?", [key]
    ).fetchone()
    return Hit(
        **fields | {"kind": kind, "date": day, "votes": bool(votes)},
        title_runs=whole(values["title"], query.wanted) if query else (),
        snippet=snippet(texts, query.wanted, left) if query else (),
    )


# --- the rest


def _suggestion(conn: sqlite3.Connection, known: Catalog, wanted: Search, query: Query, total: int) -> str | None:
    """The query with its rarest words spelt as the texts spell them, if that finds more."""
    if total >= _FEW or not query.wanted:
        return None
    better = wanted.q
    for term in [term for term in query.wanted if term.text.isalpha()][:_LOOKED_AT]:
        having = _total(conn, term.fts())
        if having < _FEW:
            for spelling in similar(conn, term.text):
                if _total(conn, parse(spelling).fts()) >= max(having, 1):
                    better = better.replace(term.text, spelling)
                    break
    if better == wanted.q:
        return None
    found = known.matching(conn, parse(better).fts()) & known.passing(wanted)
    return better if found.bit_count() >= max(total, 1) else None


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
    query, known = parse(wanted.q), catalog(conn)
    strictness, _, chosen = _enough(conn, known, wanted, query)
    for key in _in_order(conn, known, wanted, query, strictness, chosen):
        if hit := _hit(conn, key, None, steps()):
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
