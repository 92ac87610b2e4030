"""How often groups vote alike: a matrix of all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import theme
from .ballot import in_chamber_order
from .frame import LABEL, LINE, MARGIN, NOTE, Chart, Facts, Layer, frame, legend, rectangles, scope, texts
from .text import NBSP, clean, count, listed, measure, number, percent, share, short

#: More groups than this have no room for figures on a narrow picture; those with the fewest ballots go.
MOST_GROUPS = 14


class _Pair(NamedTuple):
    share: float | None  # percent; None: too few common ballots
    cases: int


_Pairs = Mapping[tuple[str, str], _Pair]
_NONE = _Pair(None, 0)


def agreement(rows: Iterable[Mapping[str, Any]], facts: Facts, width: int) -> Chart | None:
    """Matrix of how often two groups did the same; a pair with too few common ballots shows their number, no share."""
    pairs: dict[tuple[str, str], _Pair] = {}
    cases: dict[str, int] = defaultdict(int)
    for row in rows:
        one, other = clean(row["fraktion_a"]), clean(row["fraktion_b"])
        exact = None if row["prozent"] is None else 100 * row["gleich"] / row["abstimmungen"]  # not yet rounded
        pairs[one, other] = pairs[other, one] = _Pair(exact, row["abstimmungen"])
        cases[one] += row["abstimmungen"]
        cases[other] += row["abstimmungen"]
    if not pairs:
        return None
    by_cases = sorted(cases, key=lambda name: (-cases[name], name))
    names, left_out = in_chamber_order(by_cases[:MOST_GROUPS]), in_chamber_order(by_cases[MOST_GROUPS:])
    room = width - 2 * MARGIN
    layers, height, roomy = _matrix(names, pairs, room)
    found = [(a, b, pairs.get((a, b), _NONE)) for i, a in enumerate(names) for b in names[i + 1 :]]
    known = sorted((pair for pair in found if pair[2].share is not None), key=lambda pair: -(pair[2].share or 0))
    shares = [
        f"{a} und {b} in {percent(pair.share or 0)} von {count(pair.cases, 'Abstimmung', 'Abstimmungen')}"
        for a, b, pair in known
    ]
    said = [f"{number(len(names))} Fraktionen und Gruppen"]
    if len(known) > 10:
        said += [f"Am häufigsten stimmten gleich: {'; '.join(shares[:5])}"]
        said += [f"Am seltensten stimmten gleich: {'; '.join(shares[-5:])}"]
    elif known:
        said += [f"Gleich stimmten: {'; '.join(shares)}"]
    few = len(found) - len(known)
    said += [f"Zu wenige gemeinsame Abstimmungen: {number(few)} von {number(len(found))} Paaren"] if few else []
    fewest, most = (number(end(pair.cases for *_, pair in found)) for end in (min, max))
    notes = ["Gleich heißt: beide dafür, beide dagegen oder beide enthalten."]
    if not roomy:
        notes.append(f"Zahlen in Prozent; je Paar {fewest} bis {most} gemeinsame Abstimmungen.")
    if few and known:
        notes.append("Ohne Anteil: zu wenige gemeinsame Abstimmungen.")
    if left_out:
        notes.append(f"Nicht gezeigt, weil seltener dabei: {listed(left_out)}.")
    if known:
        steps = ("unter 20 %", "ab 20 %", "ab 40 %", "ab 60 %", "ab 80 %")
        keys = [(fill, theme.RULE, label) for (fill, _), label in zip(theme.STEPS, steps)]
        below, height = legend(keys, room, height + 10)
        layers += below
    return frame(
        width=width,
        facts=facts,
        title=facts.title,
        subtitle=[
            scope(facts),
            "Von den Abstimmungen, in denen beide geschlossen stimmten: in so viel Prozent stimmten sie gleich",
        ],
        lead="" if known else "Zu wenige gemeinsame Abstimmungen für einen Anteil.",
        layers=layers,
        height=height,
        said=said,
        notes=notes,
    )


def _matrix(names: Sequence[str], pairs: _Pairs, room: float) -> tuple[list[Layer], float, bool]:
    """Layers, height, and whether the cells have room for the number of ballots."""
    widest = max(measure(name, LABEL) for name in names)
    left = min(widest, room * (0.2 if len(names) > 6 else 0.3)) + 6
    cell = min((room - left) / len(names), 76)
    roomy = cell >= max(44, *(measure(_cases(pair), NOTE) + 4 for pair in pairs.values()))
    high = 44 if roomy else cell
    upright = widest <= cell - 4
    top = LINE + 6 if upright else min(widest, 120) + 8

    heads = [
        (left + (k + 0.5) * cell, top - 8, short(name, widest if upright else top - 8, LABEL))
        for k, name in enumerate(names)
    ]
    sides = [(left - 6, top + (i + 0.5) * high, short(name, left - 6, LABEL)) for i, name in enumerate(names)]
    layers = [texts(sides, align="right"), texts(heads, align="center") if upright else texts(heads, angle=270)]
    boxes = []
    for i, one in enumerate(names):
        for k, other in enumerate(names):
            if one == other:
                continue
            pair = pairs.get((one, other), _NONE)
            fill, ink = theme.step(pair.share)
            x, y = left + k * cell, top + i * high
            box = {"x": round(x, 2), "x2": round(x + cell, 2), "y": round(y, 2), "y2": round(y + high, 2)}
            who = {"fraktion": one, "mit": other, "prozent": pair.share, "abstimmungen": pair.cases}
            boxes.append(who | box | {"fill": fill, "stroke": theme.RULE})
            layers += _figures(pair, x + cell / 2, y + high / 2, cell, roomy, ink)
    return [rectangles(boxes), *layers], top + len(names) * high, roomy


def _cases(pair: _Pair) -> str:
    return f"{'nur' if pair.share is None else 'von'}{NBSP}{number(pair.cases)}" if pair.cases else "keine"


def _figures(pair: _Pair, x: float, y: float, cell: float, roomy: bool, ink: str) -> list[Layer]:
    """What stands in a cell of ``cell`` pixels: the share, and where there is room the number of ballots."""
    if pair.share is None:
        return [texts([(x, y, _cases(pair) if roomy else "–")], ink, NOTE, "center")]
    if roomy:
        above = texts([(x, y - 7, percent(pair.share, 0))], ink, 13, "center")
        return [above, texts([(x, y + 9, _cases(pair))], ink, NOTE, "center")]
    size = LABEL if cell >= 20 else NOTE
    figure = share(pair.share, 0)
    if "," in figure and measure(figure, size) > cell:  # 99,6 where only two figures have room
        figure = number(min(max(pair.share, 1), 99))
    return [texts([(x, y, figure)], ink, size, "center")]
