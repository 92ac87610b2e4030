"""``si010``, ``si010_e``, ``si010_j``: the meetings of one month."""

from __future__ import annotations

import re

from ratsdaten.clock import MONTHS

from ..items import CalendarPage, Meeting
from .markup import HtmlElement, Markup, cells, clean, day, flat, linked, number_in, rows, times

#: A meeting that does not take place is marked in its name only.
CANCELLED = re.compile(
    r"(?i)\b(?:entf(?:ä|ae)llt|entfallen|abgesagt|absage|ausgefallen)\b|\bf(?:ä|ae)llt\b.{0,20}\baus\b"
)


def read(page: Markup) -> CalendarPage:
    """Rows that carry a SILFDNR are meetings; the rest are empty days, holidays and school holidays."""
    table = page.table("Datum")
    if table is None:
        raise page.fail("the calendar's table with the column Datum")
    year, month = _month(page)
    has_room = any(flat(th) == "Raum" for th in table.iter("th"))

    meetings, agendas, weekday, number, days = [], set(), None, None, 0
    for row in rows(table):
        columns = cells(row)
        if len(columns) < 3 or columns[0].tag == "th":
            continue
        if printed := flat(columns[1]):
            if not printed.isdecimal():
                raise page.fail(f"a day of the month, found {printed!r}")
            if number is not None and int(printed) < number:
                raise page.fail("the days of a month in order")
            weekday, number, days = flat(columns[0]), int(printed), days + 1
        links = linked(row)
        ids = {meeting for (_, name), numbers in links.items() if name == "SILFDNR" for meeting in numbers}
        if not ids:
            continue
        if len(ids) != 1 or number is None:
            raise page.fail("one day and one SILFDNR in each row of a meeting")
        meeting = ids.pop()
        start, end = times(flat(columns[2]))
        name = _name(columns[3:-1] if has_room else columns[3:])
        if not name:
            raise page.fail(f"a name of meeting {meeting}")
        meetings.append(
            Meeting(
                id=meeting,
                name=name,
                date=day(f"{weekday}, {number:02}.{month:02}.{year}", page),
                start_time=start,
                end_time=end,
                room=flat(columns[-1]) if has_room else None,
                cancelled=bool(CANCELLED.search(name)),
            )
        )
        if any(element.tag == "a" for element in links.get(("to010", "SILFDNR"), {}).values()):
            agendas.add(meeting)
    if not days:
        raise page.fail("days in the calendar")
    if len({meeting.id for meeting in meetings}) < len(meetings):
        raise page.fail("each meeting once")
    page.complete("SILFDNR", {meeting.id for meeting in meetings})
    return CalendarPage(tuple(meetings), frozenset(agendas))


def _month(page: Markup) -> tuple[int, int]:
    """The month asked for; where the page prints one, both must agree."""
    asked = number_in(page.url, "YY"), number_in(page.url, "MM")
    wanted = (asked[0], asked[1]) if asked[0] is not None and asked[1] is not None else None
    printed = None
    for heading in page.main.iter("h2"):
        if found := re.fullmatch(rf"({'|'.join(MONTHS)}) (\d{{4}})", flat(heading) or ""):
            printed = (int(found[2]), MONTHS.index(found[1]) + 1)
    if printed is None:
        first = clean(page.main.xpath("string(.//input[@name='kaldatvon']/@value)"))
        if found := re.fullmatch(r"\d\d\.(\d\d)\.(\d{4})", first or ""):
            printed = (int(found[2]), int(found[1]))
    month = printed or wanted
    if month is None or not 1 <= month[1] <= 12:
        raise page.fail("a month (MM= and YY= in the address, or a heading)")
    if wanted and printed and wanted != printed:
        raise page.fail(f"month {wanted[1]}/{wanted[0]}, the page shows {printed[1]}/{printed[0]}")
    return month


def _name(columns: list[HtmlElement]) -> str | None:
    """The first cell with text after day and time that holds no button (agenda linked or not)."""
    for column in columns:
        if next(column.iter("form"), None) is None and (text := flat(column)):
            return text
    return None
