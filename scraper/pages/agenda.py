"""``to010``: a meeting and its agenda, with or without one item unfolded (``BES=1``)."""

from __future__ import annotations

import re

from ..items import AgendaItem, AgendaPage, Meeting, Paper
from .calendar import CANCELLED
from .files import attachments, documents
from .markup import (
    HtmlElement,
    Labels,
    Links,
    Markup,
    cells,
    day,
    elements,
    flat,
    labels,
    linked,
    number_in,
    only,
    organization,
    organization_id,
    require,
    result,
    rows,
    times,
)

_NUMBER = re.compile(r"(N?Ö|N)(?: ?(\d.*|[IVX]+(?:\..*)?))?")


def read(page: Markup) -> AgendaPage:
    if not (page.heading or "").startswith("Tagesordnung"):
        raise page.fail(f"the heading Tagesordnung, found {page.heading!r}")
    number = page.id("SILFDNR")
    return AgendaPage(
        meeting=meeting_of(page, number, labels(page)),
        items=_items(page, number),
        documents=documents(page),
        attachments=attachments(page),
    )


def meeting_of(page: Markup, number: int, pairs: Labels, name: str | None = None) -> Meeting:
    """The head that agendas and excerpts share: Bezeichnung, Gremium, Datum, Status, Zeit, Anlass, Raum, Ort."""
    printed = require(pairs, page, "Gremium", "Datum", "Status")
    date = day(flat(printed["Datum"]), page)
    if not date:
        raise page.fail("a date beside Datum:")
    text = {label: flat(cell) for label, cell in printed.items()}
    name = name or text.get("Bezeichnung")
    body_id = organization_id(printed["Gremium"])
    start, end = times(text.get("Zeit"))
    return Meeting(
        id=number,
        name=name,
        date=date,
        start_time=start,
        end_time=end,
        room=text.get("Raum"),
        cancelled=bool(name and CANCELLED.search(name)),
        organization=organization(body_id, text.get("Gremium")) if body_id else None,
        organization_name=text.get("Gremium"),
        status=text.get("Status"),
        occasion=text.get("Anlass"),
        location=text.get("Ort"),
    )


def item_number(text: str | None, page: Markup) -> tuple[bool, str | None]:
    """``Ö 2.1`` → public, ``2.1``."""
    found = _NUMBER.fullmatch(text or "")
    if not found:
        raise page.fail(f"a number such as 'Ö 2.1' or 'N 3', found {text!r}")
    return found[1] == "Ö", found[2]


def _items(page: Markup, meeting: int) -> tuple[AgendaItem, ...]:
    """Rows whose first cell links to their own item; all other rows are headings, spacers or unfolded texts."""
    items: list[AgendaItem] = []
    tables = [table for table in page.main.iter("table") if "tl1" in table.get("class", "").split()]
    for row in [row for table in tables for row in rows(table)]:
        columns, links = cells(row), linked(row)
        first = columns[0] if columns else None
        own = next(
            (n for n, link in links.get(("to010", "TOLFDNR"), {}).items() if first in link.iterancestors("td")), None
        )
        if own is None and len(columns) >= 7 and _NUMBER.fullmatch(flat(columns[0]) or "") and flat(columns[3]):
            raise page.fail(f"a link to its own item in the row {flat(columns[0])!r}")
        if own is not None:
            items.append(_item(page, meeting, own, columns, links))
    ids = {item.id for item in items}
    if len(ids) < len(items):
        raise page.fail("every item of the agenda once")
    if not items and (page.table("TOP") is None or page.main.xpath("boolean(.//input[@name='TOLFDNR'])")):
        raise page.fail("the agenda's table with the column TOP, and rows for its items")
    return tuple(items)


def _item(page: Markup, meeting: int, number: int, columns: list[HtmlElement], links: Links) -> AgendaItem:
    link = links["to010", "TOLFDNR"][number]
    if number_in(link.get("href", ""), "SILFDNR") != meeting or len(columns) < 4:
        raise page.fail(f"item {number} in a row of meeting {meeting}")
    excerpt = only(links, "to020", "TOLFDNR", page, "excerpt in a row")
    if excerpt not in (None, number):
        raise page.fail(f"the excerpt of item {number} in its row")
    button = next(elements(columns[0].getparent(), "input", "il1_naz"), None)
    title = links["to020", "TOLFDNR"][number] if excerpt else columns[3]
    name = flat(title if title.tag == "a" else columns[3], without="Zusatzinfo")
    if excerpt and not name:
        raise page.fail(f"a title of item {number}")
    public, printed = item_number(flat(columns[0]), page)
    paper = only(links, "vo020", "VOLFDNR", page, "paper in a row")
    reference = flat(links["vo020", "VOLFDNR"][paper]) if paper else None
    if paper and not reference:
        raise page.fail(f"the reference of paper {paper}")
    mark = (link.get("title") or "") + "".join(span.get("title") or "" for span in link.iter("span"))
    return AgendaItem(
        id=number,
        number=printed,
        public=public,
        name=name,
        supplement="Nachtrag" in mark,
        result=result(button.get("title")) if button is not None else None,
        paper=Paper(paper, reference) if paper else None,
        excerpt=bool(excerpt),
    )
