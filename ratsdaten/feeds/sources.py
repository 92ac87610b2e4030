"""What each feed holds. A feed with filters takes those of the page it belongs to, from that page's own loader."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from urllib.parse import urlencode

from ratsdaten import clock
from ratsdaten.charts.text import clean, day, sentences
from ratsdaten.search import KINDS, Hit, Search, search
from ratsdaten.serving.answers import Problem, web_address
from ratsdaten.site import addresses
from ratsdaten.site.ballots import ballot_line
from ratsdaten.site.groups import named
from ratsdaten.site.meetings import dated
from ratsdaten.site.page import Arguments, Loader, Moved, Page, Row, as_of, one, rows
from ratsdaten.site.papers import papers
from ratsdaten.site.revisions import all_revisions
from ratsdaten.site.search import owners, path_of
from ratsdaten.site.votes import votes
from ratsdaten.site.words import many, outcome, weekday

from .atom import MOST, UNTOLD, Entry, Feed
from .identity import identity, system

#: Raises Problem, and Moved with the path of a page whose feed it is.
Source = Callable[[sqlite3.Connection, str, Arguments], Feed]

#: Letters of a resolution that an entry repeats.
_EXCERPT = 500
#: Outcomes that say nothing yet.
_SAYS_NOTHING = (None, "open", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry but for what ``feed_stamps`` knows; ``path`` "": a paper's, which has its slug in it."""

    kind: str
    key: int | str
    title: str
    path: str = ""
    summary: str = ""
    date: str | None = None
    outcome: str | None = None


def made(conn: sqlite3.Connection, *, path: str, page: str, title: str, subtitle: str, drafts: Iterable[Draft]) -> Feed:
    """The feed of the drafts in their order; a row that is gone meanwhile is left out."""
    drafts = list(drafts)
    asked = json.dumps([[draft.kind, draft.key] for draft in drafts])
    stamps = {row["place"]: row for row in rows(conn, "feed_stamps", asked=asked)}
    read_at = as_of(conn) or UNTOLD
    here = system(conn)
    return Feed(
        id=identity(here, "feeds", path),
        path=path,
        page=page,
        title=title,
        subtitle=subtitle,
        read_at=read_at,
        entries=[
            Entry(
                id=identity(here, draft.kind, draft.key),
                path=draft.path or addresses.paper(int(draft.key), stamp["slug"]),
                title=draft.title,
                updated=stamp["changed_at"] or read_at,
                summary=draft.summary,
                published=beginning(draft.date),
                source_url=web_address(stamp["source_url"]),
                categories=[] if draft.outcome in _SAYS_NOTHING else [(draft.outcome, outcome(draft.outcome))],
            )
            for place, draft in enumerate(drafts)
            if (stamp := stamps.get(place))
        ],
    )


def beginning(day: str | None) -> str:
    """Of a day that has come: its first moment in the town; "" of any other text."""
    try:
        found = datetime.combine(date.fromisoformat(day or ""), time(), clock.zone.get())
    except ValueError:
        return ""
    return found.isoformat() if found.date() <= clock.today() else ""


def of_page(loader: Loader, drafts: Callable[[Page], Iterable[Draft]]) -> Source:
    """The feed of a list: the first of the rows its page shows, with the same filters."""

    def source(conn: sqlite3.Connection, key: str, arguments: Arguments) -> Feed:
        page = loader(conn, key, {name: arguments[name] for name in arguments if name != "seite"})
        drawn = list(drafts(page))[:MOST]
        return made(conn, path=page.feed, page=page.path, title=page.title, subtitle=page.description, drafts=drawn)

    return source


def ballots(page: Page) -> Iterable[Draft]:
    for vote in page.data["votes"]:
        yield Draft(
            kind="votes",
            key=vote["id"],
            title=f"{_title(vote)}: {ballot_line(vote)}",
            path=addresses.ballot(vote["id"]),
            summary=sentences(
                _place(vote),
                f"Abgestimmt über: {vote['subject'].rstrip(': ')}" if vote["subject"] else "",
                f"Beschlussart: {vote['result']}" if vote["result"] and vote["final"] else "",
            ),
            date=vote["date"],
            outcome=vote["outcome"] if vote["final"] else None,
        )


def listed_papers(page: Page) -> Iterable[Draft]:
    return map(_paper, page.data["papers"])


