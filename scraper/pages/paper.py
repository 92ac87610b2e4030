"""``vo020``: a paper ("Vorlage", "Drucksache") with its texts and its way through the bodies."""

from __future__ import annotations

from ..items import Consultation, Paper, PaperPage
from .authors import authors
from .files import attachments, documents
from .markup import (
    HtmlElement,
    Labels,
    Markup,
    cells,
    day,
    flat,
    labels,
    linked,
    number_in,
    only,
    require,
    result,
    rows,
)
from .richtext import sections


def read(page: Markup) -> PaperPage:
    if not page.heading:
        raise page.fail("the heading Vorlage - … (or Drucksache - …)")
    _, _, reference = page.heading.partition(" - ")
    number = page.id("VOLFDNR")
    pairs = labels(page)
    text = require(pairs, page, "Betreff", "Status")
    name = flat(text["Betreff"])
    if not name:
        raise page.fail("a text beside Betreff:")
    return PaperPage(
        paper=paper_of(pairs, number, reference or None, name, flat(text["Status"])),
        consultations=_consultations(page),
        sections=sections(page.main),
        documents=documents(page),
        attachments=attachments(page),
    )


def paper_of(pairs: Labels, number: int, reference: str | None, name: str | None, status: str | None) -> Paper:
    """What papers and excerpts print alike: Vorlage-Art (Drucksache-Art), Verfasser, Federführend."""
    lead = next((flat(cell) for label, cell in pairs if label == "Federführend"), None)
    paper_type = next((flat(cell) for label, cell in pairs if label.endswith("-Art")), None)
    return Paper(number, reference, name, status, paper_type, author=authors(pairs), lead=lead)


def _consultations(page: Markup) -> tuple[Consultation, ...]:
    """Beratungsfolge: a row "body, role", then a row for each meeting; a body without meeting is a line of its own."""
    heading = next(
        (cell for cell in page.head.iter("td") if "kb1" in cell.get("class", "") and flat(cell) == "Beratungsfolge:"),
        None,
    )
    if heading is None:
        return ()
    following = heading.getparent().getnext()
    table = next(following.iter("table"), None) if following is not None else None
    if table is None:
        raise page.fail("a table below Beratungsfolge:")
    found: list[Consultation] = []
    body: Consultation | None = None
    for row in rows(table):
        columns = cells(row)
        if not any(flat(column) for column in columns):
            continue  # spacer
        state = columns[0].get("title") or None
        if len(columns) <= 3:
            if body:
                found.append(body)
            role = flat(columns[2]) if len(columns) == 3 else None
            body = Consultation(flat(columns[1]), role, state)
        elif len(columns) == 7 and (body or found):
            owner = body or found[-1]
            found.append(_session(page, row, columns, owner, state))
            body = None
        else:
            raise page.fail(f"rows of 3 or 7 cells in the Beratungsfolge, found {len(columns)}")
    return tuple(found + [body] if body else found)


def _session(
    page: Markup, row: HtmlElement, columns: list[HtmlElement], owner: Consultation, state: str | None
) -> Consultation:
    links = linked(row)
    items = {number_in(form.get("action", ""), "topSelected") for form in row.iter("form")}
    items = (items | {only(links, "to020", "TOLFDNR", page, "excerpt in a consultation")}) - {None}
    if len(items) > 1:
        raise page.fail(f"one agenda item a consultation, found {items}")
    return Consultation(
        organization_name=owner.organization_name,
        role=owner.role,
        status=state,
        date=day(flat(columns[1]), page),
        meeting_id=only(links, "to010", "SILFDNR", page, "meeting in a consultation"),
        agenda_item_id=items.pop() if items else None,
        result=result(flat(columns[4])),
    )
