"""One ballot: as bars by group, or as a half circle with a dot a vote. A figure nobody wrote down is never drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin
from typing import Any

from ..groups import GROUPS, fold
from . import theme
from .frame import LABEL, MARGIN, NARROW, Chart, Facts, Layer, frame, symbols, texts
from .table import Part, Row, bar_table
from .text import UNSAID, clean, count, day, figure, listed, measure

_PARTS = (
    Part("dafür", theme.YES, theme.YES),
    Part("dagegen", theme.NO, theme.NO),
    Part("Enthaltung", theme.HOLLOW, theme.HOLLOW_LINE),
)
_DOTS = tuple(replace(part, shape=shape) for part, shape in zip(_PARTS, ("circle", "diamond", "circle")))
MOST_DOTS = 1500
_CHAMBER = {group.name: place for place, group in enumerate(GROUPS)}


@dataclass(frozen=True, slots=True)
class _Count:
    name: str
    color: str
    figures: tuple[int | None, int | None, int | None]  # yes, no, abstain

    def row(self, total: bool = False) -> Row:
        cells = [figure(value) for value in self.figures]
        return Row(self.name, self.figures, cells, None if total else self.color, total)

    def sentence(self) -> str:
        """``SPD: 12 dafür, 1 dagegen, Enthaltung nicht genannt``."""
        many = ("dafür", "dagegen", "Enthaltungen")
        said = [count(v, p.name, m) for v, p, m in zip(self.figures, _PARTS, many) if v is not None]
        unsaid = [p.name for v, p in zip(self.figures, _PARTS) if v is None]
        return f"{self.name}: " + ", ".join(said + ([f"{listed(unsaid)} nicht genannt"] if unsaid else []))


@dataclass(frozen=True, slots=True)
class _Ballot:
    facts: Mapping[str, Any]  # the columns all rows share
    total: _Count
    groups: Sequence[_Count]

    @property
    def counts(self) -> list[_Count]:
        return [self.total, *self.groups]


def in_chamber_order(names: Iterable[str]) -> list[str]:
    """Group names as they sit, left to right; those ``groups.yml`` does not know come last, by name."""
    return sorted(set(names), key=lambda name: (_CHAMBER.get(name, len(_CHAMBER)), name))


def _read(rows: Iterable[Mapping[str, Any]]) -> _Ballot | None:
    """None where nobody's yes or no is known: with abstentions alone all would seem to have abstained."""
    rows = list(rows)
    counts = [
        _Count(clean(row["fraktion"]), theme.middle_tone(row["farbe"]), (row["ja"], row["nein"], row["enthaltung"]))
        for row in rows
    ]
    if all(value is None for each in counts for value in each.figures[:2]):
        return None
    whole = next((each.figures for each in counts if each.name == "gesamt"), (None, None, None))
    groups = {each.name: each for each in counts if each.name != "gesamt"}
    return _Ballot(rows[0], _Count("Gesamt", "", whole), [groups[name] for name in in_chamber_order(groups)])


def subtitle(row: Mapping[str, Any]) -> list[str]:
    """Where and when a ballot was held, and about what where that is told; ``row``: any of the ballot's."""
    place = [row["gremium"], row["datum"] and day(row["datum"]), row["top"] and f"TOP {row['top']}"]
    lines = [", ".join(str(part) for part in place if part)]
    subject = clean(row["gegenstand"] or "").rstrip(": ")
    prefix = "" if subject.lower().startswith("abstimmung") else "Abgestimmt über: "
    return [*lines, prefix + subject] if subject else lines


def result(row: Mapping[str, Any]) -> str:
    """What came of a ballot, in words; "" where nobody says. ``row``: any of the ballot's.

    It is the item's: of several ballots the last one led to it. Our reading comes first, because a body that only
    advises may be said to have rejected what it advised against.
    """
    said = clean(row["beschlussart"] or "")
    outcome = row["ergebnis"] or said
    original = f" (im Original: {said})" if said and fold(said) != fold(outcome) else ""
    if row["letzte"] == 0:
        own = ["Diese Abstimmung: einstimmig"] if row["einstimmig"] else []
        later = [f"Ergebnis des Tagesordnungspunkts nach weiterer Abstimmung: {outcome}{original}"] if outcome else []
        return ". ".join(own + later)
    if row["einstimmig"] and "einstimmig" not in f"{outcome} {said}".lower():
        outcome = f"{outcome}, einstimmig" if outcome else "einstimmig"
    return outcome and f"Ergebnis: {outcome}{original}"


