"""All documents in memory, the newest first: what passes a filter, and how many each further filter would leave.

A set of documents is an array with a truth value for each, so that 50,000 hits are filtered and counted in some
milliseconds. It is read once for every filling of the index, in about a second.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, chain
from operator import and_
from threading import Lock
from typing import Any, TypeAlias

import numpy as np

from ..outcomes import OUTCOMES
from .model import FACETS, GROUP_ORDER, KINDS, Count, Search

LABELS = {outcome.name: outcome.label for outcome in OUTCOMES}
_KINDS = list(KINDS)

#: The documents.id that an FTS5 expression finds of each kind, as one text: after each row a thread waits for its turn.
_MATCHING = "SELECT " + ", ".join(
    f"(SELECT group_concat(rowid * 8 + {number}) FROM {kind}_fts WHERE {kind}_fts MATCH :match)"
    for number, kind in enumerate(KINDS)
)

#: FTS5 notes how many words each column of a row has, in a byte where they are less than 128 (else this reads more);
#: the title's come first, then the text's (COLUMNS in index.py). A paper's begin with the two of its reference.
_REFERENCE = " - 2 * (SELECT reference IS NOT NULL AND name IS NOT NULL FROM papers WHERE rowid = s.id)"
_TITLE_WORDS = " ".join(
    f"WHEN {number} THEN (SELECT unicode(sz){_REFERENCE if kind == 'papers' else ''} "
    f"FROM {kind}_fts_docsize s WHERE s.id = d.id / 8)"
    for number, kind in enumerate(KINDS)
)
#: Whether of an item that has been treated nothing but its heading is known.
_BARE = """
    id % 8 = 0 AND coalesce(date, '9') < (SELECT filled_at FROM search_state)
    AND EXISTS (SELECT 1 FROM agenda_items_fts_docsize s
                 WHERE s.id = d.id / 8 AND hex(substr(sz, 1, 1)) < '80' AND hex(substr(sz, 2, 1)) = '00')"""
_DOCUMENTS = f"""
    SELECT id, facets, CAST(coalesce(substr(date, 1, 4), 9999) AS INTEGER),
           min(coalesce(CASE id % 8 {_TITLE_WORDS} END, 0), 127), {_BARE}
      FROM documents d ORDER BY date DESC, id"""
#: A file's name often repeats its paper's title.
_TRUST = np.array([{"files": 0.6}.get(kind, 1.0) for kind in KINDS])
_TRUST_BARE = 0.85

#: A set of documents: of each place in Catalog.ids whether it belongs to it.
Documents: TypeAlias = np.ndarray


@dataclass(frozen=True)
class Catalog:
    """``ids``: documents.id in the order of their days, the newest first, those without one last.

    ``ascending``: the same by their size; ``places``: where each of those stands in ids. By place: ``facets``, which of
    the ``combinations`` of values it has, ``years``, 9999 without a day, ``title_words``, at most 127, and ``trust``,
    what its score is multiplied by. ``values``: facet -> its values, the combinations that have each of them one after
    the other, and where those of each begin and the last end. ``bodies``: organizations.id -> name. ``days`` have
    documents; ``older``: how many are older than each of them, and at the end how many have a day.
    """

    ids: np.ndarray
    ascending: np.ndarray
    places: np.ndarray
    facets: np.ndarray
    years: np.ndarray
    title_words: np.ndarray
    trust: np.ndarray
    values: Mapping[str, tuple[list[str], np.ndarray, list[int]]]
    combinations: int
    bodies: Mapping[str, str]
    days: list[str]
    older: list[int]

    @property
    def everything(self) -> Documents:
        return np.ones(len(self.ids), bool)

    def matching(self, conn: sqlite3.Connection, match: str) -> Documents:
        """The documents that an FTS5 expression finds."""
        chosen = np.zeros(len(self.ids), bool)
        found = ",".join(filter(None, conn.execute(_MATCHING, {"match": match}).fetchone()))
        if found and len(chosen):
            wanted = np.fromstring(found, np.int64, sep=",")
            at = self.ascending.searchsorted(wanted).clip(max=len(chosen) - 1)
            chosen[self.places[at[self.ascending[at] == wanted]]] = True  # of rows that the catalog knows
        return chosen

    def having(self, facet: str, value: str) -> Documents:
        """The documents with a value."""
        values, combinations, starts = self.values[facet]
        having = np.zeros(self.combinations, bool)
        if value in values:
            number = values.index(value)
            having[combinations[starts[number] : starts[number + 1]]] = True
        return having[self.facets]

    def filters(self, wanted: Search) -> dict[str, Documents]:
        """Facet -> what passes its filter, of the filters in use."""
        chosen = {
            "kind": wanted.kind,
            "body": wanted.body,
            "group": wanted.group,
            "outcome": wanted.outcome,
            "votes": "1" if wanted.votes else "",
        }
        found = {name: self.having(name, value) for name, value in chosen.items() if value}
        if wanted.since or wanted.until:
            first = self.older[-1] - self.older[bisect_right(self.days, wanted.until or "9")]
            last = self.older[-1] - self.older[bisect_left(self.days, wanted.since)]
            found["year"] = np.zeros(len(self.ids), bool)
            found["year"][first:last] = True
        return found

    def counts(
        self, documents: Documents, chosen: Documents, filters: Mapping[str, Documents]
    ) -> dict[str, list[Count]]:
        """Facet -> how many of a set each value leaves, as if the facet's own filter were off; ``chosen``: all on."""
        found = {}
        of_chosen = self._combinations(chosen)
        for facet in FACETS:
            others = {name: allowed for name, allowed in filters.items() if name != facet}
            left = self._combinations(passing(documents, others)) if facet in filters else of_chosen
            values, combinations, starts = self.values[facet]
            numbers = np.add.reduceat(left[combinations], starts[:-1]).tolist() if values else ()
            found[facet] = {value: number for value, number in zip(values, numbers) if number}
        return _labelled(found, self.bodies)

    def _combinations(self, documents: Documents) -> np.ndarray:
        """How many of a set have each combination."""
        return np.bincount(self.facets[np.flatnonzero(documents)], minlength=self.combinations)


