"""From a wish to its rows, through the canned queries of metadata.yml, and what they amount to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from datasette.app import Datasette
from datasette.database import Database

from ratsdaten import charts
from ratsdaten.charts.text import number
from ratsdaten.serving.answers import Problem, short
from ratsdaten.serving.town import Row, canned, query, source, town

from .wishes import BASIC_WIDTH, Wish

Days = tuple[str, str] | None

#: What a canned query gets for a parameter nobody gave.
NOT_GIVEN = dict.fromkeys(("von", "bis", "gremium", "auswahl", "mindestens"), "")

LAST_BALLOT = "select id from votes where agenda_item_id = ? order by position desc limit 1"
BODY = "select name from organizations where id = ?"
AS_OF = """
    select coalesce((select max(finished_at) from crawls where pages > 0 and mode in ('full', 'update')),
                    (select max(fetched_at) from pages)) as as_of
"""

# What a statistic rests on: first and last day, and how much. Each takes what the statistic's query takes.

#: Ballots of the kind asked for: those in which enough groups took one position, and those told otherwise. The "+"
#: keeps SQLite from reading all meetings in search of the few items that could not be read.
BALLOTS = """
    select count(*) filter (where used) as ballots, min(date) filter (where used) as first,
           max(date) filter (where used) as last,
           count(*) filter (where not used and state = 'by_group') as unfit,
           count(*) filter (where state = 'by_group_partly') as partly,
           count(*) filter (where state = 'totals') as totals, count(*) filter (where state = 'words') as words,
           (select count(*) from agenda_items join meetings on meetings.id = agenda_items.meeting_id
             where agenda_items.vote_state = 'unread' and +meetings.date >= :von
               and +meetings.date <= iif(:bis = '', '9', :bis) || '~'
               and (:gremium = '' or meetings.organization_id = :gremium)) as unread
    from (select date, state,
                 state = 'by_group' and organization_id is not null and contested is not null
                 and (winner is not null or :statistik <> 'gewinnerseite')
                 and (select count(*) from vote_counts
                       where vote_id = votes.id and position in ('yes', 'no', 'abstain')
                         and group_name <> 'fraktionslos') > (:statistik <> 'gewinnerseite') as used
          from votes
          where date >= :von and date <= iif(:bis = '', '9', :bis) || '~'
            and (:gremium = '' or organization_id = :gremium)
            and (:auswahl = 'alle' or contested = 1)
          limit -1)  -- else SQLite counts the groups anew for each figure
"""
#: Meetings with an agenda.
MEETINGS = """
    select min(date) as first, max(date) as last
    from meetings
    where date >= :von and date <= iif(:bis = '', '9', :bis) || '~' and date <= date('now')
      and coalesce(cancelled, 0) = 0 and (:gremium = '' or organization_id = :gremium)
      and exists (select 1 from agenda_items where meeting_id = meetings.id and public = 1)
"""
DECISIONS = """
    select min(decided) as first, max(decided) as last
    from papers
    where decided >= :von and decided <= iif(:bis = '', '9', :bis) || '~'
"""
#: Motions of groups, and others.
MOTIONS = """
    select count(*) filter (where by_group) as motions, count(*) filter (where not by_group) as others,
           min(date) filter (where by_group) as first, max(date) filter (where by_group) as last
    from (select date, exists (select 1 from phrases where kind = 'author' and phrase = author) as by_group
          from papers
          where paper_type like '%antrag%'
            and coalesce(date, '') >= :von and coalesce(date, '') <= iif(:bis = '', '9', :bis) || '~')
"""
UNKNOWN = "unbekannt"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found: the query's rows (at least one for a ballot) and what a picture says about itself."""

    wish: Wish
    database: str
    rows: Sequence[Row]
    facts: charts.Facts

    def chart(self, width: int = BASIC_WIDTH) -> charts.Chart | None:
        """None where there is nothing to draw: a ballot in words only, a statistic without a row."""
        if self.wish.kind == "statistik":
            return self.wish.statistic.draw(self.rows, self.facts, width)
        draw = charts.seats if self.wish.view == "sitze" else charts.ballot
        return draw(self.rows, self.facts, width)


