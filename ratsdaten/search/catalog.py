"""All documents in memory, the newest first: what passes a filter, and how many each further filter would leave.

A set of documents is one long integer with a bit for each, so that 50,000 hits are filtered and counted in two
milliseconds. It is read once for every filling of the index, in half a second.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, islice
from operator import and_
from threading import Lock
from typing import Any

import numpy as np

from ..outcomes import OUTCOMES
from .model import FACETS, GROUP_ORDER, KINDS, Count, Search

LABELS = {outcome.name: outcome.label for outcome in OUTCOMES}
_KINDS = list(KINDS)


@dataclass(frozen=True)
class Catalog:
    """``ids``: documents.id in the order of their days, the newest first, those without one last.

    ``places``: kind -> its rowids in ascending order, and their places in ids; ``values``: facet -> value -> its
    documents. A place's bit comes after those of all earlier ones. ``days`` have documents; ``older``: how many are
    older than each of them, and at the end how many have a day.
    """

    ids: array[int]
    places: Mapping[str, tuple[np.ndarray, np.ndarray]]
    values: Mapping[str, Mapping[str, int]]
    days: list[str]
    older: list[int]

    @property
    def everything(self) -> int:
        return (1 << len(self.ids)) - 1

    def matching(self, conn: sqlite3.Connection, match: str) -> int:
        """The documents that an FTS5 expression finds."""
        chosen = np.zeros(len(self.ids), bool)
        for kind, (rowids, places) in self.places.items():
            sql = f"SELECT group_concat(rowid) FROM {kind}_fts WHERE {kind}_fts MATCH ?"
            [found] = conn.execute(sql, [match]).fetchone()
            if found and len(rowids):
                wanted = np.fromstring(found, np.int64, sep=",")
                at = np.minimum(np.searchsorted(rowids, wanted), len(rowids) - 1)
                chosen[places[at[rowids[at] == wanted]]] = True  # of rows that the catalog knows
        return _bits(chosen)

    def in_order(self, documents: int) -> Iterator[int]:
        """The places of a set, the newest first."""
        flags = f"{documents:0{len(self.ids)}b}"
        place = flags.find("1")
        while place >= 0:
            yield place
            place = flags.find("1", place + 1)

    def newest(self, documents: int, most: int) -> int:
        """The first so many of a set."""
        last = next(islice(self.in_order(documents), most - 1, None), None)
        rest = 0 if last is None else len(self.ids) - last
        return documents >> rest << rest

    def filters(self, wanted: Search) -> dict[str, int]:
        """Facet -> what passes its filter, of the filters in use."""
        chosen = {
            "kind": wanted.kind,
            "body": wanted.body,
            "group": wanted.group,
            "outcome": wanted.outcome,
            "votes": "1" if wanted.votes else "",
        }
        found = {name: self.values[name].get(value, 0) for name, value in chosen.items() if value}
        if wanted.since or wanted.until:
            first = self.older[-1] - self.older[bisect_right(self.days, wanted.until or "9")]
            last = self.older[-1] - self.older[bisect_left(self.days, wanted.since)]
            found["year"] = ((1 << max(last - first, 0)) - 1) << (len(self.ids) - last)
        return found

    def passing(self, wanted: Search) -> int:
        """What passes all filters."""
        return reduce(and_, self.filters(wanted).values(), self.everything)

    def counts(self, conn: sqlite3.Connection, documents: int, filters: Mapping[str, int]) -> dict[str, list[Count]]:
        """Facet -> how many of a set each value leaves, as if the facet's own filter were off."""
        found = {}
        for facet in FACETS:
            left = reduce(and_, (passing for name, passing in filters.items() if name != facet), documents)
            numbers = ((value, (left & having).bit_count()) for value, having in self.values[facet].items())
            found[facet] = {value: number for value, number in numbers if number}
        return _labelled(conn, found)


#: Catalogs in memory, one a town; 25 years take 7 MB.
MOST = 8
_KEPT: dict[str, tuple[str, Catalog]] = {}  # file -> when its index was filled, its catalog; asked for last stands last
_READING = Lock()


def catalog(conn: sqlite3.Connection) -> Catalog:
    [file] = conn.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    [filled_at] = conn.execute("SELECT filled_at FROM search_state").fetchone()
    with _READING:
        kept = _KEPT.pop(file, None)
        if kept is None or kept[0] != filled_at:
            kept = filled_at, _read(conn)
        _KEPT[file] = kept
        if len(_KEPT) > MOST:
            del _KEPT[next(iter(_KEPT))]
        return kept[1]


def _read(conn: sqlite3.Connection) -> Catalog:
    ids, facets = array("q"), array("q")
    for key, facet in conn.execute("SELECT id, facets FROM documents ORDER BY date DESC, id"):
        ids.append(key)
        facets.append(facet)
    keys, facets_of = np.array(ids), np.array(facets)
    having: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    sql = "SELECT id, kind, organizations, year, groups, outcome, votes FROM document_facets"
    for key, kind, bodies, year, groups, outcome, votes in conn.execute(sql):
        said = [("kind", _KINDS[kind]), ("year", year), ("outcome", outcome), ("votes", "1" if votes else None)]
        said += [("body", body) for body in (bodies or "").split("|")]
        said += [("group", group) for group in (groups or "").split("|")]
        for each in said:
            if each[1]:
                having[each].append(key)
    values: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for (facet, value), combinations in having.items():
        values[facet][value] = _bits(np.isin(facets_of, combinations))
    places = {}
    for number, kind in enumerate(KINDS):
        [of_kind] = np.nonzero(keys % 8 == number)
        order = np.argsort(keys[of_kind])
        places[kind] = keys[of_kind][order] >> 3, of_kind[order]
    days = conn.execute("SELECT date, count(*) FROM documents WHERE date IS NOT NULL GROUP BY 1 ORDER BY 1").fetchall()
    older = list(accumulate((number for _, number in days), initial=0))
    return Catalog(ids, places, values, [day for day, _ in days], older)


def _bits(chosen: np.ndarray) -> int:
    """Of one truth value a document a set of documents."""
    return int.from_bytes(np.packbits(chosen).tobytes()) >> -len(chosen) % 8


def _labelled(conn: sqlite3.Connection, counts: Mapping[str, Mapping[str, int]]) -> dict[str, list[Count]]:
    """Kinds and groups in their own order, years from the latest, the others from the most frequent."""
    bodies = dict(conn.execute("SELECT id, name FROM organizations WHERE name IS NOT NULL"))
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
