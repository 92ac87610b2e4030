"""Which meeting and paper numbers exist and on which day they fall: arithmetic only, nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .dice import Dice

FIRST_HALF_YEAR = 1990 * 2
FIRST_MEETING = 1001
FIRST_PAPER = 2001
ITEM_STRIDE = 64  # room for that many items per meeting; the numbers between stay unused, as in a real system
FIRST_PAPER_YEAR = 2004


def month_number(day: date) -> int:
    """Months since year 0: what the schedule counts in."""
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Size:
    """How big a town is: meetings and papers for the six months of a half-year, and how many people there are."""

    meetings: tuple[int, int, int, int, int, int]
    papers: tuple[int, int, int, int, int, int]
    stride: int  # coprime to the sum of `meetings`: shuffles the meeting numbers within a half-year
    bodies: int
    groups: int
    persons: int
    years: int  # full years before the present one
    old_months: tuple[tuple[int, int, int], ...] = ()  # (year, month, number of months) of earlier eras


SIZES = {
    "small": Size((1, 1, 1, 2, 0, 1), (2, 3, 3, 4, 3, 3), 5, 5, 6, 45, 1, ((2001, 2, 2), (2008, 8, 3), (2010, 1, 3))),
    "medium": Size((9, 9, 9, 9, 9, 9), (12, 12, 12, 12, 12, 12), 23, 10, 8, 80, 2),
    "full": Size((40, 40, 40, 40, 40, 40), (72, 72, 72, 72, 72, 72), 77, 18, 9, 200, 24),
}


class Schedule:
    """The plan of one size as seen on one day: which months have meetings, and the numbers of what they hold."""

    def __init__(self, size: Size, today: date, seed: int) -> None:
        self.size = size
        self._seed = seed
        now = month_number(today)
        # The first month moves on only twice a year, so that a later `today` does not make old meetings vanish.
        first = (now - 6) // 6 * 6 - (size.years * 12 - 6) if size.years < 20 else (today.year - size.years) * 12
        spans = [(year * 12 + month - 1, year * 12 + month - 2 + count) for year, month, count in size.old_months]
        self.spans = [*spans, (first, now + 3)]
        self.last_month = now + 3
        self._meeting_starts = _starts(size.meetings)
        self._paper_starts = _starts(size.papers)
        self._block = sum(size.meetings)
        self._inverse = pow(size.stride, -1, self._block)

    def months(self) -> Iterator[int]:
        """All months that can hold something, oldest first."""
        for first, last in self.spans:
            yield from range(first, last + 1)

    def has_month(self, month: int) -> bool:
        """Is the month within the town's time?"""
        return any(first <= month <= last for first, last in self.spans)

    def meeting_count(self, month: int) -> int:
        """How many meetings the plan puts into the month."""
        return self.size.meetings[month % 6] if self.has_month(month) else 0

    def paper_count(self, month: int) -> int:
        """How many papers are created in the month."""
        return self.size.papers[month % 6] if self.has_month(month) and month >= FIRST_PAPER_YEAR * 12 else 0

    def sequence(self, month: int, slot: int) -> int:
        """The meeting's place in the plan, counted through all months: features rotate over it."""
        return (month // 6 - FIRST_HALF_YEAR) * self._block + self._meeting_starts[month % 6] + slot

    def meeting_id(self, month: int, slot: int) -> int:
        """SILFDNR; not in order of the dates within a half-year, as in a real system."""
        half, within = divmod(self.sequence(month, slot), self._block)
        return FIRST_MEETING + half * self._block + within * self.size.stride % self._block

    def meeting_slot(self, meeting_id: int) -> tuple[int, int] | None:
        """The month and slot of a SILFDNR, None where the plan has no such meeting."""
        half, shuffled = divmod(meeting_id - FIRST_MEETING, self._block)
        if half < 0:
            return None
        within = shuffled * self._inverse % self._block
        return self._slot(half, within, self._meeting_starts, self.meeting_count)

    def paper_id(self, month: int, number: int) -> int:
        """VOLFDNR, rising with time."""
        half = month // 6 - FIRST_HALF_YEAR
        return FIRST_PAPER + half * sum(self.size.papers) + self._paper_starts[month % 6] + number

    def paper_slot(self, paper_id: int) -> tuple[int, int] | None:
        """The month and number of a VOLFDNR, None where there is no such paper."""
        half, within = divmod(paper_id - FIRST_PAPER, sum(self.size.papers))
        if half < 0:
            return None
        return self._slot(half, within, self._paper_starts, self.paper_count)

    def reference(self, month: int, number: int) -> str:
        """`2021/0402`: the year, and the place among the papers of that year."""
        year, in_year = divmod(month, 12)
        before = sum(self.size.papers) * (in_year // 6) + self._paper_starts[month % 6]
        return f"{year}/{before + number + 1:04d}"

    def day(self, month: int, slot: int) -> date:
        """The meeting's date: Monday to Thursday, two meetings a day where there are two."""
        pairs = (self.meeting_count(month) + 1) // 2
        pair = slot // 2
        offset = 27 * pair // max(pairs, 1) + Dice(self._seed, 1, month, pair).below(4 if pairs > 3 else 24)
        day = date(month // 12, month % 12 + 1, min(offset, 27) + 1)
        if day.weekday() > 3:
            day += timedelta(days=3 - day.weekday() if day.day > 3 else 7 - day.weekday())
        return day

    def _slot(
        self, half: int, within: int, starts: tuple[int, ...], count: Callable[[int], int]
    ) -> tuple[int, int] | None:
        for place in range(5, -1, -1):
            if within >= starts[place]:
                month = (half + FIRST_HALF_YEAR) * 6 + place
                number = within - starts[place]
                return (month, number) if number < count(month) else None
        return None


def _starts(counts: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sum(counts[:place]) for place in range(6))
