"""``kp020``: a person with present and past memberships (``history=true``).

No real page was at hand; the layout follows the field's working scrapers (atlas, section 15).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..items import Member, Organization, Person, PersonPage
from .markup import HtmlElement, Markup, cells, day, elements, flat, organization_id, rows
from .names import named

_PERIOD = re.compile(r"(?:seit|ab|von|bis)?\s*\d{1,2}\.\d{1,2}\.\d{4}|^Keine\b")


def read(page: Markup) -> PersonPage:
    if not page.heading:
        raise page.fail("a heading with the person's name")
    number = page.id("KPLFDNR")
    person = named(number, page.heading)
    address = next(
        (text for cell in elements(page.main, "td", "text4") if (text := flat(cell)) in ("Herr", "Frau")), None
    )
    person = replace(person, form_of_address=person.form_of_address or address)
    return PersonPage(person, tuple(_memberships(page, person)))


def _memberships(page: Markup, person: Person) -> list[Member]:
    """Cells: form to the body, its name, the function, the period. A row without form goes on with the body above.

    A body without a number (dissolved, not public) cannot be linked and is left out.
    """
    found: list[Member] = []
    body: Organization | None = None
    for row in [row for table in page.main.iter("table") if _has_head(table) for row in rows(table)]:
        columns = cells(row)
        if len(columns) < 3 or columns[0].tag == "th":
            body = body if columns and columns[0].tag == "td" else None
            continue
        number, name = organization_id(row), flat(columns[1])
        if number:
            body = Organization(number, name)
        elif name and body and name != body.name:
            body = None
        texts = [text for column in columns[2:] if (text := flat(column))]
        if body is None or not texts:
            continue
        period = next((text for text in reversed(texts) if _PERIOD.search(text)), None)
        texts = [text for text in texts if text != period]
        start, end = _dates(period, page)
        found.append(
            Member(
                organization_id=body.id,
                person=person,
                name=person.name,
                role=texts[0] if texts else None,
                affiliation=texts[1] if len(texts) > 1 else None,
                start_date=start,
                end_date=end,
            )
        )
    return found


def _has_head(table: HtmlElement) -> bool:
    return any(cell.tag == "th" for row in rows(table) for cell in row)


def _dates(period: str | None, page: Markup) -> tuple[str | None, str | None]:
    """``01.11.2020 - 31.10.2025``, ``seit 01.11.2020``, ``bis 31.10.2025``."""
    dates = [day(text, page) for text in re.findall(r"\d{1,2}\.\d{1,2}\.\d{4}", period or "")]
    if not dates:
        return None, None
    if len(dates) == 1:
        return (None, dates[0]) if (period or "").startswith("bis") else (dates[0], None)
    return dates[0], dates[1]