def _paper(paper: Row) -> Draft:
    decided = f" am {day(paper['decided'])}" if paper["decided"] else ""
    said = paper["outcome"] not in _SAYS_NOTHING
    return Draft(
        kind="papers",
        key=paper["id"],
        title=_titled(_title(paper), paper["outcome"]),
        summary=sentences(
            ", ".join(filter(None, [paper["paper_type"] or "Vorlage", paper["reference"], _date(paper)])),
            f"Von: {paper['author']}" if paper["author"] else "",
            f"Ergebnis: {outcome(paper['outcome'])}{decided}" if said else "",
        ),
        date=paper["date"],
        outcome=paper["outcome"],
    )


def _meeting(meeting: Row) -> Draft:
    place = ", ".join(filter(None, [meeting["room"], meeting["location"]]))
    time = f", {meeting['start_time']} Uhr" if meeting["start_time"] else ""
    return Draft(
        kind="meetings",
        key=meeting["id"],
        title=("Abgesagt: " if meeting["cancelled"] else "Tagesordnung: ") + dated(meeting),
        path=addresses.meeting(meeting["id"]),
        summary=sentences(
            f"{weekday(meeting['date'])}{time}",
            place,
            many(meeting["items"], "Tagesordnungspunkt", "Tagesordnungspunkte"),
        ),
        date=meeting["date"],
    )


def _item(item: Row) -> Draft:
    resolution = clean(item["resolution"] or "").removeprefix("Beschluss:").lstrip()
    return Draft(
        kind="agenda_items",
        key=item["id"],
        title=_titled(_title(item), item["outcome"]),
        path=addresses.agenda_item(item["id"]),
        summary=sentences(
            _place(item),
            f"Beschlussart: {item['result']}",
            f"Abstimmung: {ballot_line(item)}" if item["vote_id"] else "",
            f"Beschluss: {resolution[:_EXCERPT]}{'…' if len(resolution) > _EXCERPT else ''}" if resolution else "",
        ),
        date=item["date"],
        outcome=item["outcome"],
    )


def body(conn: sqlite3.Connection, key: str, _: Arguments) -> Feed:
    """New agendas and results of a body. Raises Problem (404)."""
    name = body_name(conn, key)
    dated = [(row["date"], row["id"], _meeting(row)) for row in rows(conn, "feed_meetings", body=key, most=10)]
    dated += [(r["date"], r["meeting_id"], _item(r)) for r in rows(conn, "feed_body_items", body=key, most=MOST)]
    dated.sort(key=lambda each: each[:2], reverse=True)  # stable: the agenda, then its items in their order
    path = addresses.organization(key)
    return made(
        conn,
        path=f"{path}.atom",
        page=path,
        title=name,
        subtitle="Neue Tagesordnungen und Ergebnisse, die jüngste Sitzung zuerst.",
        drafts=[draft for _, _, draft in dated[:MOST]],
    )


def body_name(conn: sqlite3.Connection, key: str) -> str:
    """Raises Problem (404)."""
    found = one(conn, "body_name", id=key)
    if found is None:
        raise Problem(404, "Ein Gremium mit dieser Kennung gibt es hier nicht.")
    return found["name"] or f"Gremium {key}"


