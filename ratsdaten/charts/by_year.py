"""Statistics along the years: outcomes, activity of the bodies, days to a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from ..outcomes import OUTCOMES
from . import theme
from .frame import (
    LABEL,
    LINE,
    MARGIN,
    NARROW,
    NOTE,
    Chart,
    Facts,
    Layer,
    frame,
    legend,
    length,
    rectangles,
    rules,
    scope,
    symbols,
    texts,
)
from .table import Part
from .text import clean, count, days, listed, measure, number, wrap

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Years:
    """The years from first to last side by side, each with ``step`` pixels, from ``start`` on."""

    first: int
    last: int
    start: float
    step: float

    @classmethod
    def along(cls, found: Iterable[int], start: float, end: float) -> _Years:
        found = set(found)
        first, last = min(found), max(found)
        return cls(first, last, start, min((end - start) / (last - first + 1), 72))

    def edge(self, year: int) -> float:
        return round(self.start + self.step * (year - self.first), 2)

    def middle(self, year: int) -> float:
        return round(self.start + self.step * (year - self.first + 0.5), 2)

    def box(self, year: int) -> dict[str, float]:
        """The sides of the year's bar."""
        gap = self.step * (0.12 if self.step > 14 else 0.06)
        return {"x": round(self.edge(year) + gap, 2), "x2": round(self.edge(year + 1) - gap, 2)}

    def labels(self, y: float) -> Layer:
        """Years under the plot, as many as stand clear of each other; the last one always."""
        room = measure("2000", NOTE) + 8
        every = next((n for n in (1, 2, 5, 10, 20) if self.step * n >= room), ceil(room / self.step))
        years = range(self.last, self.first - 1, -every)
        return texts(((self.middle(year), y + 14, str(year)) for year in years), theme.MUTED, NOTE, "center")


_LABELS = {outcome.name: outcome.label for outcome in OUTCOMES}
#: Always with their own colour, however few.
_DECISIONS = {_LABELS[name] for name in ("accepted", "accepted_amended", "rejected")}
_LETTERS = "ABCDEF"
_PLACES = {outcome.label: place for place, outcome in enumerate(OUTCOMES)}


def _in_order(label: str) -> tuple[int, str]:
    """Decisions first, then the rest, as ``outcomes.yml`` has them."""
    return _PLACES.get(label, len(_PLACES)), label


def outcomes(rows: Rows, facts: Facts, width: int) -> Chart | None:
    """Stacked bars a year: decisions, the most frequent other outcomes and the rest, tied to the legend by letters.

    Items without a result are no outcome: a note counts them.
    """
    by_year: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    totals: dict[str, int] = defaultdict(int)
    colors = {}
    undecided = 0
    for row in rows:
        label = clean(row["ergebnis"])
        if label == _LABELS["open"]:
            undecided += row["anzahl"]
            continue
        by_year[int(row["jahr"])][label] += row["anzahl"]
        totals[label] += row["anzahl"]
        colors[label] = theme.middle_tone(row["farbe"])
    if not totals:
        return None
    frequent = sorted(totals, key=lambda label: (label not in _DECISIONS, -totals[label], label))
    own = len(_LETTERS) - (len(frequent) > len(_LETTERS))
    shown, rest = (sorted(part, key=_in_order) for part in (frequent[:own], frequent[own:]))
    parts = [([label], Part(label, colors[label], theme.BACKGROUND)) for label in shown]
    parts += [(rest, Part("übrige", theme.HOLLOW, theme.HOLLOW_LINE))] if rest else []
    stacks = {
        year: [sum(amounts[label] for label in labels) for labels, _ in parts]
        for year, amounts in sorted(by_year.items())
    }
    room, high = width - 2 * MARGIN, 260 if width > NARROW else 200
    grid, years, most = _grid(stacks, max(map(sum, stacks.values())), high, room)
    boxes = []
    letters = {}  # each in the last year whose part has room for it
    for year, stack in stacks.items():
        for i, amount in enumerate(stack):
            begin, part = sum(stack[:i]), parts[i][1]
            box = {"jahr": str(year), "ergebnis": part.name, "anzahl": amount, "von": begin, "bis": begin + amount}
            boxes += [box | years.box(year) | {"fill": part.fill, "stroke": part.stroke}] if amount else []
            if amount / most * high >= 13 and years.step >= 9.5:
                letters[i] = (years.middle(year), high * (1 - (begin + amount / 2) / most), _LETTERS[i])
    layers = [*grid, rectangles(boxes, y=length("von", most, high, 0), y2={"field": "bis"})]
    for i, spot in letters.items():
        ink = theme.INK if parts[i][1].fill == theme.HOLLOW else theme.on(parts[i][1].fill)
        layers.append(texts([spot], ink, NOTE, "center"))
    sums = [sum(column) for column in zip(*stacks.values())]
    keys = [
        (part.fill, theme.HOLLOW_LINE if part.fill == theme.HOLLOW else part.fill, f"{letter} {part.name}: {number(n)}")
        for letter, (_, part), n in zip(_LETTERS, parts, sums)
    ]
    below, height = legend(keys, room, high + 30)
    unsaid = count(undecided, "Punkt", "Punkte")

    def said(amounts: Iterable[int]) -> str:
        return "; ".join(f"{part.name} {number(amount)}" for (_, part), amount in zip(parts, amounts))

    return frame(
        width=width,
        facts=facts,
        title=facts.title,
        subtitle=[scope(facts), "Öffentliche Tagesordnungspunkte je Jahr nach Ergebnis"],
        layers=[*layers, years.labels(high), *below],
        height=height,
        said=[
            f"{years.first} bis {years.last} zusammen: {said(sums)}",
            f"{years.last}: {said(stacks[years.last])}",
        ],
        notes=[
            *([f"Übrige: {listed(rest)}."] if rest else []),
            *([f"Nicht gezeichnet: {unsaid} ohne vermerktes Ergebnis."] if undecided else []),
        ],
    )


