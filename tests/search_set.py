"""Search cases (search.yml says how they are written) and how a list of hits is judged by them.

search_other.yml holds cases over short invented texts of its own: they tell whether the engine understands German or
only Lindenrath.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ratsdaten.database import close, connect
from ratsdaten.search import Search, rebuild, search

OTHER = Path(__file__).with_name("search_other.yml")
CASES = Path(__file__).with_name("search.yml")
#: Table -> what a row is called: by its title, a paper also by its reference.
TITLES = {
    "agenda_items": "name",
    "papers": "reference || ' ' || name",
    "meetings": "name",
    "persons": "name",
    "organizations": "name",
    "files": "name",
}
Row = tuple[str, int | str]  # table and id


@dataclass(frozen=True)
class Case:
    """What somebody types, and what is expected; rows as search.yml names them."""

    group: str
    q: str
    _: KW_ONLY
    find: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    not_first: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    suggest: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> Iterator[str]:
        """All names of rows in it."""
        yield from (*self.find, *self.first, *self.not_first, *self.absent, *self.order)


@dataclass
class Score:
    """Wanted rows and how many of them were found; other expectations (traps) and how many were met."""

    wanted: int = 0
    found: int = 0
    traps: int = 0
    avoided: int = 0
    faults: list[str] = field(default_factory=list)

    def __iadd__(self, other: Score) -> Score:
        for name in ("wanted", "found", "traps", "avoided"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults
        return self

    def __str__(self) -> str:
        return f"found {self.found:3} of {self.wanted:3}, traps avoided {self.avoided:3} of {self.traps:3}"


def read(entries: Mapping[str, list[dict[str, Any]]]) -> list[Case]:
    """The cases of a YAML mapping group -> entries."""
    found = []
    for group, listed in entries.items():
        for entry in listed:
            rows = {key: tuple(map(str, entry.get(key, ()))) for key in ("find", "first", "not_first", "order")}
            arguments = {name: str(value) for name, value in entry.get("with", {}).items()}
            absent = tuple(map(str, entry.get("not", ())))
            found.append(Case(group, str(entry["q"]), **rows, absent=absent, suggest=entry.get("suggest", ""),
                              arguments=arguments))  # fmt: skip
    return found


def cases() -> list[Case]:
    """The cases over the invented town."""
    return read(yaml.safe_load(CASES.read_text("utf-8")))


def others() -> list[dict[str, Any]]:
    """Sets of texts with cases of their own: papers (reference, title, text), persons, organizations, cases."""
    return yaml.safe_load(OTHER.read_text("utf-8"))


def fill(database: Path, texts: Mapping[str, Any]) -> None:
    """A database of these texts, ready to be searched."""
    db = connect(database)
    db.table("papers").insert_all(
        {"id": key, "reference": reference, "name": name, "text": text, "date": f"{reference[:4]}-03-01"}
        for key, (reference, name, text) in enumerate(texts["papers"], 1)
    )
    db.table("persons").insert_all({"id": key, "name": name} for key, name in enumerate(texts["persons"], 1))
    db.table("organizations").insert_all(
        {"id": f"au{key}", "name": name} for key, name in enumerate(texts["organizations"], 1)
    )
    rebuild(db)
    close(db)


def ask(connection: sqlite3.Connection, case: Case, titles: Mapping[Row, str]) -> Score:
    """What our own search makes of a case."""
    answer = search(connection, Search.from_arguments({"q": case.q, **case.arguments}), limit=len(titles))
    return judge(case, [(hit.kind, hit.id) for hit in answer.hits], titles, answer.suggestion)


def names(connection: sqlite3.Connection) -> dict[Row, str]:
    """What every searchable row is called."""
    return {
        (table, key): name or ""
        for table, title in TITLES.items()
        for key, name in connection.execute(f"SELECT id, {title} FROM {table}")
    }


def called(name: str, row: Row, titles: Mapping[Row, str]) -> bool:
    """Is this row meant by that name ("Hallenbad", "papers: Hallenbad", "2026/0015")?"""
    table, colon, piece = name.partition(": ")
    if colon and table in TITLES:
        return row[0] == table and piece in titles[row]
    return name in titles[row]


def judge(case: Case, hits: Sequence[Row], titles: Mapping[Row, str], suggestion: str | None = None) -> Score:
    """Compare all hits of a case, in their order, with what it expects."""
    score = Score()

    def place(name: str) -> int:
        """The first hit of that name, behind the last one if there is none."""
        return next((number for number, row in enumerate(hits) if called(name, row, titles)), len(hits))

    def expect(met: bool, what: str) -> None:
        score.traps += 1
        score.avoided += met
        if not met:
            top = "; ".join(f"{row[0]}: {titles[row]!r}" for row in hits[:3])
            score.faults.append(
                f"{case.group}: {case.q!r} {dict(case.arguments) or ''} {what}; {len(hits)} hits: {top}"
            )

    def want(name: str, there: bool) -> None:
        score.wanted += 1
        score.found += there
        if not there:
            score.faults.append(
                f"{case.group}: {case.q!r} {dict(case.arguments) or ''} misses {name!r}; {len(hits)} hits"
            )

    for name in case.find:
        want(name, place(name) < len(hits))
    if case.first:
        want(" or ".join(case.first), any(place(name) < len(hits) for name in case.first))
        expect(any(place(name) == 0 for name in case.first) and bool(hits), f"should begin with {case.first}")
    if case.not_first:
        best = min((place(name) for name in case.find), default=0)
        wrong = [name for name in case.not_first if place(name) < max(best, 1) and place(name) < len(hits)]
        expect(not wrong, f"has {wrong} before what is wanted")
    for name in case.absent:
        expect(place(name) == len(hits), f"should not have {name!r}")
    if case.order:
        places = [place(name) for name in case.order]
        for name, where in zip(case.order, places):
            want(name, where < len(hits))
        expect(places == sorted(set(places)), f"should have {case.order} in this order")
    if case.suggest == "-":
        expect(suggestion is None, f"should suggest nothing, not {suggestion!r}")
    elif case.suggest:
        expect(case.suggest.lower() in (suggestion or "").lower(), f"should suggest {case.suggest}, not {suggestion!r}")
    return score


def unknown(wanted: Collection[Case], titles: Mapping[Row, str]) -> list[str]:
    """Names in the cases that no row has: then the case would prove nothing."""
    return sorted(
        {name for case in wanted for name in case.rows if not any(called(name, row, titles) for row in titles)}
    )
