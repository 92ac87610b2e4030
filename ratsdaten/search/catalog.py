"""All documents in memory, the newest first: what passes a filter, and how many each further filter would leave.

A set of documents is an array with a truth value for each, so that 50,000 hits are filtered and counted in some
milliseconds. It is read once for every filling of the index, in half a second.
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

#: The rowids that an FTS5 expression finds in each kind, as one text each: after each row a thread waits for its turn.
_MATCHING = "SELECT " + ", ".join(
    f"(SELECT group_concat(rowid) FROM {kind}_fts WHERE {kind}_fts MATCH :match)" for kind in KINDS
)

#: A set of documents: of each place in Catalog.ids whether it belongs to it.
Documents: TypeAlias = np.ndarray


@dataclass(frozen=True)
class Catalog:
    """``ids``: documents.id in the order of their days, the newest first, those without one last.

    ``places``: of each kind its rowids in ascending order, and their places in ids. By place: ``facets``, which of the
    ``combinations`` of values it has, ``years``, 9999 without a day, and ``title_words``, more than 127 as any number
    above. ``values``: facet -> its values, the combinations that have each of them one after the other, and where those
    of each begin. ``bodies``: organizations.id -> name. ``days`` have documents; ``older``: how many are older than
    each of them, and at the end how many have a day.
    """

    ids: np.ndarray
    places: list[tuple[np.ndarray, np.ndarray]]
    facets: np.ndarray
    years: np.ndarray
    title_words: np.ndarray
    values: Mapping[str, tuple[list[str], np.ndarray, np.ndarray]]
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
        for (rowids, places), found in zip(self.places, conn.execute(_MATCHING, {"match": match}).fetchone()):
            if found and len(rowids):
                wanted = np.fromstring(found, np.int64, sep=",")
                at = rowids.searchsorted(wanted).clip(max=len(rowids) - 1)
                chosen[places[at[rowids[at] == wanted]]] = True  # of rows that the catalog knows
        return chosen

    def having(self, facet: str, value: str) -> Documents:
        """The documents with a value."""
        values, combinations, starts = self.values[facet]
        having = np.zeros(self.combinations, bool)
        if value in values:
            having[np.split(combinations, starts[1:])[values.index(value)]] = True
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
            numbers = np.add.reduceat(left[combinations], starts).tolist() if values else ()
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
    sql = "SELECT id, facets, CAST(coalesce(substr(date, 1, 4), 9999) AS INTEGER) FROM documents ORDER BY date DESC, id"
    ids, facets, years = np.fromiter(chain.from_iterable(conn.execute(sql)), np.int64).reshape(-1, 3).T.copy()
    known, facets = np.unique(facets, return_inverse=True)
    combination = {key: number for number, key in enumerate(known.tolist())}
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
        starts = list(accumulate(map(len, found), initial=0))[:-1]
        values[facet] = list(having[facet]), np.array([*chain(*found)], int), np.array(starts, int)
    places, title_words = [], np.zeros(len(ids), np.uint8)
    for number, kind in enumerate(KINDS):
        of_kind = np.flatnonzero(ids % 8 == number)
        of_kind = of_kind[np.argsort(ids[of_kind])]
        places.append((ids[of_kind] >> 3, of_kind))
        # FTS5 notes how many words each column has, in a byte where they are less than 128; the title's come first.
        sizes = dict(conn.execute(f"SELECT id, sz FROM {kind}_fts_docsize"))
        title_words[of_kind] = [sizes[rowid][0] for rowid in places[-1][0].tolist()]
    bodies = dict(conn.execute("SELECT id, name FROM organizations WHERE name IS NOT NULL"))
    days = conn.execute("SELECT date, count(*) FROM documents WHERE date IS NOT NULL GROUP BY 1 ORDER BY 1").fetchall()
    older = list(accumulate((number for _, number in days), initial=0))
    return Catalog(
        ids, places, facets.astype(np.int32), years.astype(np.int32), title_words, values, len(known), bodies,
        [day for day, _ in days], older,
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
