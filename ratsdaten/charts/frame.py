"""What every picture shares: its facts, the marks it is made of, and the frame of title, period, notes and source.

Positions are pixels with the origin at the top left of the plot; only lengths that stand for a figure go through a
scale. All text is laid out here, not by Vega, so that it fits the width whatever it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from . import theme
from .text import NBSP, clean, day, measure, sentences, short, wrap

Layer = dict[str, Any]
MARGIN = 12
LINE = 16
KEY = 10
#: Pixels that a picture can be wide.
WIDTHS = (340, 640, 960)
#: Pictures up to this width have their labels above the bars, not beside them.
NARROW = 480
#: Font sizes: title (narrow, wide), subtitle, labels in the plot, notes below it. None is under 11.
TITLE, SUBTITLE, LABEL, NOTE = (16, 19), 13, 12, 11


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture says about itself besides its data."""

    source: str  # always printed
    as_of: str  # ISO day or timestamp (UTC)
    period: tuple[str, str] | None = None  # ISO days of the first and last vote or meeting used
    body: str | None = None  # None: all
    basis: str | None = None  # number used and number not usable, in words
    title: str = ""  # of a statistic; a ballot is called by its item


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: ``spec`` is a whole Vega-Lite specification with its data, ``alt`` says the same in sentences."""

    title: str
    alt: str
    spec: dict[str, Any]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its SVG in CSS pixels, known before it is drawn; a PNG has two pixels a unit."""
        around = self.spec["padding"]
        height = self.spec["height"] + around["top"] + around["bottom"]
        return self.spec["width"] + around["left"] + around["right"], height


def position(field: str) -> dict[str, Any]:
    """An encoding whose values are pixels."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def length(field: str, most: float, start: float, end: float) -> dict[str, Any]:
    """An encoding of a figure: 0 to ``most`` fill the pixels from ``start`` to ``end``."""
    scale = {"domain": [0, most], "range": [start, end], "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def rectangles(values: Sequence[dict[str, Any]], **encoding: Any) -> Layer:
    """Rectangles from x, y to x2, y2 in the colours ``fill`` and ``stroke`` of each value."""
    sides = {"x": position("x"), "y": position("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    colors = {name: {"field": name, "type": "nominal", "scale": None} for name in ("fill", "stroke")}
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rect", "strokeWidth": 1},
        "encoding": sides | colors | encoding,
    }


def texts(
    values: Iterable[tuple[float, float, str]],
    color: str = theme.INK,
    size: float = LABEL,
    align: str = "left",
    weight: str = "normal",
    angle: float = 0,
) -> Layer:
    """Lines of text at (x, y), y being their middle. The style stands in the data, so that all texts are one layer."""
    style = {"color": color, "size": size, "align": align, "weight": weight, "angle": angle}
    channels = {name: {"field": name, "type": "nominal", "scale": None} for name in ("color", "size", "angle")}
    by_value = {"align": {"expr": "datum.align"}, "fontWeight": {"expr": "datum.weight"}}
    return {
        "data": {"values": [{"x": round(x, 2), "y": round(y, 2), "text": text} | style for x, y, text in values]},
        "mark": {"type": "text", "baseline": "middle"} | by_value,
        "encoding": {"x": position("x"), "y": position("y"), "text": {"field": "text", "type": "nominal"}} | channels,
    }


def rules(values: Iterable[tuple[float, float, float]]) -> Layer:
    """Thin horizontal lines (x, x2, y)."""
    return {
        "data": {"values": [{"x": round(x, 2), "x2": round(x2, 2), "y": round(y, 2)} for x, x2, y in values]},
        "mark": {"type": "rule", "color": theme.RULE},
        "encoding": {"x": position("x"), "x2": {"field": "x2"}, "y": position("y")},
    }


def symbols(values: Iterable[dict[str, Any]], area: float) -> Layer:
    """Marks around x, y, each with its ``shape`` (square, circle, diamond), ``fill`` and ``stroke``."""
    colors = {name: {"field": name, "type": "nominal", "scale": None} for name in ("fill", "stroke", "shape")}
    return {
        "data": {"values": list(values)},
        "mark": {"type": "point", "opacity": 1, "size": round(area, 1), "strokeWidth": 1 if area > 30 else 0.7},
        "encoding": {"x": position("x"), "y": position("y"), **colors},
    }


def keys(values: Iterable[tuple[float, float, str, str, str]]) -> Layer:
    """Markers of groups and keys of legends: (x, y, shape, fill, stroke)."""
    return symbols((dict(zip(("x", "y", "shape", "fill", "stroke"), value)) for value in values), KEY**2)


def legend(entries: Sequence[tuple[str, str, str]], room: float, y: float) -> tuple[list[Layer], float]:
    """Keys (fill, stroke, words) side by side, in as many lines as they need; gives the layers and the y below."""
    marks, words, x, line = [], [], 0.0, 0
    for fill, stroke, label in entries:
        label = short(label, room - 16, LABEL)
        wide = 16 + measure(label, LABEL)
        if x and x + wide > room:
            x, line = 0, line + 1
        middle = y + LINE / 2 + line * (LINE + 2)
        marks.append((x + 5, middle, "square", fill, stroke))
        words.append((x + 16, middle, label))
        x += wide + 14
    return [keys(marks), texts(words)], y + (line + 1) * (LINE + 2)


def scope(facts: Facts) -> str:
    """The line under a statistic's title: body and period."""
    days = dict.fromkeys(day(iso) for iso in facts.period or ())  # one day alone is said once
    return f"{facts.body or 'Alle Gremien'}, {' bis '.join(days) or 'ganzer Bestand'}"


