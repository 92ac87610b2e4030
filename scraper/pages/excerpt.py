"""``to020``: the excerpt ("Auszug") of one agenda item: result, paper and the texts WP, BS, AE."""

from __future__ import annotations

from ..items import AgendaItem, ExcerptPage, Paper
from .agenda import item_number, meeting_of
from .files import attachments
from .markup import Labels, Links, Markup, flat, labels, linked, number_in, only, require, result
from .paper import paper_of
from .richtext import sections


def read(page: Markup) -> ExcerptPage:
    prefix, _, name = (page.heading or "").partition(" -")
    if prefix != "Auszug":
        raise page.fail(f"the heading Auszug - …, found {page.heading!r}")
    number = page.id("TOLFDNR")
    links = linked(page.head)
    meeting = only(links, "to010", "SILFDNR", page, "meeting (link to to010.asp)")
    if meeting is None:
        raise page.fail("a link to the meeting (to010.asp?SILFDNR=)")
    for form in page.head.iter("form"):
        if number_in(form.get("action", ""), "topSelected") not in (None, number):
            raise page.fail(f"buttons of item {number}, found {form.get('action')}")
    pairs = labels(page)
    text = require(pairs, page, "TOP")
    public, printed = item_number(flat(text["TOP"]), page)
    return ExcerptPage(
        meeting=meeting_of(page, meeting, pairs, name=flat(links["to010", "SILFDNR"][meeting])),
        item=AgendaItem(
            id=number,
            number=printed,
            public=public,
            name=name.strip() or None,
            result=result(flat(text["Beschlussart"])) if "Beschlussart" in text else None,
            paper=_paper(page, links, pairs),
            excerpt=True,
        ),
        sections=sections(page.main),
        attachments=attachments(page),
    )


def _paper(page: Markup, links: Links, pairs: Labels) -> Paper | None:
    """The paper's line: a link "reference title", then a second block of labels (its own Status among them)."""
    paper = next(iter(links.get(("vo020", "VOLFDNR"), ())), None)  # others below are papers it refers to
    if paper is None:
        return None
    reference, _, name = (flat(links["vo020", "VOLFDNR"][paper]) or "").partition(" ")
    states = [cell for label, cell in pairs if label == "Status"]
    return paper_of(pairs, paper, reference or None, name or None, flat(states[1]) if len(states) > 1 else None)
