"""``kp020``: a person with present and past memberships (``history=true``).

No real page was at hand; the layout follows the field's working scrapers (atlas, section 15).
"""

from __future__ import annotations

import re

from ..items import Member, Organization, Person, PersonPage
from .markup import Markup, cells, day, elements, flat, organization_id
from .names import named

_PERIOD = re.compile(r"(?:seit|ab|von|bis)?\s*\d{1,2}\.\d{1,2}\.\d{4}|^Keine\b")


def read(page: Markup) -> PersonPage:
    if not page.heading:
        raise page.fail("a heading with the person's name")
    number = page.id("KPLFDNR")
    tables = [table for name in ("tl1", "tk1") for table in elements(page.main, "table", name)]
    if not tables:
        raise page.fail("tables with contact and memberships")
    person = named(number, page.heading)
    return PersonPage(person, tuple(_memberships(page, person)))


def _memberships(page: Markup, person: Person) -> list[Member]:
    """Rows below a list's head: a form to the body, its name, the function, the period.

    A row without a form goes on with the body above; "Keine Information verfügbar" means none.
    """
    found: list[Member] = []
    organization: Organization | None = None
    for row in [row for row in page.main.iter("tr") if len(cells(row)) >= 2]:
        columns = cells(row)
        if columns[0].tag == "th":
            organization = None
            continue
        own = organization_id(row)
        texts = [text for column in columns if (text := flat(column))]
        period = next((text for text in reversed(texts) if _PERIOD.search(text)), None)
        if own:
            link = next((a for a in row.iter("a") if organization_id(a) == own), None)
            printed = flat(link) if link is not None else (texts[0] if texts else None)
            organization = Organization(own, printed)
        if organization is None or not (own or period):
            continue
        rest = [text for text in texts if text not in (period, organization.name if own else None)]
        start, end = _dates(period, page)
        found.append(
            Member(
                organization_id=organization.id,
                person=person,
                name=person.name,
                role=rest[0] if rest else None,
                affiliation=rest[1] if len(rest) > 1 else None,
                start_date=start,
                end_date=end,
            )
        )
    return found


def _dates(period: str | None, page: Markup) -> tuple[str | None, str | None]:
    """``01.11.2020 - 31.10.2025``, ``seit 01.11.2020``, ``bis 31.10.2025``."""
    dates = [day(text, page) for text in re.findall(r"\d{1,2}\.\d{1,2}\.\d{4}", period or "")]
    if not dates:
        return None, None
    if len(dates) == 1:
        return (None, dates[0]) if (period or "").startswith("bis") else (dates[0], None)
    if (dates[0] or "") > (dates[1] or ""):
        raise page.fail(f"a period from … to …, found {period!r}")
    return dates[0], dates[1]