def _notes(ballot: _Ballot) -> list[str]:
    notes = []
    if not ballot.groups:
        notes.append("Die Niederschrift nennt nur Gesamtzahlen, keine Stimmen je Fraktion.")
    if any(value is None for each in ballot.counts for value in each.figures):
        notes.append(f"{UNSAID} = in der Niederschrift nicht genannt")
    if ballot.facts["stimmig"] == 0:
        notes.append("Summe der Fraktionen weicht von der Gesamtzahl ab.")
    return notes


def _chart(
    ballot: _Ballot, facts: Facts, width: int, layers: list[Layer], height: float, more: Sequence[str] = ()
) -> Chart:
    return frame(
        width=width,
        facts=facts,
        title=ballot.facts["betreff"] or "Abstimmung",
        subtitle=subtitle(ballot.facts),
        lead=result(ballot.facts),
        layers=layers,
        height=height,
        said=[each.sentence() for each in ballot.counts],
        notes=[*_notes(ballot), *more],
    )


def ballot(rows: Iterable[Mapping[str, Any]], facts: Facts, width: int) -> Chart | None:
    """Bars: the total, then each group, all to one scale. None where the source gives words only."""
    vote = _read(rows)
    if vote is None:
        return None
    table = [each.row(total=each is vote.total) for each in vote.counts]
    most = max(sum(value or 0 for value in row.parts) for row in table) or 1
    layers, height = bar_table(table, _PARTS, [part.name for part in _PARTS], most, width - 2 * MARGIN)
    return _chart(vote, facts, width, layers, height)


def seats(rows: Iterable[Mapping[str, Any]], facts: Facts, width: int) -> Chart | None:
    """Half circle: one dot a vote cast, the groups side by side as in the chamber, their figures below.

    Where not every group's figures are known the dots stand for the total and belong to no group; where not all of
    that is known either the half circle stays open. More dots than can be told apart become bars.
    """
    rows = list(rows)
    vote = _read(rows)
    if vote is None:
        return None
    room = width - 2 * MARGIN
    whole = all(value is not None for each in vote.groups for value in each.figures)
    blocks = vote.groups if vote.groups and (whole or not any(vote.total.figures)) else [vote.total]
    if sum(value or 0 for block in blocks for value in block.figures) > MOST_DOTS:
        return ballot(rows, facts, width)
    cast = [(block, side) for block in blocks for side in (0, 2, 1) for _ in range(block.figures[side] or 0)]
    unsaid = any(value is None for block in blocks for value in block.figures)
    layers, height = _half_circle(cast, unsaid, room) if cast else ([], 0.0)
    table, table_room = [each.row(total=each is vote.total) for each in vote.counts], min(room, 460)
    below, table_height = bar_table(table, _DOTS, [p.name for p in _DOTS], 1, table_room, bars=False)
    layers += [_moved(layer, (room - table_room) / 2, height + 20) for layer in below]
    apart = [] if whole or blocks is vote.groups else ["Die Punkte zeigen die Gesamtzahl, nicht die Fraktionen."]
    return _chart(vote, facts, width, layers, height + 20 + table_height, apart)