async def find(datasette: Datasette, wish: Wish) -> Figures:
    """Raises Problem (404) for a ballot or body that does not exist."""
    database = await town(datasette)
    if wish.kind == "abstimmung":
        asked = await canned(datasette, database.name, "abstimmung")
        rows = await query(database, asked["sql"], {"abstimmung": wish.name}) if wish.name else []
        if not rows:
            raise Problem(404, f"Eine Abstimmung mit der Kennung „{short(wish.name)}“ ist nicht bekannt.")
        title = rows[0]["betreff"] or rows[0]["gegenstand"] or "Abstimmung"
        facts = charts.Facts(source(datasette, database), rows[0]["stand"] or UNKNOWN, title=title)
        return Figures(wish, database.name, rows, facts)
    asked = await canned(datasette, database.name, wish.name)
    rows = await query(database, asked["sql"], {**NOT_GIVEN, **wish.parameters})
    body = await body_name(database, wish.parameters.get("gremium", ""))
    days, basis = await rests_on(database, wish, rows)
    as_of = (await query(database, AS_OF))[0]["as_of"] or UNKNOWN
    facts = charts.Facts(source(datasette, database), as_of, days, body, basis, asked.get("title") or wish.name)
    return Figures(wish, database.name, rows, facts)


async def settle(datasette: Datasette, wish: Wish) -> Wish:
    """The wish itself, or for the number of an agenda item the wish for its last ballot. Raises Problem (404)."""
    if wish.kind != "abstimmung" or not re.fullmatch("[0-9]{1,18}", wish.name):
        return wish
    database, item = await town(datasette), int(wish.name)
    if found := await query(database, LAST_BALLOT, [item]):
        return replace(wish, name=found[0]["id"])
    if await query(database, "select 1 from agenda_items where id = ?", [item]):
        raise Problem(404, f"Zum Tagesordnungspunkt {item} ist keine Abstimmung verzeichnet.")
    raise Problem(404, f"Einen Tagesordnungspunkt mit der Nummer {item} gibt es hier nicht.")


async def body_name(database: Database, body: str) -> str | None:
    if not body:
        return None
    if found := await query(database, BODY, [body]):
        return found[0]["name"] or body
    raise Problem(404, f"Ein Gremium mit der Kennung „{short(body)}“ gibt es hier nicht.")


async def rests_on(database: Database, wish: Wish, rows: Sequence[Row]) -> tuple[Days, str]:
    """First and last day of what a statistic counts, and in words how much that is and how much could not be used."""
    given = {**NOT_GIVEN, **wish.parameters, "statistik": wish.name}
    if wish.statistic.of_ballots:
        found = (await query(database, BALLOTS, given))[0]
        kind = "Abstimmungen" if given["auswahl"] == "alle" else "umstrittene Abstimmungen"
        rest = {"partly": "nur zum Teil", "totals": "nur Summen", "words": "nur Worte", "unread": "nicht lesbar"}
        unused = ", ".join(f"{number(found[column])} {words}" for column, words in rest.items())
        basis = f"{number(found['ballots'])} {kind} nach Fraktionen; nicht verwendbar: {unused}"
        if found["unfit"]:
            basis += f", {number(found['unfit'])} bei Gleichstand oder ohne geschlossene Fraktionen"
    elif wish.statistic.counted:
        found = (await query(database, MEETINGS if "gremium" in wish.statistic.parameters else DECISIONS, given))[0]
        column, noun = wish.statistic.counted
        basis = f"{number(sum(row[column] for row in rows))} {noun}"
    else:  # a joint motion stands in the row of each group, so that rows do not add up
        found = (await query(database, MOTIONS, given))[0]
        basis = f"{number(found['motions'])} Anträge von Fraktionen"
        if found["others"]:
            basis += f"; {number(found['others'])} weitere ohne erkennbare Fraktion"
    return (found["first"], found["last"]) if found["first"] else None, basis
