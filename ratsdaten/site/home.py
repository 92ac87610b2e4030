"""The first page: /."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable

from ratsdaten.charts.text import number

from .meetings import today
from .page import Arguments, Page, as_of, rows

#: A noun as titles have it: capital first letter, long enough to be about something.
_NOUN = re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]{6,}\b")
#: Words of procedure, which stand in titles whatever they are about.
_PROCEDURE = re.compile(
    r"^(?:An(?:trag|frage|regung)|Vorlage|Mitteilung|Beschl[uü]|Bericht|Sachstand|Kenntnis|Resolution|Fraktion|Ausschuss"
    r"|Rat(?:e?s|$)|Bezirk|Stadt|Satzung|Änderung|Fortschreibung|Erhöhung|Erlass|Umsetzung|Einrichtung|Bereich|Aufstellung"
    r"|Entwurf|Maßnahme|Genehmigung|Neufassung|Besetzung|Umbesetzung|Entsendung|Benennung|Bestellung|Bereitstellung"
    r"|Haushaltsjahr|Jahresabschluss|Quartal|Prüfauftrag|Prüfung|Grundsatz|Verwaltung|Ergänzung|Öffentlich|Beteiligung"
    r"|Bündnis|Gruppe|Partei|Vorhaben|Durchführung|Sitzung|Niederschrift|Tagesordnung|Wahlperiode|Thema)",
)
EXAMPLES = 3


def home(conn: sqlite3.Connection, _: str, __: Arguments) -> Page:
    """Search, newest decisions, coming meetings, contested ballots and figures."""
    now = today()
    figures = rows(conn, "home_figures")[0]
    since = (figures["since"] or "")[:4]
    return Page(
        template="start.html",
        path="/",
        title="Was im Rat entschieden wird",
        data={
            "examples": examples(row["name"] for row in rows(conn, "home_subjects", today=now)),
            "decisions": rows(conn, "home_decisions", today=now),
            "coming": rows(conn, "home_coming", today=now),
            "ballots": rows(conn, "home_ballots"),
            "figures": figures,
        },
        description=f"Sitzungen, Vorlagen, Beschlüsse und Abstimmungen des Rates und seiner Ausschüsse zum Suchen und "
        f"Auswerten{f', seit {since}' if since else ''}: {number(figures['agenda_items'])} Tagesordnungspunkte, "
        f"{number(figures['papers'])} Vorlagen, {number(figures['ballots'])} Abstimmungen.",
        fetched_at=as_of(conn),
    )


def examples(titles: Iterable[str]) -> list[str]:
    """Words that several titles share and that are about something, the most frequent first; what is in a title is
    found by a search for it."""
    found = Counter(word for title in titles for word in set(_NOUN.findall(title)) if not _PROCEDURE.match(word))
    # Of two words that begin alike (Radweg, Radwege) the more frequent one.
    chosen: list[str] = []
    for word, _ in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])):
        if not any(word[:6] == other[:6] for other in chosen):
            chosen.append(word)
        if len(chosen) == EXAMPLES:
            break
    return chosen
