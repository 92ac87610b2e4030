"""Filters of a list, read from an address. What is not offered is no error: it is said and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ratsdaten.embedding.wishes import PERIOD, day_or_period
from ratsdaten.serving.answers import Problem, short

from .page import Arguments, Row, page_number

#: Lines of a page: a few screens of a phone, and drawn in some 10 ms.
PAGE_SIZE = 30


@dataclass(slots=True)
class Selection:
    """``chosen``: the filters in use; ``hints``: sentences about those that could not be used."""

    arguments: Arguments
    chosen: dict[str, str] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)

    def choose(self, name: str, label: str, offered: Mapping[str, str] | Iterable[str]) -> str | None:
        """The value of one filter where it is offered, whatever its case; None where it is not given or unknown."""
        value = (self.arguments.get(name) or "").strip()
        if not value:
            return None
        found = next((key for key in offered if key.casefold() == value.casefold()), None)
        if found is None:
            self.hints.append(f"{label} „{short(value)}“ gibt es hier nicht; gezeigt wird ohne diese Auswahl.")
        else:
            self.chosen[name] = found
        return found

    def period(self) -> tuple[str, str]:
        """``von`` and ``bis``: a year, a month or a day (ISO), "" where not given or no date."""
        for name in PERIOD:
            try:
                if found := day_or_period(name, (self.arguments.get(name) or "").strip()):
                    self.chosen[name] = found
            except Problem as problem:
                self.hints.append(problem.message)
        first, last = (self.chosen.get(name, "") for name in PERIOD)
        if last and first > last + "~":  # 2020-10-31 lies within 2020
            first, last = last, first
            self.chosen |= {"von": first, "bis": last}
            self.hints.append("Das Ende lag vor dem Anfang; beide wurden getauscht.")
        return first, last

    def path(self, base: str) -> str:
        """The list's address with the filters in use, without the number of a page."""
        return f"{base}?{urlencode(self.chosen)}" if self.chosen else base


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: which of ``pages``, and what of the rows stands on it."""

    number: int
    pages: int
    limit: int
    offset: int

    def path(self, base: str) -> str:
        return base if self.number == 1 else f"{base}{'&' if '?' in base else '?'}seite={self.number}"


def part(arguments: Arguments, total: int, size: int = PAGE_SIZE) -> Part:
    """The page asked for; beyond the end the last one."""
    pages = max(1, -(-total // size))
    number = min(page_number(arguments), pages)
    return Part(number, pages, size, (number - 1) * size)


def list_data(selection: Selection, shown: Part, total: int, base: str) -> Row:
    """What the data of every list in pages say; ``base`` is its address with the filters in use."""
    if page_number(selection.arguments) > shown.pages:
        selection.hints.append("So viele Seiten gibt es nicht; gezeigt wird die letzte.")
    return {
        "total": total,
        "page_number": shown.number,
        "pages": shown.pages,
        "base": base,
        "chosen": selection.chosen,
        "hints": selection.hints,
    }