#: What the query says of meetings whose body the source does not name: no body to stand beside the others.
_UNNAMED = "nicht genannt"
_BODIES = 9
_MEASURES = (
    ("sitzungen", "Sitzungen"),
    ("tagesordnungspunkte", "Tagesordnungspunkte"),
    ("mit_vorlage", "davon mit Vorlage"),
    ("abstimmungen", "Abstimmungen"),
)


def activity(rows: Rows, facts: Facts, width: int) -> Chart | None:
    """Small bars a year: all meetings, items and ballots, each to its own scale; then the bodies' meetings to one."""
    every: dict[str, dict[int, int]] = {column: defaultdict(int) for column, _ in _MEASURES}
    bodies: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        for column, _ in _MEASURES:
            every[column][int(row["jahr"])] += row[column]
        bodies[clean(row["gremium"])][int(row["jahr"])] += row["sitzungen"]
    if not bodies:
        return None
    years, room = sorted(every["sitzungen"]), width - 2 * MARGIN
    layers, y = _strips([(label, every[column], 0) for column, label in _MEASURES], years, room, 0)
    totals = [f"{number(sum(every[column].values()))} {label}" for column, label in _MEASURES]
    said = [f"{years[0]} bis {years[-1]}: {listed(totals)}"]
    notes = ["Über dem höchsten Balken einer Zeile steht seine Zahl, rechts die Summe aller Jahre."]
    if len(bodies) > 1:
        unnamed = sum(bodies.pop(_UNNAMED, {}).values())
        sums = {name: sum(meetings.values()) for name, meetings in bodies.items()}
        busiest = sorted(sums, key=lambda name: (-sums[name], name))
        shown, others = busiest[:_BODIES], busiest[_BODIES:]
        highest = max(max(bodies[name].values()) for name in shown)
        below, bottom = _strips([(name, bodies[name], highest) for name in shown], years, room, y + 28)
        layers += [texts([(0, y + 14, "Sitzungen nach Gremium")], size=13, weight="bold"), *below]
        rest, more = sum(sums[name] for name in others), count(len(others), "weiteres Gremium", "weitere Gremien")
        lines = [f"{more}: {count(rest, 'Sitzung', 'Sitzungen')}"] if others else []
        lines += [f"Gremium nicht genannt: {count(unnamed, 'Sitzung', 'Sitzungen')}"] if unnamed else []
        layers.append(texts(((0, bottom + LINE * (i + 0.5), line) for i, line in enumerate(lines)), theme.MUTED))
        y = bottom + LINE * len(lines)
        said += [f"Sitzungen nach Gremium: {'; '.join(f'{name} {number(sums[name])}' for name in shown)}", *lines]
        notes += ["Die Balken der Gremien haben einen gemeinsamen Maßstab, die Zeilen darüber je einen eigenen."]
    return frame(
        width=width,
        facts=facts,
        title=facts.title,
        subtitle=[scope(facts)],
        layers=layers,
        height=y,
        said=said,
        notes=notes,
    )


