"""Bars with their figures in columns beside them: the form that ballots, motions and shares have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import theme
from .frame import KEY, LABEL, LINE, NARROW, NOTE, Layer, keys, length, rectangles, rules, texts
from .text import UNSAID, measure, wrap

_GAP = 11


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a stacked bar: its key as in the legend."""

    name: str
    fill: str
    stroke: str
    shape: str = "square"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. ``parts``: lengths of the bar, None where the source gives none; ``cells``: as printed."""

    label: str
    parts: Sequence[float | None]
    cells: Sequence[str]
    color: str | None = None  # of the group's marker; None: no marker
    total: bool = False  # set apart, above the others


def bar_table(
    rows: Sequence[Row],
    parts: Sequence[Part],
    headings: Sequence[str],
    most: float,
    room: float,
    bars: bool = True,
    track: bool = False,
) -> tuple[list[Layer], float]:
    """Layers and height of the table; ``most`` is the length that fills the width, ``track`` draws it palely.

    Headings that name a part carry its key and so are the legend. On narrow pictures the bar stands below its line,
    and a label too long to stand beside the figures has a line of its own.
    """
    beside = bars and room > NARROW
    marker = 16 if any(row.color for row in rows) else 0
    widest = max(measure(row.label, LABEL, bold=row.total) for row in rows) + marker
    layers, edges, free, y = _header(rows, parts, headings, room, 0 if beside else min(widest, 120))
    label_room = min(widest, free * 0.42) if beside else free
    start, end = (label_room + _GAP, free - 4) if beside else (0, room)
    if any(None in row.parts for row in rows):  # room for the sign that says the bar is not the whole
        most *= (end - start) / (end - start - 14)
    boxes: list[dict[str, Any]] = []
    for row in rows:
        weight = "bold" if row.total else "normal"
        indent = marker if row.color else 0
        label = wrap(row.label, label_room - indent, LABEL, bold=row.total, most=3)
        own_lines = 0
        if len(label) > 1 and not beside:
            label = wrap(row.label, room - indent, LABEL, bold=row.total, most=3)
            own_lines = len(label)
        layers.append(texts(((indent, y + LINE * (i + 0.5), part) for i, part in enumerate(label)), weight=weight))
        layers.append(keys([(KEY / 2, y + LINE / 2, "square", row.color, row.color)] if row.color else []))
        line = y + LINE * own_lines
        figures = ((edge, line + LINE / 2, cell) for edge, cell in zip(edges, row.cells))
        layers.append(texts(figures, align="right", weight=weight))
        y = max(y + LINE * len(label), line + LINE)
        if bars and any(row.parts):
            half = (10 if row.total else 7) if beside else (8 if row.total else 5)
            middle = line + LINE / 2 if beside else line + LINE + 1 + half
            sides = {"y": middle - half, "y2": middle + half}
            boxes += [sides | {"von": 0, "bis": most, "fill": theme.TRACK, "stroke": theme.TRACK}] if track else []
            boxes += _stack(row, parts, sides)
            known = sum(part or 0 for part in row.parts)
            sign = [(start + known / most * (end - start) + 4, middle, UNSAID)] if None in row.parts else []
            layers.append(texts(sign, theme.MUTED))
            y = max(y, middle + half)
        y += 3 if not bars else 7 if beside else 9
        if row.total and len(rows) > 1:
            layers.append(rules([(0, room, y + 2)]))
            y += 12
    return [rectangles(boxes, x=length("von", most, start, end), x2={"field": "bis"}), *layers], y


def _header(
    rows: Sequence[Row], parts: Sequence[Part], headings: Sequence[str], room: float, label_room: float
) -> tuple[list[Layer], list[float], float, float]:
    """Headings with their keys, above them where labels would have less than ``label_room``.

    Gives the layers, the right edges of the columns, the room left of them and the y below.
    """
    named = {part.name: part for part in parts}

    def columns(size: float, key: float) -> list[float]:
        """Room for each heading with its key of ``key`` pixels, and for the figures under it."""
        cells = [max(measure(row.cells[i], LABEL, bold=row.total) for row in rows) for i in range(len(headings))]
        return [max(measure(h, size) + key * (h in named), cell) + _GAP for h, cell in zip(headings, cells)]

    widths, size, y = columns(LABEL, 16), LABEL, LINE / 2
    in_line = room - sum(widths) >= label_room
    if not in_line:
        widths, size, y = columns(NOTE, 0), NOTE, LINE * 1.5
    edges = [room - sum(widths[i + 1 :]) for i in range(len(widths))]
    swatches = [
        (edge - (measure(heading, size) + 10 if in_line else 5), LINE / 2, part.shape, part.fill, part.stroke)
        for edge, heading in zip(edges, headings)
        if (part := named.get(heading))
    ]
    words = texts(((edge, y, heading) for edge, heading in zip(edges, headings)), theme.MUTED, size, "right")
    return [words, keys(swatches)], edges, room - sum(widths), y + LINE / 2 + 8


def _stack(row: Row, parts: Sequence[Part], sides: dict[str, float]) -> list[dict[str, Any]]:
    boxes, begin = [], 0.0
    for part, value in zip(parts, row.parts):
        if value:
            box = {"zeile": row.label, "teil": part.name, "wert": value, "von": begin, "bis": begin + value}
            boxes.append(box | sides | {"fill": part.fill, "stroke": part.stroke})
            begin += value
    return boxes
