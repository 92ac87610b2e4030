"""``au020``, ``pa020``, ``pa021``, ``fr020``: a body or group with its members."""

from __future__ import annotations

import re

from ..items import Member, RosterPage
from .markup import (
    ORGANIZATION_IDS,
    HtmlElement,
    Markup,
    cells,
    day,
    elements,
    flat,
    linked,
    number_in,
    only,
    organization,
    organization_id,
    rows,
)
from .names import named

#: Column heading -> field of Member.
COLUMNS = {
    "Name": "name",
    "Art der Mitarbeit": "role",
    "Funktion": "affiliation",
    "seit": "start_date",
    "von": "start_date",
    "bis": "end_date",
}


def read(page: Markup) -> RosterPage:
    """Checks itself: the printed "Anzahl: 29" must equal the number of rows."""
    if not page.heading:
        raise page.fail("a heading with the name of the body")
    table = page.table("Name")
    number = _id(page, table)
    ended = next((day(flat(h3), page) for h3 in elements(page.main, "h3", "mark3")), None)
    described = organization(number, page.heading, ended)
    members = tuple(_members(page, table, number)) if table is not None else ()
    counts = [int(n) for th in page.main.iter("th") for n in re.findall(r"^Anzahl: (\d+)$", flat(th) or "")]
    if table is None and not any("Mitglieder" in (flat(h3) or "") for h3 in page.main.iter("h3")):
        raise page.fail("the heading Mitglieder")
    if (table is not None and not counts) or any(count != len(members) for count in counts):
        raise page.fail(f"Anzahl: and as many rows, found {counts} and {len(members)}")
    page.complete("KPLFDNR", {member.person.id for member in members if member.person})
    return RosterPage(described, members)


def _id(page: Markup, table: HtmlElement | None) -> str:
    """From the address; ``pa021.asp`` names no number, but its sort links and objectID do."""
    for name, prefix in ORGANIZATION_IDS.items():
        if number_in(page.url, name) is not None:
            return f"{prefix}{page.id(name)}"
    number = organization_id(table) if table is not None else None
    if number is None and page.object_id is not None:
        number = f"pa{page.object_id}"
    if number is None:
        raise page.fail("the number of the body (AULFDNR, PALFDNR or FRLFDNR)")
    return number


def _members(page: Markup, table: HtmlElement, organization_number: str) -> list[Member]:
    header = next(row for row in rows(table) if any(cell.tag == "th" for cell in row))
    headings = [flat(cell) or "" for cell in cells(header)]
    fields = {position: COLUMNS[heading] for position, heading in enumerate(headings) if heading in COLUMNS}
    if not {"name", "role"} <= set(fields.values()):
        raise page.fail("the columns Name and Art der Mitarbeit")
    members = []
    for row in rows(table):
        columns = cells(row)
        if len(columns) != len(headings) or columns[0].tag == "th":
            continue  # header, rule and spacer rows
        number = only(linked(row), "kp020", "KPLFDNR", page, "person in a row")
        text = {field: flat(columns[position]) for position, field in fields.items()}
        members.append(
            Member(
                organization_id=organization_number,
                person=named(number, text["name"]) if number is not None else None,
                name=text["name"],
                role=text["role"],
                affiliation=text.get("affiliation"),
                start_date=day(text.get("start_date"), page),
                end_date=day(text.get("end_date"), page),
            )
        )
    return members
