"""``vo040``: the list of papers, newest first, 50 a page."""

from __future__ import annotations

import re

from ..items import Paper, PaperListPage
from .markup import Markup, cells, day, elements, flat, linked, only, rows

_RANGE = re.compile(r"Ergebnisse\s+(\d+)-(\d+)\s+von")


def read(page: Markup) -> PaperListPage:
    """Checks itself: the printed range "Ergebnisse 1-50" must equal the number of rows."""
    papers = []
    printed = _RANGE.search("".join(page.main.itertext()))
    for table in elements(page.main, "table", "tl1"):
        for row in rows(table):
            links = linked(row)
            number = only(links, "vo020", "VOLFDNR", page, "paper in a row")
            if number is None:
                continue
            # The reference ends at the first blank, which ALLRIS prints as a no-break space.
            reference, _, name = (flat(links["vo020", "VOLFDNR"][number]) or "").partition(" ")
            dates = [cell for cell in cells(row) if "text2" in cell.get("class", "").split()]
            if not reference or len(dates) < 2:
                raise page.fail("reference, date and kind in each row")
            papers.append(
                Paper(number, reference, name or None, paper_type=flat(dates[1]), date=day(flat(dates[0]), page))
            )
    if not printed and not papers:
        raise page.fail("a list of papers (Ergebnisse 1-50 von …)")
    if printed and int(printed[2]) - int(printed[1]) + 1 != len(papers):
        raise page.fail(f"{printed[0]!r} and as many rows, found {len(papers)}")
    more = any("shownext=true" in link.get("href", "") for link in page.main.iter("a"))
    page.complete("VOLFDNR", {paper.id for paper in papers})
    first, last = (int(printed[1]), int(printed[2])) if printed else (1, len(papers))
    return PaperListPage(tuple(papers), first, last, more)
