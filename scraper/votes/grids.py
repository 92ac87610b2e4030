"""From a section's HTML to its lines and vote tables; tables that became lines are tables again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest

from ratsdaten.groups import MENTION, known, tidy

from ..pages.richtext import plain
from .vocabulary import figure, is_total, side

#: Rows of cells; None is a cell that its left neighbour spans.
Grid = list[list[str | None]]

MAX_LINES = 3000

_TABLE = re.compile(r"(<table\b[^>]*>(?:(?!<table\b).)*?</table>)", re.S)  # the innermost
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.S)
_TR = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.S)
_TD = re.compile(r"<t[dh]\b([^>]*)>(.*?)</t[dh]>", re.S)
_SPAN = re.compile(r'(col|row)span="(\d{1,2})"')
_INVISIBLE = str.maketrans("", "", "\xad\u200b\u200c\u200d\ufeff")
_PARTED = re.compile(r"([^:\d]*) [-–—] (\d+)")  # dafür – 21
_GROUP = re.compile(MENTION)
_LABEL = re.compile(rf"(?<!\w){MENTION}|[^\W\d_]+(?:[-.]?[^\W\d_]+)*\.?|(?P<sign>\S)")


def blocks(html: str) -> list[str | Grid]:
    """The lines and vote tables of a section in order; vote tables that became lines are tables again."""
    found: list[str | Grid] = []
    head: list[str | None] = []
    for number, part in enumerate(_TABLE.split(html.translate(_INVISIBLE))):
        if number % 2 and (grid := _vote_grid(part)):
            above = [row for row in takewhile(lambda row: not side(row[0]), grid) if len([*filter(None, row)]) > 1]
            if not above and found and isinstance(line := found[-1], str) and is_total(line.partition(" ")[0]):
                head = ["", *_labels(line)]
            fits = all(side(row[0]) and len(row) == len(head) and adds_up(row[1:]) for row in grid)
            if fits and is_total(head[1] or ""):
                grid.insert(0, head)  # a heading above the table, or above the table of the ballot before
            head = above[-1] if above else head
            found += [*_lines("".join(_CAPTION.findall(part))), grid]
        else:
            found += _lines(part)
    return list(_regained(found[:MAX_LINES]))


def _lines(html: str) -> list[str]:
    return [" ".join(line.split()) for line in plain(html).split("\n") if line.strip()]


# ---- a table of HTML as a grid ---------------------------------------------------------------------------


def _vote_grid(html: str) -> Grid:
    """Sides down the first column, groups across; empty where the table is none of votes or holds no figure."""
    columns = _joined([c for c in zip_longest(*_grid(html), fillvalue="") if any(cell and cell != ":" for cell in c)])
    grid: Grid = [list(row) for row in zip(*columns)]
    if (label := _first_with_sides(columns)) is not None:
        rows: Grid = [[row[label] or next(filter(None, row[:label]), ""), *row[label + 1 :]] for row in grid]
        readable = any(figure(cell) is not None or cell == "einstimmig" for row in rows for cell in row[1:])
        return rows if readable else []
    if (head := _first_with_sides(grid)) is None or not (turned := _turned(grid[head:])):
        return []
    above: Grid = [[cell] for row in grid[:head] for cell in row if cell]
    return above + turned


def _joined(columns: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """A group's name over two columns, of which one is else empty, is one: ``Die|Linke``, ``Piraten|/AL``."""
    joined: list[tuple[str | None, ...]] = []
    for column in columns:
        left = [cell for cell in joined[-1] if cell] if joined else []
        right = [cell for cell in column if cell]
        parted = left and right and 1 in (len(left), len(right)) and known(f"{left[0]} {right[0]}")
        if parted and ("/" in left[0] + right[0] or not (known(left[0]) and known(right[0]))):
            column = tuple(" ".join(filter(None, pair)) for pair in zip(joined.pop(), column))
        joined.append(column)
    return joined


def _first_with_sides(lines: Sequence[Sequence[str | None]]) -> int | None:
    """Number of the first row (or column) of labels: two sides at least, no figure."""
    for number, cells in enumerate(lines):
        if len({side(cell) for cell in cells} - {None}) > 1 and all(figure(cell) is None for cell in cells):
            return number
    return None


def _grid(html: str) -> Grid:
    """Texts of the cells, one line each; a cell over several rows stands in each of them, but labels of sides once."""
    grid: Grid = []
    hanging: dict[int, tuple[int, str | None]] = {}  # column -> rows left, text
    for source in _TR.findall(html):
        row: list[str | None] = []
        for attributes, content in _TD.findall(source):
            spans = {kind: int(number) for kind, number in _SPAN.findall(attributes)}
            text = " ".join(plain(content).split())
            _hang(row, hanging)
            if spans.get("row", 1) > 1:
                hanging[len(row)] = (spans["row"] - 1, None if side(text) else text)
            row += [text, *[None] * (spans.get("col", 1) - 1)]
        _hang(row, hanging)
        grid.append(row)
    return grid