def group(conn: sqlite3.Connection, key: str, _: Arguments) -> Feed:
    """A group's motions, and the contested ballots it took part in: of the others all groups tell the same.

    Raises Problem (404), Moved for another spelling.
    """
    name = named(conn, key)["name"]
    motions = rows(conn, "feed_group_papers", group=name, most=MOST // 2)
    contested = votes(conn, "", {"fraktion": name, "auswahl": "umstritten"})
    found = [(row["date"] or "", _paper(row)) for row in motions]
    told = zip(contested.data["votes"], ballots(contested))
    found += [(row["date"] or "", draft) for row, draft in islice(told, MOST - len(motions))]
    found.sort(key=lambda each: each[0], reverse=True)
    path = addresses.group(name)
    return made(
        conn,
        path=f"{path}.atom",
        page=path,
        title=name,
        subtitle="Vorlagen von dieser Fraktion oder Gruppe und umstrittene Abstimmungen, an denen sie teilnahm.",
        drafts=[draft for _, draft in found],
    )


def meetings(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Feed:
    """Meetings whose agenda is known. Raises Moved where it is of one body."""
    if body := (arguments.get("gremium") or "").strip():
        body_name(conn, body)
        raise Moved(addresses.organization(body), for_good=False)
    return made(
        conn,
        path="/sitzungen.atom",
        page="/sitzungen",
        title="Sitzungen",
        subtitle="Sitzungen, deren Tagesordnung veröffentlicht ist, die jüngste zuerst.",
        drafts=map(_meeting, rows(conn, "feed_meetings", body="", most=MOST)),
    )


def changes(conn: sqlite3.Connection, key: str, arguments: Arguments) -> Feed:
    """What the source changed silently, with the filters of /aenderungen."""
    page = all_revisions(conn, key, {name: arguments[name] for name in arguments if name != "seite"})
    here = system(conn)
    return Feed(
        id=identity(here, "feeds", page.feed),
        path=page.feed,
        page=page.path,
        title=page.title,
        subtitle=page.description,
        read_at=page.fetched_at or UNTOLD,
        entries=[
            Entry(
                id=identity(
                    here, "revisions", "/".join(change[name] for name in ("table_name", "row_id", "observed_at"))
                ),
                path=change["path"],
                title=f"Geändert: {clean(change['title'] or change['kind'])}",
                updated=change["observed_at"],
                summary=sentences(
                    ", ".join(filter(None, (change["kind"], change["context"]))),
                    *(_changed(field) for field in change["fields"]),
                ),
                source_url=web_address(change["source_url"]),
            )
            for change in page.data["changes"]
        ],
    )


def _changed(field: Row) -> str:
    """``Raum: bisher 104, jetzt 12``; of a text only that it changed."""
    old, new = (clean(field[side] or "keine Angabe") for side in ("old", "new"))
    if len(old) + len(new) <= _EXCERPT:
        return f"{field['label']}: bisher {old}, jetzt {new}"
    return f"{field['label']} geändert"


def searched(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Feed:
    """What a search finds, the newest first."""
    wanted = Search.from_arguments({**arguments, "sortierung": "datum", "seite": ""})
    results = search(conn, wanted, limit=MOST)
    asked = {word: value for word, value in wanted.arguments().items() if word != "sortierung"}
    query = f"?{urlencode(asked)}" if asked else ""
    hits = [] if results.loose else results.hits
    belongs = owners(conn, hits)
    return made(
        conn,
        path=f"/suche.atom{query}",
        page=f"/suche{query}",
        title=f"Suche: {wanted.q}" if wanted.q else "Suche",
        subtitle=f"{many(len(hits) and results.total, 'Treffer', 'Treffer')}, die neuesten zuerst.",
        drafts=(_hit(hit, [owner["label"] for owner in belongs.get(str(hit.id), ())]) for hit in hits),
    )


def _hit(hit: Hit, belongs: list[str]) -> Draft:
    """``belongs``: to what a file does, whose name often says nothing: Anlage 1."""
    title = _titled(hit.title or KINDS[hit.kind], hit.outcome)
    place = [hit.body, hit.date and day(hit.date), hit.number and f"TOP {hit.number}", hit.reference, *belongs[1:]]
    return Draft(
        kind=hit.kind,
        key=hit.id,
        title=f"{title} ({belongs[0]})" if belongs else title,
        path=path_of(hit),
        summary=sentences(", ".join(filter(None, place)), clean("".join(text for text, _ in hit.snippet))),
        date=hit.date,
        outcome=hit.outcome,
    )


def _title(row: Row) -> str:
    return clean(row["name"] or "").rstrip(": ") or "Ohne Titel"


def _titled(title: str, result: str | None) -> str:
    return title if result in _SAYS_NOTHING else f"{title}: {outcome(result)}"


def _date(row: Row) -> str:
    return day(row["date"]) if row["date"] else ""


def _place(row: Row) -> str:
    number = f"TOP {row['number']}" if row["number"] else ""
    return ", ".join(filter(None, [row["organization"] or "", _date(row), number]))


#: Address -> what the feed there holds.
SOURCES: dict[str, Source] = {
    r"^/suche\.atom$": searched,
    r"^/gremium/(?P<key>[^/]+)\.atom$": body,
    r"^/fraktion/(?P<key>[^/]+)\.atom$": group,
    r"^/abstimmungen\.atom$": of_page(votes, ballots),
    r"^/vorlagen\.atom$": of_page(papers, listed_papers),
    r"^/aenderungen\.atom$": changes,
    r"^/sitzungen\.atom$": meetings,
}
