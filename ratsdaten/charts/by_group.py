"""Statistics with a line a group: how often it wins, what becomes of its motions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import theme
from .ballot import in_chamber_order
from .frame import MARGIN, Chart, Facts, frame, scope
from .table import Part, Row, bar_table
from .text import clean, count, number, percent, sentences

Rows = Iterable[Mapping[str, Any]]


def winning_side(rows: Rows, facts: Facts, width: int) -> Chart | None:
    """Bars: in what share of ballots a group was on the side that won; the highest share first."""
    rows = sorted(rows, key=lambda row: (row["prozent"] is None, -(row["prozent"] or 0), row["fraktion"]))
    if not rows:
        return None
    table, said = [], []
    for row in rows:
        name, share, cases = clean(row["fraktion"]), row["prozent"], number(row["abstimmungen"])
        table.append(
            Row(name, [share], ["–" if share is None else percent(share), cases], theme.middle_tone(row["farbe"]))
        )
        said.append(
            f"{name}: nur {cases} Abstimmungen, zu wenige für einen Anteil"
            if share is None
            else f"{name}: {percent(share)} von {cases} Abstimmungen"
        )
    layers, height = bar_table(
        table, [Part("Anteil", theme.ACCENT, theme.ACCENT)], ["Anteil", "Abstimmungen"], 100, width - 2 * MARGIN
    )
    notes = ["Ein Balken über die ganze Breite wären 100 %."]
    if any(row["prozent"] is None for row in rows):
        notes.append("– = zu wenige Abstimmungen für einen Anteil.")
    title = "Wer stimmt mit der Mehrheit?"
    return frame(
        width=width,
        title=title,
        subtitle=[*scope(facts), "Anteil der Abstimmungen, in denen die Seite der Fraktion mehr Stimmen hatte"],
        layers=layers,
        height=height,
        notes=notes,
        facts=facts,
        alt=sentences(title, *scope(facts), *said),
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
    title = "Wie viele Anträge einer Fraktion wurden angenommen?"
    return frame(
        width=width,
        title=title,
        subtitle=scope(facts),
        layers=layers,
        height=height,
        notes=[
            "Übrige: etwa verwiesen, zurückgezogen oder erledigt. Offen: noch ohne Ergebnis.",
            "Ein gemeinsamer Antrag zählt bei jeder Fraktion, die ihn stellte.",
        ],
        facts=facts,
        alt=sentences(title, *scope(facts), *said),
    )