def _half_circle(cast: Sequence[tuple[_Count, int]], unsaid: bool, room: float) -> tuple[list[Layer], float]:
    """Layers and height; ``unsaid`` leaves the end of the half circle open."""
    labelled = room > NARROW
    number = len(cast) + (max(3, len(cast) // 6) if unsaid else 0)
    places, radius, size = _places(number, min(room / 2 - (110 if labelled else 22), 270))
    center, base = room / 2, radius + size / 2 + (28 if labelled else 14)  # dots, arc, names
    dots = []
    spans: dict[_Count, tuple[float, float]] = {}
    for i, ((angle, distance), (block, side)) in enumerate(zip(places, cast)):
        spans[block] = (spans.get(block, (pi * i / number,))[0], pi * (i + 1) / number)
        part = _DOTS[side]
        dot = {"fraktion": block.name, "stimme": part.name, "shape": part.shape, "fill": part.fill}
        x, y = center - distance * cos(angle), base - distance * sin(angle)
        dots.append(dot | {"stroke": part.stroke, "x": round(x, 2), "y": round(y, 2)})
    layers = [symbols(dots, pi * size**2 / 4)]
    if unsaid:
        angle = sum(angle for angle, _ in places[len(cast) :]) / (number - len(cast))
        sign = (center - 0.7 * radius * cos(angle), base - 0.7 * radius * sin(angle), UNSAID)
        layers.append(texts([sign], theme.MUTED, 20, "center"))
    groups = {block: span for block, span in spans.items() if block.color}
    if groups:
        layers.append(_arcs(groups, center, base, radius + size / 2 + 5))
    if groups and labelled:
        layers += _labels(groups, center, base, radius + size / 2 + 14, room)
    return layers, base


def _places(number: int, most: float) -> tuple[list[tuple[float, float]], float, float]:
    """(angle, distance) of each dot from left to right, the radius (up to ``most``) and the dots' diameter."""

    def step(rows: int) -> float:
        """How far apart, in radii, dots stand when neighbours are as far away as the next row."""
        return pi * rows / (number + pi * rows * (rows - 1) / 2)

    def hole(rows: int) -> float:
        return 1 - step(rows) * (rows - 1)

    rows = min((rows for rows in range(1, 41) if hole(rows) > 0.28), key=lambda rows: abs(hole(rows) - 0.42))
    radius = min(most, 30 / step(rows))
    radii = [radius * (1 - step(rows) * i) for i in range(rows)]
    shares = [number * r / sum(radii) for r in radii]
    dots_in = [int(share) for share in shares]
    for i in sorted(range(rows), key=lambda i: dots_in[i] - shares[i])[: number - sum(dots_in)]:
        dots_in[i] += 1
    places = [(pi * (k + 0.5) / n, r) for r, n in zip(radii, dots_in) for k in range(n)]
    return sorted(places), radius, step(rows) * radius * 0.84


def _arcs(spans: Mapping[_Count, tuple[float, float]], center: float, base: float, radius: float) -> Layer:
    """Thin arcs in the groups' colours outside the dots."""
    values = [
        {
            "fraktion": block.name,
            "von": round(low - pi / 2 + gap, 5),
            "bis": round(high - pi / 2 - gap, 5),
            "fill": block.color,
        }
        for block, (low, high) in spans.items()
        for gap in [min(1.5 / radius, (high - low) / 4)]
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "arc", "x": center, "y": base, "radius": radius, "radius2": radius + 4},
        "encoding": {
            "theta": {"field": "von", "type": "quantitative", "scale": None},
            "theta2": {"field": "bis"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }


def _labels(
    spans: Mapping[_Count, tuple[float, float]], center: float, base: float, radius: float, room: float
) -> list[Layer]:
    """Names around the half circle, the largest groups first; one that would touch another stands in the table only."""
    taken: list[tuple[float, float, float]] = []
    by_side: dict[str, list[tuple[float, float, str]]] = {"right": [], "center": [], "left": []}
    for block in sorted(spans, key=lambda b: -sum(value or 0 for value in b.figures)):
        angle = sum(spans[block]) / 2
        x, y = center - radius * cos(angle), base - radius * sin(angle) - 4
        wide = measure(block.name, LABEL)
        side = "center" if abs(cos(angle)) < 0.2 else "right" if angle < pi / 2 else "left"
        left = x - {"right": wide, "center": wide / 2, "left": 0}[side]
        if left < 0 or left + wide > room:
            continue
        if any(left < b + 6 and a < left + wide + 6 and abs(y - other) < 15 for a, b, other in taken):
            continue
        taken.append((left, left + wide, y))
        by_side[side].append((x, y, block.name))
    return [texts(values, align=side) for side, values in by_side.items() if values]


def _moved(layer: Layer, x: float, y: float) -> Layer:
    """The layer, shifted by pixels."""
    shift = {"x": x, "x2": x, "y": y, "y2": y}
    values = [{k: v + shift[k] if k in shift else v for k, v in value.items()} for value in layer["data"]["values"]]
    return layer | {"data": {"values": values}}
