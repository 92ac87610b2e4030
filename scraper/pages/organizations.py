"""``au010``, ``fr010``, ``pa010``, ``pa021``: lists of bodies and groups."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..items import Organization, OrganizationListPage, RosterPage
from . import roster
from .markup import ORGANIZATION_IDS, Markup, cells, day, elements, flat, organization, organization_id, program, rows


def read(page: Markup) -> OrganizationListPage:
    """Rows that link to a roster; "(bis 28.05.2019)" instead of a number of members means dissolved."""
    found: dict[str, Organization] = {}
    lists = 0
    for table in elements(page.main, "table", "tl1"):
        lists += 1
        for row in rows(table):
            number = organization_id(row)
            if number is None:
                continue
            columns = cells(row)
            link = next((a for a in row.iter("a") if organization_id(a) == number), None)
            name = flat(link if link is not None else columns[1]) if len(columns) > 1 else None
            if not name or number in found:
                raise page.fail("one name and number in each row")
            ended = re.search(r"bis\s+([\d.]+)", flat(row) or "")
            found[number] = organization(number, name, day(ended[1], page) if ended else None)
    if not lists:
        raise page.fail("a list (table.tl1)")
    for name, prefix in ORGANIZATION_IDS.items():
        page.complete(name, {int(number[2:]) for number in found if number.startswith(prefix)})
    return OrganizationListPage(tuple(found.values()), _windows(page))


def read_council(page: Markup) -> OrganizationListPage | RosterPage:
    """``pa021`` is the council with its members, in some towns a list of councils."""
    return roster.read(page) if page.table("Name") is not None else read(page)


def _windows(page: Markup) -> tuple[str, ...]:
    """Queries of all links to the same program anywhere on the page: each shows only part of the bodies."""
    own = program(page.url)
    queries = (
        urlsplit(a.get("href")).query for a in page.root.iter("a") if a.get("href") and program(a.get("href")) == own
    )
    return tuple(dict.fromkeys(q for q in queries if "SORTVON=" in q))