def frame(
    *,
    width: int,
    facts: Facts,
    title: str,
    subtitle: Iterable[str],
    layers: list[Layer],
    height: float,
    said: Iterable[str],
    lead: str = "",
    notes: Iterable[str] = (),
) -> Chart:
    """The picture around a plot of ``height`` pixels drawn by ``layers``.

    ``lead`` stands out between subtitle and plot: the result of a ballot. ``said``: the plot in sentences; the
    alternative has them between what stands above and below the plot.
    """
    room = width - 2 * MARGIN
    size = TITLE[width > NARROW]
    title, lead, subtitle = clean(title), clean(lead), [clean(text) for text in subtitle]
    head = wrap(title, room, size, bold=True, most=8)
    under = [line for text in subtitle for line in wrap(text, room, SUBTITLE, most=5)]
    stand = f"Quelle: {clean(facts.source)}. Stand:{NBSP}{clean(day(facts.as_of))}"
    notes = list(notes)
    alt = sentences(title, *subtitle, lead, *said, *notes, stand)
    foot_texts = [*notes, *([f"Grundlage: {clean(facts.basis)}"] if facts.basis else []), stand]
    foot = [line for text in foot_texts for line in wrap(text, room, NOTE)]
    result = wrap(lead, room, SUBTITLE, bold=True, most=3)
    head_line = round(size * 1.25)
    top = MARGIN + len(head) * head_line + 6 + len(under) * 18 + 14 + (len(result) * 18 + 6 if result else 0)
    foot_top = round(height) + 12
    if result:
        lines = ((0, 18 * (i - len(result)) + 2, line) for i, line in enumerate(result))
        layers = [texts(lines, size=SUBTITLE, weight="bold"), *layers]
    layers = [
        *layers,
        rules([(0, room, foot_top)]),
        texts(((0, foot_top + 13 + i * 15, line) for i, line in enumerate(foot)), theme.MUTED, NOTE),
    ]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": alt,
        "usermeta": {"language": "de", "source": facts.source, "as_of": facts.as_of},
        "background": theme.BACKGROUND,
        "autosize": {"type": "none", "contains": "content"},
        "padding": {"left": MARGIN, "right": MARGIN, "top": top, "bottom": 12 + 13 + len(foot) * 15 + 4},
        "width": room,
        "height": round(height),
        "title": {
            "text": head,
            "subtitle": under,
            "anchor": "start",
            "frame": "group",
            "offset": 12,  # from the topmost mark, be it the lead or the plot
            "fontSize": size,
            "lineHeight": head_line,
            "subtitleFontSize": SUBTITLE,
            "subtitleLineHeight": 18,
            "subtitlePadding": 6,
            "color": theme.INK,
            "subtitleColor": theme.MUTED,
        },
        "layer": _merged(layers),
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "config": {"aria": False, "font": theme.FONT, "view": {"stroke": None}},
    }
    return Chart(title, alt, spec)


def _merged(layers: Iterable[Layer]) -> list[Layer]:
    """One layer a kind of mark, in the place of the first, so that a chart may add marks as it goes.

    Empty ones go, and text comes last, on top of all.
    """
    alike: dict[str, list[Any]] = {}
    kept: dict[str, Layer] = {}
    for layer in layers:
        key = json.dumps({**layer, "data": None}, sort_keys=True)
        alike.setdefault(key, []).extend(layer["data"]["values"])
        kept.setdefault(key, layer)
    merged = [layer | {"data": {"values": alike[key]}} for key, layer in kept.items() if alike[key]]
    return sorted(merged, key=lambda layer: layer["mark"]["type"] == "text")
