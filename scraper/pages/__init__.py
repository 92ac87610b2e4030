"""Pure readers: the bytes of one ALLRIS page and its address in, dataclasses of ``scraper.items`` out.

One module a page kind. Every reader checks its page against itself (ids, weekdays, printed counts) and raises
``NotUnderstood`` rather than return half a page.
"""

from __future__ import annotations

from collections.abc import Callable

from ..items import Page
from . import agenda, calendar, excerpt, organizations, paper, paper_list, person, roster
from .envelope import open_page
from .errors import Busy, NotUnderstood, PageError, Refused, WrongProduct
from .markup import Markup, program

__all__ = ["READERS", "Busy", "NotUnderstood", "PageError", "Refused", "WrongProduct", "kind_of", "parse"]

#: ALLRIS program -> (page kind, reader). The kind is the program's common name.
READERS: dict[str, tuple[str, Callable[[Markup], Page]]] = {
    "si010": ("si010", calendar.read),
    "si010_a": ("si010", calendar.read),
    "si010_e": ("si010", calendar.read),
    "si010_j": ("si010", calendar.read),
    "to010": ("to010", agenda.read),
    "to020": ("to020", excerpt.read),
    "vo020": ("vo020", paper.read),
    "vo040": ("vo040", paper_list.read),
    "au010": ("au010", organizations.read),
    "fr010": ("fr010", organizations.read),
    "pa010": ("pa010", organizations.read),
    "pa021": ("pa021", organizations.read_council),
    "au020": ("au020", roster.read),
    "fr020": ("fr020", roster.read),
    "pa020": ("pa020", roster.read),
    "kp020": ("kp020", person.read),
}


def kind_of(url: str) -> str | None:
    """The page kind of an address, None where no reader knows the program."""
    reader = READERS.get(program(url))
    return reader[0] if reader else None


def parse(body: bytes, url: str) -> Page:
    """Read one page. Raises NotUnderstood, Refused, Busy or WrongProduct (all PageError)."""
    reader = READERS.get(program(url))
    if not reader:
        raise NotUnderstood(url, f"one of the programs {', '.join(sorted(READERS))}")
    try:
        return reader[1](open_page(body, url))
    except PageError:
        raise
    except Exception as error:  # a shape nobody thought of is still only one page
        raise NotUnderstood(url, f"a page the reader can follow ({type(error).__name__})") from error
