"""Meetings as a calendar (RFC 5545, RFC 7986). A meeting keeps its UID, so that one that moves is moved for readers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from ratsdaten import clock
from ratsdaten.charts.text import clean
from ratsdaten.serving.answers import Problem, web_address
from ratsdaten.site import addresses
from ratsdaten.site.meetings import dated, meeting_title, today
from ratsdaten.site.page import Arguments, Moved, Row, number, one, rows
from ratsdaten.site.words import many

from .atom import UNTOLD
from .identity import identity, system
from .sources import body_name

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How often a calendar is worth asking for again; the crawl runs nightly.
REFRESH = timedelta(hours=12)
#: What is longer ago is in /sitzungen.csv.
LOOK_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """A calendar: ``page`` is the path of the page it belongs to, ``name`` that of the downloaded file."""

    page: str
    name: str
    title: str
    system: str
    meetings: list[Row]


Source = Callable[[sqlite3.Connection, str, Arguments], Meetings]


def all_meetings(conn: sqlite3.Connection, _: str, arguments: Arguments) -> Meetings:
    """From a year ago to all to come. Raises Moved where it is of one body, Problem (404)."""
    if body := (arguments.get("gremium") or "").strip():
        body_name(conn, body)
        raise Moved(addresses.organization(body), for_good=False)
    return _found(conn, page="/sitzungen", name="sitzungen", title="Sitzungen")


def of_body(conn: sqlite3.Connection, key: str, _: Arguments) -> Meetings:
    """Raises Problem (404)."""
    return _found(conn, page=addresses.organization(key), name=key, title=body_name(conn, key), body=key)


def of_meeting(conn: sqlite3.Connection, key: str, _: Arguments) -> Meetings:
    """One alone, however long ago. Raises Problem (404)."""
    what = "Eine Sitzung"
    meeting = number(key, what)
    found = _found(conn, page=addresses.meeting(meeting), name=f"sitzung-{key}", title="", meeting=meeting)
    if found.meetings:
        return found
    if one(conn, "meeting", id=meeting):
        raise Problem(404, "Für diese Sitzung nennt die Quelle noch keinen Tag.")
    raise Problem(404, f"{what} mit dieser Nummer gibt es hier nicht.")


def _found(
    conn: sqlite3.Connection, *, page: str, name: str, title: str, body: str = "", meeting: int | None = None
) -> Meetings:
    since = "" if meeting is not None else (date.fromisoformat(today()) - LOOK_BACK).isoformat()
    found = rows(conn, "calendar_meetings", since=since, body=body, id=meeting)
    title = title or (dated(found[0]) if found else "")
    return Meetings(page=page, name=name, title=title, system=system(conn), meetings=found)


def render(found: Meetings, absolute: Callable[[str], str], publisher: str) -> bytes:
    """``absolute`` makes an address of a path."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ratsdaten//Sitzungskalender//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = clean(f"{found.title} – {publisher}")
    for key in ("name", "x-wr-calname"):  # the first is RFC 7986, the second what most programs read
        calendar.add(key, name)
    calendar.add("x-wr-timezone", clock.zone.get().key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    calendar.add("url", absolute(found.page))
    zone = clock.zone.get()
    calendar.add_component(_berlin() if zone is clock.BERLIN else Timezone.from_tzinfo(zone))
    for meeting in found.meetings:
        if event := _event(meeting, found.system, absolute):
            calendar.add_component(event)
    return calendar.to_ical()


def _event(meeting: Row, system: str, absolute: Callable[[str], str]) -> Event | None:
    """None where the day is not one."""
    try:
        day = date.fromisoformat(meeting["date"])
    except ValueError:
        return None
    begin, end = _time(meeting["start_time"]), _time(meeting["end_time"])
    title = clean(meeting_title(meeting))
    read_at = _moment(meeting["fetched_at"])
    event = Event()
    event.add("uid", identity(system, "meetings", meeting["id"]))
    event.add("dtstamp", read_at)  # not now: who has this very state is not to be sent it again
    event.add("last-modified", _moment(meeting["changed_at"] or meeting["fetched_at"]))
    event.add("sequence", meeting["revised"])
    event.add("dtstart", datetime.combine(day, begin, clock.zone.get()) if begin else day)
    if begin and end and end > begin:  # nobody says whether an earlier end is the next day or an error
        event.add("dtend", datetime.combine(day, end, clock.zone.get()))
    event.add("summary", f"Abgesagt: {title}" if meeting["cancelled"] else title)
    if meeting["cancelled"]:
        event.add("status", "CANCELLED")
    if place := ", ".join(clean(meeting[key]) for key in ("room", "location") if meeting[key]):
        event.add("location", place)
    event.add("url", absolute(addresses.meeting(meeting["id"])))
    event.add("description", "\n".join(_description(meeting, absolute)))
    return event


def _description(meeting: Row, absolute: Callable[[str], str]) -> list[str]:
    lines = ["Die Sitzung ist abgesagt."] if meeting["cancelled"] else []
    lines += [clean(meeting[key]) for key in ("occasion", "status") if meeting[key]]
    agenda = many(meeting["items"], "Tagesordnungspunkt", "Tagesordnungspunkte")
    agenda = f"Tagesordnung ({agenda})" if meeting["items"] else "Noch keine Tagesordnung veröffentlicht"
    lines.append(f"{agenda}: {absolute(addresses.meeting(meeting['id']))}")
    if source := web_address(meeting["source_url"]):
        lines.append(f"Verbindlich ist die Originalseite: {source}")
    return lines


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text or "") and text else None


def _moment(iso: str | None) -> datetime:
    return clock.moment(iso) or datetime.fromisoformat(UNTOLD)


def _berlin() -> Timezone:
    """The rule since 1996, before which there are no council information systems; icalendar's own lists 68 years."""
    zone = Timezone()
    zone.add("tzid", clock.BERLIN.key)
    for part, kind, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, 1, 2),
        (TimezoneStandard(), "CET", 10, 3, 2, 1),
    ):
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))
        part.add("rrule", vRecur(freq="yearly", bymonth=month, byday="-1SU"))
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", kind)
        zone.add_component(part)
    return zone


#: Address -> the meetings of the calendar there.
SOURCES: dict[str, Source] = {
    r"^/sitzungen\.ics$": all_meetings,
    r"^/gremium/(?P<key>[^/]+)\.ics$": of_body,
    r"^/sitzung/(?P<key>[^/.]+)\.ics$": of_meeting,
}
