"""How many hits there are, and how many each filter would leave."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..outcomes import OUTCOMES
from .model import FACETS, GROUP_ORDER, KINDS, Count, Search

LABELS = {outcome.name: outcome.label for outcome in OUTCOMES}
_KINDS = list(KINDS)


class _Fact(NamedTuple):
    """What a row has one of."""

    kind: str
    year: str | None
    outcome: str | None
    votes: int


class _Party(NamedTuple):
    """What a row can have several of."""

    body: tuple[str, ...]
    group: tuple[str, ...]


@dataclass(frozen=True)
class _Facets:
    """document_facets in memory: for each id the numbers of its fact and its party, and how many rows have it."""

    fact: dict[int, int]
    party: dict[int, int]
    documents: dict[int, int]
    facts: list[_Fact]
    parties: list[_Party]


_KEPT: dict[tuple[str, str], _Facets] = {}  # by the file and when its index was filled


def _facets(conn: sqlite3.Connection) -> _Facets:
    [file] = conn.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    [filled_at] = conn.execute("SELECT filled_at FROM search_state").fetchone()
    if kept := _KEPT.get((file, filled_at)):
        return kept
    fact, party, documents = {}, {}, {}
    facts: dict[_Fact, int] = {}
    parties: dict[_Party, int] = {}
    sql = "SELECT id, kind, organizations, year, groups, outcome, votes, documents FROM document_facets"
    for key, kind, bodies, year, groups, outcome, votes, number in conn.execute(sql):
        fact[key] = facts.setdefault(_Fact(_KINDS[kind], year, outcome, votes), len(facts))
        party[key] = parties.setdefault(_Party(_split(bodies), _split(groups)), len(parties))
        documents[key] = number
    if len(_KEPT) > 3:
        _KEPT.clear()
    _KEPT[file, filled_at] = _Facets(fact, party, documents, list(facts), list(parties))
    return _KEPT[file, filled_at]


def _split(names: str | None) -> tuple[str, ...]:
    return tuple(names.split("|")) if names else ()


def count(
    conn: sqlite3.Connection, wanted: Search, sources: Iterable[str], values: Mapping[str, object]
) -> tuple[dict[str, list[Count]], int]:
    """(facet -> counts as if its own filter were off, number of hits that pass all filters).

    ``sources`` are SQL: FROM and WHERE that give the hits' documents as d, before any filter; none means all rows.
    """
    facets = _facets(conn)
    period = "coalesce(d.date BETWEEN :since AND :until, 0)" if wanted.since or wanted.until else "1"
    values = {**values, "since": wanted.since or "0", "until": wanted.until or "9"}
    found = [
        row
        for source in sources
        for row in conn.execute(
            f"SELECT d.facets, {period}, count(*) FROM {source} GROUP BY {'1, 2' if period != '1' else '1'}", values
        )
    ]
    return _tally(conn, wanted, facets, found)


def count_all(conn: sqlite3.Connection, wanted: Search) -> tuple[dict[str, list[Count]], int]:
    """The same for a search without words."""
    if wanted.since or wanted.until:
        return count(conn, wanted, ["documents d WHERE 1"], {})
    facets = _facets(conn)
    return _tally(conn, wanted, facets, [(key, 1, number) for key, number in facets.documents.items()])


def _tally(
    conn: sqlite3.Connection, wanted: Search, facets: _Facets, found: list[tuple[int, int, int]]
) -> tuple[dict[str, list[Count]], int]:
    # Each filter is a bit: a hit counts for a facet if it fails no filter, or that facet's own alone.
    bit = {name: 1 << place for place, name in enumerate(FACETS)}
    fact_fails = [
        bit["kind"] * bool(wanted.kind and fact.kind != wanted.kind)
        | bit["outcome"] * bool(wanted.outcome and fact.outcome != wanted.outcome)
        | bit["votes"] * bool(wanted.votes and not fact.votes)
        for fact in facets.facts
    ]
    party_fails = [
        bit["body"] * bool(wanted.body and wanted.body not in party.body)
        | bit["group"] * bool(wanted.group and wanted.group not in party.group)
        for party in facets.parties
    ]
    by_fact = {fails: [0] * len(facets.facts) for fails in (0, *bit.values())}
    by_party = {fails: [0] * len(facets.parties) for fails in (0, *bit.values())}
    fact, party, year = facets.fact, facets.party, bit["year"]
    for key, inside, number in found:
        one, other = fact[key], party[key]
        fails = fact_fails[one] | party_fails[other] | (0 if inside else year)
        if fails in by_fact:
            by_fact[fails][one] += number
            by_party[fails][other] += number

    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for name in FACETS:
        for fails in (0, bit[name]):
            if name in _Fact._fields:
                for each, number in zip(facets.facts, by_fact[fails]):
                    if number and (value := getattr(each, name)):
                        counts[name][str(value)] += number
            else:
                for several, number in zip(facets.parties, by_party[fails]):
                    if number:
                        for value in getattr(several, name):
                            counts[name][value] += number
    return _labelled(conn, counts), sum(by_fact[0])


def _labelled(conn: sqlite3.Connection, counts: Mapping[str, Counter[str]]) -> dict[str, list[Count]]:
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
