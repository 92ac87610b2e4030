"""From a vote table to ballots, cell by cell: a figure is what its row and its column say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from ratsdaten.groups import fold, known, normalise, tidy

from .ballot import Ballot, Row
from .grids import Grid, adds_up
from .vocabulary import NO_GROUP, absent, figure, is_total, side


def read_table(grid: Grid) -> Iterator[Ballot | str]:
    """The ballots of one table, with rows of text between them; the heading row may be missing or stand again."""
    headless = _headless(grid)
    head: list[str | None] = []
    ballot = Ballot("table")
    for row in grid:
        name = side(row[0])
        filled = [cell for cell in row if cell]
        line = "\t".join(cell or "" for cell in row).rstrip("\t")
        if name:
            if name in ballot.rows:
                yield ballot
                ballot = Ballot("table")
            ballot.rows[name] = _side(head, row, ballot, headless)
            ballot.lines.append(line)
        elif filled and not absent(filled[0]):
            if ballot.rows:
                yield ballot
                ballot = Ballot("table")
            figures = any(figure(cell) is not None for cell in filled)
            if not figures and (len(filled) > 1 or is_total(filled[0]) or known(filled[0])):
                corner = row[0] and (is_total(row[0]) or known(row[0]))
                head = ["", *row] if corner else row
                ballot.lines.append(line)
            else:
                yield "" if figures else filled[0]
    yield ballot


def _side(head: list[str | None], row: list[str | None], ballot: Ballot, headless: bool) -> Row:
    """One side: total and groups' figures by the heading; without a fitting heading at most a total."""
    cells, columns = _stripped(row[1:]), _stripped(head[1:])
    if any(cell and fold(cell) == "einstimmig" for cell in cells):
        ballot.words.add("U")
    if len(cells) > len(columns) or not any(label and (is_total(label) or known(label)) for label in columns):
        return Row(figure(cells[0]) if headless and cells and not columns else None, open=len(cells) > 1)
    pairs = _paired(columns, cells)
    totals = {cell for label, cell in pairs if is_total(label)}
    result = Row(figure(min(totals)) if len(totals) == 1 else None)  # "gesamt" and "Stimmen" that differ: which?
    result.open = result.total is None and any(totals)
    familiar = any(known(label) for label, _ in pairs)  # else the rows may be people, or what was voted on
    names = [normalise(label) for label, _ in pairs]
    for label, cell in pairs:
        if familiar and _names_group(label):
            twice = names.count(name := normalise(label)) > 1  # whose figure is it?
            ballot.labels[name] = tidy(label)
            if (value := None if twice else figure(cell)) is not None:
                result.cells[name] = value
            result.open |= bool(cell) and value is None
    if any(cell and not label for label, cell in pairs):  # a column whose name is lost: which of them?
        result.cells, result.open = {}, True
    return result


def _names_group(label: str) -> bool:
    return any(map(str.isalpha, label)) and not (is_total(label) or absent(label) or NO_GROUP.search(label))


def _paired(columns: list[str | None], cells: list[str | None]) -> list[tuple[str, str]]:
    """Labels with their cells; of two columns under one label the cell that is filled; a cell under two labels is ?."""
    pairs: list[tuple[str, str]] = []
    for label, cell in zip_longest(columns, cells, fillvalue=""):
        if label is None and pairs and not (cell and pairs[-1][1]):
            pairs[-1] = (pairs[-1][0], cell or pairs[-1][1])
        elif label and cell is None and pairs and pairs[-1][1] and not is_total(pairs[-1][0]):
            pairs[-1:] = [(pairs[-1][0], "?"), (label, "?")]
        else:
            pairs.append((label or "", cell or ""))
    return pairs


def _stripped(cells: list[str | None]) -> list[str | None]:
    """Without the blanks at the end, which may be missing cells."""
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _headless(grid: Grid) -> bool:
    """Whether first figures are totals without a heading: each alone, or each the sum of the others, more than one."""
    rows = [[cell for cell in row[1:] if cell] for row in grid if side(row[0])]
    several = [row for row in rows if len(row) > 1]
    if any(figure(cell) is None for row in several for cell in row) or not all(map(adds_up, several)):
        return all(figure(row[0]) is not None and not re.search(r"\d|-", "".join(row[1:])) for row in several)
    return not several or any(len([cell for cell in row if figure(cell)]) > 2 for row in several)
