"""A ballot while it is read, and what is stored of it: empty cells that must be 0, sums compared, unanimity judged."""

from __future__ import annotations

from dataclasses import dataclass, field

from .vocabulary import SIDES
from .vocabulary import side as side_of


@dataclass(frozen=True, slots=True)
class VoteCount:
    """One group's figures; ``group`` is the normalised name, ``label`` as printed; None: not said."""

    group: str
    label: str
    yes: int | None
    no: int | None
    abstain: int | None


@dataclass(frozen=True, slots=True)
class Vote:
    """One ballot as the source prints it; ``position`` counts from 1, the last ballot is the final one."""

    position: int
    subject: str | None
    yes: int | None
    no: int | None
    abstain: int | None
    unanimous: int | None
    source: str
    raw_text: str
    consistent: int | None
    counts: tuple[VoteCount, ...] = ()


@dataclass(slots=True)
class Row:
    """One side: its total, the groups' figures, and whether something beside them could not be read (``open``)."""

    total: int | None = None
    cells: dict[str, int] = field(default_factory=dict)
    open: bool = False

    def agrees(self, other: Row) -> bool:
        return self == other or (self.total == other.total and not (self.cells and other.cells))


@dataclass(slots=True)
class Ballot:
    """What has been read of one ballot so far.

    ``labels`` maps normalised group names to printed ones; ``words`` holds what was said without a figure:
    U unanimously, M by majority, D decided, R rejected, A abstention, ``against`` somebody, ``nobody`` against.
    """

    source: str = "text"
    subject: str | None = None
    rows: dict[str, Row] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def joins(self, other: Ballot) -> bool:
        """Whether ``other``, read directly after, tells more of the same ballot: words beside figures, other sides."""
        tables = [self.source, other.source].count("table")
        if tables == 2 and not other.subject and self.rows.keys() == other.rows.keys():
            return self._holds(other)
        if self._label() == other._label() is not None:  # Abstimmungsergebnis: … / Abstimmungsergebnis: …
            return False
        if other.subject or tables == 2 or (self.words & set("UMDR") and other.words & set("UMDR")):
            return False
        if tables and self.rows and not set(other.rows) <= set(self.rows):
            return False
        return all(row.agrees(self.rows.get(side, row)) for side, row in other.rows.items())

    def _label(self) -> str | None:
        label, colon, _ = self.lines[0].partition(":") if self.lines else ("", "", "")
        return label if colon and not side_of(label) else None

    def _holds(self, other: Ballot) -> bool:
        """Whether ``other`` is the table of one more group, or the total of all that went before."""
        if other.labels:
            new = len(other.labels) == 1 and not other.labels.keys() & self.labels.keys()
            return new and all(row.total is None for row in other.rows.values())
        mine = [self.rows[side] for side in other.rows]
        return [(None, row.total) for row in other.rows.values()] == [(r.total, sum(r.cells.values())) for r in mine]

    def add(self, other: Ballot) -> None:
        for side, row in other.rows.items():
            mine = self.rows.setdefault(side, row)
            mine.total = row.total if mine.total is None else mine.total
            mine.cells |= row.cells
            mine.open |= row.open
        self.labels |= other.labels
        self.words |= other.words
        self.lines += other.lines
        self.source = max(self.source, other.source, key=["text", "table"].index)

    def vote(self, position: int) -> Vote | None:
        """The ballot as it is stored; None where nobody voted: an empty table, zeros alone, "beschlossen"."""
        rows = [self.rows.get(side, Row()) for side in SIDES]
        figures = [n for row in rows for n in (row.total, *row.cells.values())]
        if not any(figures) and not self.words & {"U", "M", "A", "against", "nobody"}:
            return None
        groups = list(self.labels)
        filled = [_filled(row, groups) for row in rows]
        told = [group for group in groups if any(group in cells for cells in filled)]
        counts = tuple(VoteCount(g, self.labels[g], *(cells.get(g) for cells in filled)) for g in told)
        yes, no, abstain = (row.total for row in rows)
        text = "\n".join(dict.fromkeys(filter(None, [self.subject, *self.lines])))
        unanimous, consistent = self._unanimous(counts), _consistent(rows, filled, groups) if counts else None
        return Vote(position, self.subject, yes, no, abstain, unanimous, self.source, text, consistent, counts)

    def _unanimous(self, counts: tuple[VoteCount, ...]) -> int | None:
        """1: the words say so, or all figures and none against; 0: somebody was against; None: neither, or both."""
        yes, no, abstain = (self.rows.get(side, Row()).total for side in SIDES)
        opposed = bool(no) or any(count.no for count in counts) or "against" in self.words
        if self.words & {"U", "nobody"}:
            return int("R" in self.words and not yes) or None if opposed else 1
        if "M" in self.words and not opposed:  # a majority over abstentions alone?
            return None if no == 0 or ((abstain or "A" in self.words) and "R" not in self.words) else 0
        if opposed:
            return 0 if no != 0 else None
        if no == 0:
            return 1 if yes and abstain is not None else None
        told = all(None not in (count.yes, count.no, count.abstain) for count in counts)
        complete = told and no is None and not any(row.open for row in self.rows.values())
        return 1 if complete and len(counts) > 1 and any(count.yes for count in counts) else None


def _filled(row: Row, groups: list[str]) -> dict[str, int]:
    """An empty cell is 0 only where the cells that are told add up to the row's total."""
    if row.total is not None and not row.open and sum(row.cells.values()) == row.total:
        return dict.fromkeys(groups, 0) | row.cells
    return row.cells


def _consistent(rows: list[Row], filled: list[dict[str, int]], groups: list[str]) -> int | None:
    """1: for and against add up, and abstentions where they are told; 0: some side cannot; None: not to be checked."""
    verdict: int | None = 1
    for side, row, cells in zip(SIDES, rows, filled):
        complete = len(cells) == len(groups) and not row.open
        surplus = sum(cells.values()) - row.total if row.total is not None else 0
        if surplus > 0 or (surplus and complete):
            return 0
        if (row.total is None or not complete) and (side != "abstain" or row != Row()):
            verdict = None
    return verdict
