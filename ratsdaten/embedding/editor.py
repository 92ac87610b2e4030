"""The editor's page /einbetten: find a ballot or choose a statistic, see it, copy it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from datasette.app import Datasette

from ratsdaten import charts
from ratsdaten.charts.text import day
from ratsdaten.serving.answers import Problem
from ratsdaten.serving.town import query, town
from ratsdaten.statistics import BODY, STATISTICS

from . import snippets
from .figures import settle
from .pages import Page, page
from .wishes import BASIC_WIDTH, read, selection

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
BODIES = """
    select id, name from organizations
    where name is not null and exists (select 1 from meetings where organization_id = organizations.id)
    order by name
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


async def context(datasette: Datasette, arguments: Mapping[str, str], absolute: Callable[[str], str]) -> dict[str, Any]:
    """What templates/einbetten.html shows; ``problem`` and ``status`` where something asked for cannot be."""
    found: dict[str, Any] = {
        "typed": {name: arguments.get(name) or "" for name in FIELDS},
        "status": 200,
        "site": datasette.metadata("title"),
    }
    try:
        database = await town(datasette)
        queries = await datasette.get_canned_queries(database.name, None)
        found["statistics"] = [queries[name] for name in STATISTICS]
        found["bodies"] = await query(database, BODIES)
        for kind in ("abstimmung", "statistik"):
            if name := (arguments.get(kind) or "").strip():
                wish = await settle(datasette, read(kind, name, arguments))
                return found | chosen(await page(datasette, wish), absolute)
        found |= await search(datasette, arguments)
    except Problem as problem:
        found |= {"problem": problem.message, "status": problem.status}
    return found


async def search(datasette: Datasette, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The ballots that fit, the newest first; any text is a valid search."""
    given = {"von": "", "bis": "", "gremium": "", **selection(BODY, arguments)}
    words = " ".join((arguments.get("suche") or "").split())
    rows = await query(await town(datasette), SEARCH, {**given, "suche": words})
    hits = [{**row, "datum": day(row["datum"]) if row["datum"] else ""} for row in map(dict, rows[:HITS])]
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
        "page": page,
        "frame": {"path": wish.path(), "width": wish.width, "height": height},
        "iframe": snippets.iframe(address, page.title, wish.width, height),
        "figure": snippets.figure(address, page.alt, shown) if shown else "",
        "address": address,
        "widths": charts.WIDTHS,
        "palette": COLOURS,
        "basic": replace(wish, width=BASIC_WIDTH),
    }
