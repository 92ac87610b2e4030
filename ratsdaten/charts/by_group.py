"""Statistics with a line a group: how often it wins, what becomes of its motions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import theme
from .ballot import in_chamber_order
from .frame import MARGIN, Chart, Facts, frame, scope
from .table import Part, Row, bar_table
from .text import clean, count, number, percent

Rows = Iterable[Mapping[str, Any]]


def winning_side(rows: Rows, facts: Facts, width: int) -> Chart | None:
    """Bars: in what share of ballots a group was on the side that won; the highest share first."""
    rows = sorted(rows, key=lambda row: (row["prozent"] is None, -(row["prozent"] or 0), row["fraktion"]))
    if not rows:
        return None
    table, said = [], []
    for row in rows:
        name, color, cases = clean(row["fraktion"]), theme.middle_tone(row["farbe"]), row["abstimmungen"]
        ballots = count(cases, "Abstimmung", "Abstimmungen")
        if row["prozent"] is None:
            table.append(Row(name, [], ["–", number(cases)], color))
            said.append(f"{name}: nur {ballots}, zu wenige für einen Anteil")
        else:
            share = 100 * row["gewonnen"] / cases  # not yet rounded
            table.append(Row(name, [share], [percent(share), number(cases)], color))
            said.append(f"{name}: {percent(share)} von {ballots}")
    part = Part("Anteil", theme.ACCENT, theme.ACCENT)
    layers, height = bar_table(table, [part], ["Anteil", "Abstimmungen"], 100, width - 2 * MARGIN, track=True)
    few = any(row["prozent"] is None for row in rows)
    return frame(
        width=width,
        facts=facts,
        title=facts.title,
        subtitle=[scope(facts), "Anteil der Abstimmungen, in denen die Seite der Fraktion mehr Stimmen hatte"],
        layers=layers,
        height=height,
        said=said,
        notes=["– = zu wenige Abstimmungen für einen Anteil."] if few else [],
    )


_MOTIONS = (
    Part("angenommen", theme.YES, theme.YES),
    Part("abgelehnt", theme.NO, theme.NO),
    Part("übrige", theme.HOLLOW, theme.HOLLOW_LINE),
    Part("offen", theme.PENDING, theme.HOLLOW_LINE),
)


def motions(rows: Rows, facts: Facts, width: int) -> Chart | None:
    """Bars: what became of each group's motions, in numbers; groups in chamber order."""
    by_name = {clean(row["fraktion"]): row for row in rows}
    if not by_name:
        return None
    table, said = [], []
    for name in in_chamber_order(by_name):
        row = by_name[name]
        parts = [row[column] for column in ("angenommen", "abgelehnt", "uebrige", "offen")]
        table.append(Row(name, parts, [number(part) for part in parts], theme.middle_tone(row["farbe"])))
        share = "" if row["prozent"] is None else f" ({percent(row['prozent'])} der entschiedenen)"
        said.append(
            f"{name}: {count(row['antraege'], 'Antrag', 'Anträge')}, {number(parts[0])} angenommen{share},"
            f" {number(parts[1])} abgelehnt, {number(parts[2])} übrige, {number(parts[3])} offen"
        )
    most = max(sum(part or 0 for part in row.parts) for row in table) or 1
    layers, height = bar_table(table, _MOTIONS, [part.name for part in _MOTIONS], most, width - 2 * MARGIN)
    return frame(
        width=width,
        facts=facts,
        title=facts.title,
        subtitle=[scope(facts)],
        layers=layers,
        height=height,
        said=said,
        notes=[
            "Übrige: etwa verwiesen, zurückgezogen oder erledigt. Offen: noch ohne Ergebnis.",
            "Ein gemeinsamer Antrag zählt bei jeder Fraktion, die ihn stellte.",
        ],
    )
