"""The pages of the statistics: /statistik and /statistik/<name>. What their queries gave comes from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from ratsdaten.charts.frame import scope
from ratsdaten.embedding.figures import UNKNOWN, Figures
from ratsdaten.embedding.pages import TOO_FEW, table
from ratsdaten.embedding.wishes import BASIC_WIDTH, Wish
from ratsdaten.statistics import STATISTICS

from . import addresses
from .page import Arguments, Page, Row

Texts = Mapping[str, Mapping[str, Any]]  # statistic -> its query's title and description
PARENTS = (("Statistik", "/statistik"),)


def overview(texts: Texts, as_of: str | None) -> Page:
    listed = [
        {
            "name": name,
            "title": texts[name]["title"],
            "description": texts[name]["description"].partition(". ")[0].rstrip(".") + ".",
            "path": addresses.statistic(name),
            "pictures": pictures(Wish("statistik", name)),
        }
        for name in STATISTICS
    ]
    return Page(
        template="statistiken.html",
        path="/statistik",
        title="Statistik",
        description="Wer stimmt mit wem, wer mit der Mehrheit, was wird aus Anträgen, wie lange dauert eine "
        "Entscheidung: Auswertungen aller Sitzungen und Abstimmungen als Bild und Tabelle.",
        data={"statistics": listed},
        rows=[{key: row[key] for key in ("name", "title", "description", "path")} for row in listed],
        fetched_at=as_of,
    )


def statistic(figures: Figures, texts: Texts, bodies: Iterable[Row]) -> Page:
    wish, columns = figures.wish, figures.wish.statistic.columns
    query = urlencode(wish.parameters)
    found = [{column: row[column] for column in columns} for row in figures.rows]
    scoped = scope(figures.facts)
    drawn = figures.chart() is not None
    return Page(
        template="statistik.html",
        path=addresses.statistic(wish.name) + (f"?{query}" if query else ""),
        title=texts[wish.name]["title"],
        description=f"{scoped}. Grundlage: {figures.facts.basis}.",
        data={
            **_frame(wish.name, texts, bodies, wish.parameters),
            "scope": scoped,
            "period": figures.facts.period,
            "basis": figures.facts.basis,
            "columns": columns,
            "rows": found,
            "table": table(figures.rows, columns, TOO_FEW) if found else None,
            "pictures": pictures(wish) if drawn else None,
            "embed_path": f"/einbetten?{urlencode({'statistik': wish.name, **wish.parameters})}",
            "query": query,
        },
        rows=found,
        parents=PARENTS,
        fetched_at=None if figures.facts.as_of == UNKNOWN else figures.facts.as_of,
        picture=wish.path(".png") if drawn else "",
        embeddable=True,
        noindex=bool(query),
    )


def not_understood(name: str, texts: Texts, bodies: Iterable[Row], typed: Arguments, status: int, message: str) -> Page:
    """The page of a statistic with what was typed and why nothing can be shown for it."""
    return Page(
        template="statistik.html",
        path=addresses.statistic(name),
        title=texts[name]["title"],
        data=_frame(name, texts, bodies, typed) | {"problem": message},
        parents=PARENTS,
        noindex=True,
        status=status,
    )


def _frame(name: str, texts: Texts, bodies: Iterable[Row], typed: Arguments) -> Row:
    return {
        "name": name,
        "explanation": texts[name]["description"],
        "filters": {field: typed.get(field) or "" for field in STATISTICS[name].parameters},
        "choices": {
            "gremium": {body["id"]: body["name"] for body in bodies},
            "auswahl": {"alle": "alle, auch einstimmige"},
        },
        "others": [
            {"title": texts[other]["title"], "path": addresses.statistic(other)}
            for other in STATISTICS
            if other != name
        ],
    }


def pictures(wish: Wish) -> dict[int, str]:
    """Paths of the picture by its width in pixels."""
    query = urlencode(wish.parameters)
    return {
        width: f"/einbetten/statistik/{wish.name}.svg?{query}{'&' if query else ''}breite={width}"
        for width in (340, BASIC_WIDTH)
    }
