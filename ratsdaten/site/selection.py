"""Filters of a list, read from an address. What is not offered is no error: it is said and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ratsdaten.serving.answers import short

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


def year_range(first: str | None, last: str | None) -> list[str]:
    """Years as filters offer them, the latest first; dates are ISO."""
    if not first or not last or not (first[:4] + last[:4]).isdecimal():
        return []
    return [str(year) for year in range(int(last[:4]), int(first[:4]) - 1, -1)]