def _hang(row: list[str | None], hanging: dict[int, tuple[int, str | None]]) -> None:
    """Fill in the cells that come down from the rows above."""
    while (place := len(row)) in hanging:
        rows_left, text = hanging.pop(place)
        if rows_left > 1:
            hanging[place] = (rows_left - 1, text)
        row.append(text)


def _turned(grid: Grid) -> Grid:
    """Groups as rows become columns; a single row without a label is the total: ``Ja Nein`` / ``12 3``."""
    rows = [row for row in grid if any(row)]
    if side(rows[0][0]):
        rows = [["", *rows[0]], ["gesamt", *rows[1]]] if len(rows) == 2 else []
    if not all(row[0] and not side(row[0]) for row in rows[1:]) or len({len(row) for row in rows}) != 1:
        return []
    rows[0][0] = ""
    return [list(column) for column in zip(*rows) if side(column[0]) or not column[0]]


# ---- tables that became lines ------------------------------------------------------------------------------


def _regained(lines: list[str | Grid]) -> Iterator[str | Grid]:
    """``gesamt SPD CDU`` / ``dafür: 15 10 5`` / ``dagegen: -``, or each cell on a line of its own."""
    place = 0
    while place < len(lines):
        head, after = _head(lines, place)
        rows: Grid = []
        while after < len(lines) and (row := _row(lines[after])) and row[0] not in [r[0] for r in rows]:
            after += 1
            while after < len(lines) and (more := _figures(lines[after])):
                row += more
                after += 1
            rows.append(row)
        if any(isinstance(line, str) and _PARTED.fullmatch(line) for line in lines[place:after]):
            rows = [row if len(row) != 2 or figure(row[1]) else row[:1] for row in rows]  # a dash that parts is no 0
        if len(rows) > 1 and (head or any(len(row) > 2 for row in rows)):
            yield _columns(head, rows)
            place = after
        elif rows and not head:
            yield from (" ".join(filter(None, row)) for row in rows if len(row) > 1)
            place = after
        else:
            yield lines[place]
            place += 1


def _head(lines: list[str | Grid], start: int) -> tuple[list[str], int]:
    """Lines of column labels, of which the first begins with ``gesamt`` or a known group, and where they end."""
    place = start
    head: list[str] = []
    while place < len(lines) and len(head) < 40 and isinstance(line := lines[place], str) and len(line) < 200:
        if not (head or is_total(line.partition(" ")[0]) or _GROUP.match(line)) or not _labels(line):
            break
        head.append(line)
        place += 1
    return head, place


def _labels(line: str) -> list[str]:
    """The column labels of a line, empty where it holds anything else: ``gesamt SPD Die Linke`` → three."""
    found = []
    for token in _LABEL.finditer(line):
        if token["sign"]:
            if token[0] not in "/-&+":
                return []
        elif side(token[0]) or (token[0].islower() and not known(token[0]) and not is_total(token[0])):
            return []
        else:
            found.append(token[0])
    return found


def _row(line: str | Grid) -> list[str | None] | None:
    """``dafür: 21 10 5``, ``dafür – 21`` → their cells; None where the line is anything else."""
    if not isinstance(line, str) or len(line) > 200:
        return None
    label, colon, rest = line.partition(":")
    if not colon:
        label, _, rest = _PARTED.sub(r"\1 \2", line).partition(" ")
    if not side(label):
        return None
    figures = _figures(rest) if rest.strip() else []
    return [f"{label}:", *figures] if figures is not None else None


def _figures(line: str | Grid) -> list[str | None] | None:
    parts = line.split() if isinstance(line, str) else []
    return list(parts) if parts and all(figure(part) is not None for part in parts) else None


def _columns(head: list[str], rows: Grid) -> Grid:
    """A row with a figure for every label is placed; of another, cells were lost: at most its total is certain."""
    if not head:
        return rows
    width = max(len(row) for row in rows) - 1
    words = _labels(" ".join(head))
    guess = [words, [tidy(line) for line in head]]
    columns = next((labels for labels in guess if len(labels) == width), ["gesamt"])
    total = is_total(words[0])
    if not total and any(len(row) > 2 and figure(row[1]) and adds_up(row[1:]) for row in rows):
        columns = []  # the first label is lost
    for row in rows:
        if len(row) != len(columns) + 1 or (width > 1 and columns == ["gesamt"]):
            row[1:] = row[1:2] if total and len(row) > 1 and adds_up(row[1:]) else []
    return [["", *columns], *rows]


def adds_up(cells: Sequence[str | None]) -> bool:
    """Whether the first figure is the sum of the others, or a lone dash."""
    first, *others = (figure(cell) or 0 for cell in cells)
    return first == sum(others)