def _strips(
    strips: Sequence[tuple[str, Mapping[int, int], float]], years: Sequence[int], room: float, y: float
) -> tuple[list[Layer], float]:
    """Rows of small bars (label, figure by year, figure that fills the height; 0: the row's own highest)."""
    beside = room > NARROW
    sum_width = measure("000.000", LABEL, bold=True) + 14
    left, right = (min(230, room * 0.34), room - sum_width) if beside else (0, room)
    along = _Years.along(years, left, right)
    high = 26
    boxes, labels, peaks, lines, sums = [], [], [], [], []
    for label, amounts, most in strips:
        words = wrap(label, left - 12 if beside else room - sum_width, LABEL, most=3)
        base = y + (44 if beside else LINE * len(words) + 42)
        text_top = base - 2 - LINE * len(words) if beside else y
        labels += [(0.0, text_top + LINE * (i + 0.5), word) for i, word in enumerate(words)]
        sums.append((room, base - 10 if beside else y + LINE / 2, number(sum(amounts.values()))))
        lines.append((left, right, base))
        peak = max(amounts, key=lambda year: (amounts[year], year))
        most = most or amounts[peak] or 1
        for year, amount in sorted(amounts.items()):
            box = {"jahr": str(year), "zeile": label, "anzahl": amount, "y2": base}
            box |= along.box(year) | {"y": round(base - amount / most * high, 2)}
            boxes += [box | {"fill": theme.ACCENT, "stroke": theme.ACCENT}] if amount else []
        if amounts[peak]:
            half = measure(number(amounts[peak]), NOTE) / 2
            middle = min(max(along.middle(peak), left + half), right - half)
            peaks.append((middle, base - amounts[peak] / most * high - 8, number(amounts[peak])))
        y = base + (2 if beside else 8)
    layers = [rules(lines), rectangles(boxes), texts(labels), texts(sums, align="right", weight="bold")]
    layers.append(texts(peaks, theme.MUTED, NOTE, "center"))
    return [*layers, along.labels(lines[-1][2])], lines[-1][2] + 26


#: A quarter of fewer papers is less than one.
_QUARTER_FROM = 4
_DOT = {"shape": "circle", "fill": theme.ACCENT, "stroke": theme.ACCENT}


def duration(rows: Rows, facts: Facts, width: int) -> Chart | None:
    """A dot a year for the median of days from first consultation to decision, a line up to the upper quartile."""
    by_year = {int(row["jahr"]): row for row in rows if row["median_tage"] is not None}
    if not by_year:
        return None
    room = width - 2 * MARGIN
    high = 260 if width > NARROW else 200
    quarters = {
        year: row["laengstes_viertel_ab_tagen"] if row["vorlagen"] >= _QUARTER_FROM else None
        for year, row in by_year.items()
    }
    longest = max(max(row["median_tage"], quarters[year] or 0) for year, row in by_year.items())
    layers, years, most = _grid(by_year, longest, high, room)
    spans, dots, figures, said = [], [], [], []
    for year, row in sorted(by_year.items()):
        x, median, quarter = years.middle(year), row["median_tage"], quarters[year]
        y = high * (1 - median / most)
        who = {"jahr": str(year), "vorlagen": row["vorlagen"], "median": median, "oberes_viertel": quarter}
        line = {"x": x - 1.5, "x2": x + 1.5, "fill": theme.HOLLOW_LINE, "stroke": theme.HOLLOW_LINE}
        spans += [who | line] if quarter is not None else []
        dots.append(who | {"x": x, "y": round(y, 2)} | _DOT)
        figures.append((x, y + 15, days(median)))
        said.append(
            f"{year}: Median {days(median)}" + (f", ein Viertel ab {days(quarter)}" if quarter is not None else "")
        )
    layers.append(rectangles(spans, y=length("median", most, high, 0), y2={"field": "oberes_viertel"}))
    layers.append(symbols(dots, 64))
    if years.step >= max(measure(text, NOTE) for *_, text in figures) + 2:
        layers.append(texts(figures, size=NOTE, align="center"))
    entries = [(theme.ACCENT, theme.ACCENT, "Punkt: Die Hälfte war schneller (Median)")]
    entries += [(theme.HOLLOW_LINE, theme.HOLLOW_LINE, "Ende der Linie: Ein Viertel dauerte länger")] if spans else []
    below, height = legend(entries, room, high + 48)
    return frame(
        width=width,
        facts=facts,
        title=facts.title,
        subtitle=[scope(facts), "Tage von der ersten Beratung bis zur Entscheidung, nach Jahr"],
        layers=[*layers, years.labels(high + 18), *below],
        height=height,
        said=[f"Tage: {'; '.join(said)}"],
        notes=[
            "Gezählt sind Vorlagen, über die vorher ein Gremium beriet, das nicht entscheidet.",
            *(["Ohne Linie: Jahre mit weniger als vier Vorlagen."] if len(spans) < len(dots) else []),
        ],
    )


def _grid(found: Iterable[int], most: float, high: float, room: float) -> tuple[list[Layer], _Years, float]:
    """Grid lines with figures on the left, the years beside them, and the figure at the top of the plot."""
    most = max(most, 1)
    power = 10 ** floor(log10(most))
    step = next(max(1, round(power * part)) for part in (0.2, 0.5, 1, 2) if most / power / part <= 6)
    ticks = range(0, ceil(most / step) * step + 1, step)
    left = max(measure(number(tick), NOTE) for tick in ticks) + 8
    years = _Years.along(found, left, room)
    lines = rules((left, years.edge(years.last + 1), high - tick / ticks[-1] * high) for tick in ticks)
    places = ((left - 6, high - tick / ticks[-1] * high, number(tick)) for tick in ticks)
    return [lines, texts(places, theme.MUTED, NOTE, "right")], years, ticks[-1]
