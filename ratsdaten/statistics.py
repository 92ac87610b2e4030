"""The statistics people can see and embed. Their titles and explanations stand in metadata.yml, with their queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ratsdaten import charts

Draw = Callable[[Sequence[Mapping[str, Any]], charts.Facts, int], charts.Chart | None]

PERIOD = ("von", "bis")
BODY = (*PERIOD, "gremium")
BALLOTS = (*BODY, "auswahl", "mindestens")


@dataclass(frozen=True, slots=True)
class Statistic:
    """``name`` is both the canned query and the address; ``columns``: what the table shows of a row → its heading.

    ``counted``: the column that adds up to what the figures rest on, and its name in the plural; None where a row of
    the source counts in several rows.
    """

    name: str
    parameters: tuple[str, ...]
    draw: Draw
    columns: dict[str, str]
    counted: tuple[str, str] | None = None

    @property
    def of_ballots(self) -> bool:
        """The figures come from ballots by group."""
        return self.parameters == BALLOTS


STATISTICS = {
    statistic.name: statistic
    for statistic in (
        Statistic(
            "uebereinstimmung",
            BALLOTS,
            charts.agreement,
            {
                "fraktion_a": "Fraktion",
                "fraktion_b": "und Fraktion",
                "abstimmungen": "gemeinsame Abstimmungen",
                "gleich": "davon gleich",
                "prozent": "Anteil in Prozent",
            },
        ),
        Statistic(
            "gewinnerseite",
            BALLOTS,
            charts.winning_side,
            {
                "fraktion": "Fraktion",
                "abstimmungen": "Abstimmungen",
                "gewonnen": "auf der Seite der Mehrheit",
                "prozent": "Anteil in Prozent",
            },
        ),
        Statistic(
            "ergebnisse_nach_jahr",
            BODY,
            charts.outcomes,
            {"jahr": "Jahr", "ergebnis": "Ergebnis", "anzahl": "Anzahl"},
            ("anzahl", "öffentliche Tagesordnungspunkte"),
        ),
        Statistic(
            "aktivitaet",
            BODY,
            charts.activity,
            {
                "jahr": "Jahr",
                "gremium": "Gremium",
                "sitzungen": "Sitzungen",
                "tagesordnungspunkte": "Tagesordnungspunkte",
                "mit_vorlage": "davon mit Vorlage",
                "abstimmungen": "Abstimmungen",
            },
            ("sitzungen", "Sitzungen"),
        ),
        Statistic(
            "erfolg_der_antraege",
            PERIOD,
            charts.motions,
            {
                "fraktion": "Fraktion",
                "antraege": "Anträge",
                "angenommen": "angenommen",
                "abgelehnt": "abgelehnt",
                "uebrige": "übrige",
                "offen": "offen",
                "prozent": "angenommen in Prozent",
            },
        ),
        Statistic(
            "dauer_bis_zur_entscheidung",
            PERIOD,
            charts.duration,
            {
                "jahr": "Jahr",
                "vorlagen": "Vorlagen",
                "median_tage": "mittlere Dauer (Median) in Tagen",
                "laengstes_viertel_ab_tagen": "ein Viertel dauerte mindestens (Tage)",
            },
            ("vorlagen", "Vorlagen"),
        ),
    )
}