def passing(documents: Documents, filters: Mapping[str, Documents]) -> Documents:
    """What of a set passes all of some filters."""
    return reduce(and_, filters.values(), documents)


#: Catalogs in memory, one a town; 25 years take 9 MB.
MOST = 8
_KEPT: dict[str, tuple[str, Catalog]] = {}  # file -> when its index was filled, its catalog; asked for last stands last
_READING = Lock()


def catalog(conn: sqlite3.Connection) -> Catalog:
    sql = "SELECT file, filled_at FROM pragma_database_list, search_state WHERE name = 'main'"
    file, filled_at = conn.execute(sql).fetchone()
    with _READING:
        kept = _KEPT.pop(file, None)
        if kept is None or kept[0] != filled_at:
            kept = filled_at, _read(conn)
        _KEPT[file] = kept
        if len(_KEPT) > MOST:
            del _KEPT[next(iter(_KEPT))]
        return kept[1]


def _read(conn: sqlite3.Connection) -> Catalog:
    rows = chain.from_iterable(conn.execute(_DOCUMENTS))
    columns = np.fromiter(rows, np.int64).reshape(-1, 5).T
    ids, facets, years, title_words, bare = map(np.array, columns)  # each by itself: most are given up here
    listed, facets = np.unique(facets, return_inverse=True)
    combination = {key: number for number, key in enumerate(listed.tolist())}
    having: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    sql = "SELECT id, kind, organizations, year, groups, outcome, votes FROM document_facets"
    for key, kind, bodies, year, groups, outcome, votes in conn.execute(sql):
        said = [("kind", _KINDS[kind]), ("year", year), ("outcome", outcome), ("votes", "1" if votes else None)]
        said += [("body", body) for body in (bodies or "").split("|")]
        said += [("group", group) for group in (groups or "").split("|")]
        for facet, value in said:
            if value and key in combination:
                having[facet][value].add(combination[key])
    values = {}
    for facet in FACETS:
        found = having[facet].values()
        starts = list(accumulate(map(len, found), initial=0))
        values[facet] = list(having[facet]), np.array([*chain(*found)], int), starts
    places = np.argsort(ids)
    bodies = dict(conn.execute("SELECT id, name FROM organizations WHERE name IS NOT NULL"))
    days = conn.execute("SELECT date, count(*) FROM documents WHERE date IS NOT NULL GROUP BY 1 ORDER BY 1").fetchall()
    older = list(accumulate((number for _, number in days), initial=0))
    return Catalog(
        ids, ids[places], places, facets.astype(np.int32), years.astype(np.int32), title_words.astype(np.int32),
        _TRUST[ids % 8] * np.where(bare, _TRUST_BARE, 1), values, len(listed), bodies, [day for day, _ in days], older,
    )  # fmt: skip


def _labelled(counts: Mapping[str, Mapping[str, int]], bodies: Mapping[str, str]) -> dict[str, list[Count]]:
    """Kinds and groups in their own order, years from the latest, the others from the most frequent."""
    labels: dict[str, Mapping[str, str]] = {
        "kind": KINDS,
        "body": bodies,
        "outcome": LABELS,
        "votes": {"1": "mit Abstimmung"},
    }
    order: dict[str, Callable[[str, int], Any]] = {
        "kind": lambda value, number: _KINDS.index(value),
        "year": lambda value, number: -int(value) if value.isdecimal() else 0,
        "group": lambda value, number: (GROUP_ORDER.get(value, len(GROUP_ORDER)), value),
    }
    listed: dict[str, list[Count]] = {}
    for name, found in counts.items():
        label, place = labels.get(name, {}), order.get(name, lambda value, number: (-number, value))
        listed[name] = [
            Count(value, label.get(value, value), number)
            for value, number in sorted(found.items(), key=lambda item: place(*item))
            if name != "body" or value in bodies
        ]
    return listed
