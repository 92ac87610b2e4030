"""What the embed page, the editor's page and oEmbed show of a wish: sizes, tables, links, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette

from ratsdaten import charts
from ratsdaten.charts.text import clean, day, number
from ratsdaten.serving.answers import web_address
from ratsdaten.serving.town import about, canned, link
from ratsdaten.site import addresses

from .figures import Figures, find
from .pictures import NO_PICTURE
from .snippets import limits
from .wishes import BASIC_WIDTH, Wish

#: What the record says about a ballot (the query's datenlage) in words.
STATES = {
    "by_group": "Die Niederschrift nennt die Stimmen je Fraktion.",
    "by_group_partly": "Die Niederschrift nennt die Stimmen je Fraktion nur zum Teil oder mit einer anderen Summe.",
    "totals": "Die Niederschrift nennt nur Summen, keine Stimmen je Fraktion.",
    "words": "Die Niederschrift nennt zu dieser Abstimmung keine Ja- und Nein-Stimmen, nur diese Worte:",
}
BALLOT_COLUMNS = {"fraktion": "Fraktion", "ja": "Ja", "nein": "Nein", "enthaltung": "Enthaltung"}
#: For a column that is empty because the source is silent, and for a share that would rest on too little.
UNSAID, TOO_FEW = "nicht genannt", "–"

#: Pixels the page needs below the picture, in a narrow and in a wide frame; a words-only page as a whole.
BELOW = {340: 170, 640: 125, 960: 105}
WORDS_ONLY = 370


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in one width: the widest window it is for (None: no limit), its path below the root, its size."""

    limit: int | None
    path: str
    width: int
    height: int


def pictures(figures: Figures) -> list[Shown]:
    """The picture in every width up to the one wished for, the widest last; none where there is nothing to draw."""
    wish = figures.wish
    widths = [width for width in charts.WIDTHS if width <= (wish.width or charts.WIDTHS[-1])]
    return [
        Shown(limit, replace(wish, width=width).path(".svg"), *chart.size)
        for limit, width in zip([*limits(widths), None], widths)
        if (chart := figures.chart(width))
    ]


@dataclass(frozen=True, slots=True)
class Page:
    """An embed page without its address: what there is to say about one wish."""

    figures: Figures
    title: str
    alt: str
    pictures: list[Shown]

    @property
    def wish(self) -> Wish:
        return self.figures.wish

    def height(self, width: int | None) -> int:
        """Pixels for a frame of that width (None: any) so that nothing scrolls until the table is opened.

        On a phone the frame is narrower than its snippet says, and the narrow picture is the higher one.
        """
        fitting = [one for one in self.pictures if width is None or one.width <= width] or self.pictures[:1]
        return max((one.height + BELOW[one.width] for one in fitting), default=WORDS_ONLY)


async def page(datasette: Datasette, wish: Wish) -> Page:
    """Raises Problem (404) for a ballot or body that does not exist; a page without pictures where nothing is drawn."""
    figures = await find(datasette, wish)
    if chart := figures.chart():
        return Page(figures, chart.title, chart.alt, pictures(figures))
    return Page(figures, clean(figures.facts.title), "", [])


async def context(datasette: Datasette, page: Page) -> dict[str, Any]:
    """What templates/einbetten_seite.html shows."""
    figures, wish = page.figures, page.wish
    if wish.kind == "abstimmung":
        row = figures.rows[0]
        found = {
            "explanation": STATES[row["datenlage"] if page.alt else "words"],
            "words": row["wortlaut"] or "",
            "lines": charts.subtitle(row),
            "result": charts.result(row),
            "table": table(figures.rows, BALLOT_COLUMNS, UNSAID) if page.alt else None,
            "ours": datasette.urls.path(addresses.ballot(wish.name)),
            "original": web_address(row["quelle"]),
            "parameters": {"abstimmung": wish.name},
        }
    else:
        asked = urlencode(wish.parameters)
        found = {
            "explanation": (await canned(datasette, figures.database, wish.name)).get("description", ""),
            "table": table(figures.rows, wish.statistic.columns, TOO_FEW) if figures.rows else None,
            "basis": figures.facts.basis,
            "ours": datasette.urls.path(addresses.statistic(wish.name)) + (f"?{asked}" if asked else ""),
            "parameters": wish.parameters,
        }
        if not page.alt:
            found["nothing"] = NO_PICTURE["statistik"]
    address = datasette.urls.path(f"/{figures.database}/{wish.name if wish.kind == 'statistik' else 'abstimmung'}")
    query_string = urlencode(found["parameters"])
    return {
        "page": page,
        "wish": wish,
        "colours": wish.colours,
        "print_path": replace(wish, colours="hell", width=BASIC_WIDTH).path(".svg") if wish.colours == "dunkel" else "",
        "source": figures.facts.source,
        "source_url": link(datasette, about(datasette, figures.database, "source_url")),
        "licence": about(datasette, figures.database, "license"),
        "as_of": day(figures.facts.as_of),
        "csv": f"{address}.csv?{query_string}",
        "json": f"{address}.json?{urlencode({**found['parameters'], '_shape': 'objects'})}",
        "query": f"{address}?{query_string}" if query_string else address,
        **found,
    }


def table(rows: Sequence[Any], columns: dict[str, str], empty: str) -> dict[str, Any]:
    """Headings and cells as text; the first cell of a row names it."""
    return {
        "headings": list(columns.values()),
        "rows": [[cell(row[column], empty) for column in columns] for row in rows],
    }


def cell(value: Any, empty: str) -> str:
    if value is None:
        return empty
    if isinstance(value, int | float):
        return number(value, 1 if isinstance(value, float) else 0)
    return "Insgesamt" if value == "gesamt" else str(value)
