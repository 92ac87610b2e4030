"""Legislative terms from ``terms.yml``, and which of them a membership belongs to. Pure; days are ISO texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import yaml

#: Days a membership may reach into the neighbouring term without belonging to it: bodies are formed anew some days
#: before or after the term's first day.
MARGIN = 31


@dataclass(frozen=True, slots=True)
class Term:
    """``end_date`` is None for the newest term."""

    start_date: str
    end_date: str | None

    @property
    def name(self) -> str:
        """``2014–2020``; ``seit 2025``."""
        return f"{self.start_date[:4]}–{self.end_date[:4]}" if self.end_date else f"seit {self.start_date[:4]}"

    @property
    def key(self) -> str:
        """What an address says: the year it began."""
        return self.start_date[:4]

    def row(self) -> dict[str, Any]:
        return {"name": self.name, "key": self.key, "start_date": self.start_date, "end_date": self.end_date}


def _load() -> tuple[Term, ...]:
    starts: list[date] = yaml.safe_load(files(__package__).joinpath("terms.yml").read_text("utf-8"))
    ends = [(start - timedelta(1)).isoformat() for start in starts[1:]]
    return tuple(Term(start.isoformat(), end) for start, end in zip(starts, [*ends, None]))


TERMS: tuple[Term, ...] = _load()  # the oldest first


def term_of(day: str) -> Term | None:
    """None before the first term."""
    return next((term for term in reversed(TERMS) if term.start_date <= day), None)


def is_current(row: Mapping[str, Any], today: str) -> bool:
    """Of anything with start_date and end_date: what the source gives no end has not ended."""
    return (row["start_date"] or "") <= today and (row["end_date"] is None or row["end_date"] >= today)


def terms_of(row: Mapping[str, Any], today: str) -> list[Term]:
    """The terms a membership reaches into by more than MARGIN days; the one it lies in where it is shorter.

    One without a beginning counts for the term of its end alone, as the source says no more.
    """
    end = min(row["end_date"] or today, today)
    start = row["start_date"] or end
    if start > end:
        return []
    days = [(_days(max(start, term.start_date), min(end, term.end_date or end)), term) for term in TERMS]
    found = [term for count, term in days if count > MARGIN]
    most = max(days, key=lambda pair: pair[0], default=(0, None))
    return found or ([most[1]] if most[1] and most[0] > 0 else [])


def _days(first: str, last: str) -> int:
    """Both included; none where the last comes before the first."""
    try:
        return max(0, (date.fromisoformat(last) - date.fromisoformat(first)).days + 1)
    except ValueError:
        return 0
