"""The editor's page /einbetten: find a ballot or choose a statistic, see it, copy it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from datasette.app import Datasette

from ratsdaten import charts
from ratsdaten.charts.text import clean, day
from ratsdaten.serving.answers import Problem
from ratsdaten.serving.town import query, town
from ratsdaten.site import page as site
from ratsdaten.statistics import BODY, STATISTICS

from . import snippets
from .figures import settle
from .pages import Page, page
from .wishes import BASIC_WIDTH, KINDS, Wish, read, selection

HITS = 30
SEARCH = f"""
    select votes.id as abstimmung, votes.subject as gegenstand, votes.state as datenlage, agenda_items.name as betreff,
           agenda_items.number as top, votes.date as datum, organizations.name as gremium
    from votes
    join agenda_items on agenda_items.id = votes.agenda_item_id
    left join organizations on organizations.id = votes.organization_id
    where (:suche = '' or agenda_items.rowid in (
             select rowid from agenda_items_fts where agenda_items_fts match escape_fts(:suche)))
      and coalesce(votes.date, '') >= :von and coalesce(votes.date, '') <= iif(:bis = '', '9', :bis) || '~'
      and (:gremium = '' or votes.organization_id = :gremium)
    order by votes.date desc, votes.agenda_item_id desc, votes.position
    limit {HITS + 1}
"""
COLOURS = {"auto": "automatisch, für Seiten, die auch dunkel sein können", "hell": "hell", "dunkel": "dunkel"}
#: What a hit promises, by the state of its record.
BRIEFLY = {
    "by_group": "Stimmen je Fraktion",
    "by_group_partly": "Stimmen je Fraktion, unvollständig",
    "totals": "nur Summen",
    "words": "nur Worte",
}
FIELDS = ("suche", "von", "bis", "gremium", "auswahl", "mindestens", "breite", "farben", "ansicht")


async def editor(datasette: Datasette, arguments: Mapping[str, str], absolute: Callable[[str], str]) -> site.Page:
    """What was asked for cannot be: a page that says why, with what was typed. Raises Problem (404): no town here."""
    database = await town(datasette)
    queries = await datasette.get_canned_queries(database.name, None)
    found: dict[str, Any] = {
        "typed": {name: arguments.get(name) or "" for name in FIELDS},
        "statistics": [queries[name] for name in STATISTICS],
        "bodies": [(body["id"], body["name"]) for body in await query(database, site.sql("meeting_bodies"))],
    }
    status = 200
    try:
        wish = await wished(datasette, arguments)
        if wish:
            found |= chosen(await page(datasette, wish), absolute)
        else:
            found |= await search(datasette, arguments)
    except Problem as problem:
        found["problem"], status = problem.message, problem.status
    return site.Page(
        template="einbetten.html",
        path="/einbetten",
        title="Abstimmungen und Statistiken einbetten",
        description="Abstimmungen und Statistiken des Rates als Diagramm für die eigene Seite: auswählen, ansehen, "
        "Code kopieren. Ohne Cookies, ohne Dritte, ohne JavaScript.",
        data=found,
        noindex=bool(arguments),
        status=status,
    )


async def wished(datasette: Datasette, arguments: Mapping[str, str]) -> Wish | None:
    """The ballot or statistic chosen. Raises Problem."""
    for kind in KINDS:
        if name := (arguments.get(kind) or "").strip():
            return await settle(datasette, read(kind, name, arguments))
    return None


async def search(datasette: Datasette, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The ballots that fit, the newest first; any text is a valid search."""
    given = {"von": "", "bis": "", "gremium": "", **selection(BODY, arguments)}
    words = " ".join((arguments.get("suche") or "").split())
    rows = await query(await town(datasette), SEARCH, {**given, "suche": words})
    hits = [
        {
            **row,
            "datum": day(row["datum"]) if row["datum"] else "",
            "gegenstand": clean(row["gegenstand"] or "").rstrip(": "),
        }
        for row in map(dict, rows[:HITS])
    ]
    return {"states": BRIEFLY, "hits": hits, "more": len(rows) > HITS, "searched": bool(words or any(given.values()))}


def chosen(page: Page, absolute: Callable[[str], str]) -> dict[str, Any]:
    """The preview and what to copy."""
    wish = page.wish
    address = absolute(wish.path())
    height = page.height(wish.width)
    # A column is narrower than the window, which is all that a <picture> can ask for.
    fitting = [one for one in page.pictures if one.width <= (wish.width or BASIC_WIDTH)]
    shown = [(absolute(one.path), one.width, one.height) for one in fitting]
    return {
        "wish": wish,
        "chart": page,
        "frame": {"path": wish.path(), "width": wish.width, "height": height},
        "iframe": snippets.iframe(address, page.title, wish.width, height),
        "figure": snippets.figure(address, page.alt, shown) if shown else "",
        "address": address,
        "widths": [(width, f"{width} Pixel") for width in charts.WIDTHS],
        "palette": COLOURS,
        "basic": replace(wish, width=BASIC_WIDTH),
    }
