"""Which paper is dealt with in which meeting, and the bare list of every meeting's items, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from .dice import mix
from .people import People
from .schedule import FIRST_PAPER_YEAR, ITEM_STRIDE, Schedule

PAPER_CAP = 40  # papers in one meeting: the item numbers must fit into the stride
SMALL_KINDS = {4: "group", 9: "cancelled", 12: "closed"}
# What happens to papers, in rotation: how many meetings deal with it, and what else its Beratungsfolge shows.
ROUTES = ("one", "two", "postponed", "notice", "two", "one", "three", "closed", "ready", "blank")
STAGES = {"two": 2, "three": 3, "postponed": 2}


@dataclass(frozen=True)
class Stub:
    """A planned meeting: enough to place it."""

    id: int
    month: int
    sequence: int
    body: int
    kind: str
    day: date


@dataclass(frozen=True)
class Outline:
    """A planned item: enough to number it and to know its paper."""

    id: int
    meeting_id: int
    position: int
    letter: str
    number: str
    kind: str
    paper_id: int | None = None
    stage: int = 0


@dataclass(frozen=True)
class MonthPlan:
    """All items of a month's meetings, and where each paper's stage is found."""

    items: dict[int, tuple[Outline, ...]]
    papers: dict[tuple[int, int], Outline]


class Planner:
    """Computes plans from ids; keeps the last few months only."""

    def __init__(self, schedule: Schedule, people: People, seed: int, today: date, small: bool) -> None:
        self.schedule = schedule
        self._people = people
        self._seed = seed
        self._today = today
        self._small = small
        self.stubs = lru_cache(maxsize=400)(self._stubs)
        self.public = lru_cache(maxsize=400)(self._public)
        self.plan = lru_cache(maxsize=100)(self._plan)

    def stub(self, meeting_id: int) -> Stub | None:
        """The planned meeting of that id."""
        place = self.schedule.meeting_slot(meeting_id)
        return self.stubs(place[0])[place[1]] if place else None

    def previous(self, stub: Stub, months: int = 8) -> Stub | None:
        """The same body's public meeting before this one."""
        for month in range(stub.month, stub.month - months, -1):
            found = [s for s in self.public(month) if s.body == stub.body and (s.day, s.id) < (stub.day, stub.id)]
            if found:
                return max(found, key=lambda s: (s.day, s.id))
        return None

    def following(self, stub: Stub, months: int = 8) -> Stub | None:
        """The same body's public meeting after this one."""
        for month in range(stub.month, stub.month + months):
            found = [s for s in self.public(month) if s.body == stub.body and (s.day, s.id) > (stub.day, stub.id)]
            if found:
                return min(found, key=lambda s: (s.day, s.id))
        return None

    def route(self, paper_id: int) -> str:
        """Which way the paper goes."""
        return ROUTES[paper_id % len(ROUTES)]

    def stages(self, paper_id: int) -> int:
        """How many meetings deal with the paper."""
        return STAGES.get(self.route(paper_id), 1)

    def stage_meeting(self, paper_id: int, stage: int) -> Stub | None:
        """The meeting that deals with a paper's stage: one hash, no list."""
        place = self.schedule.paper_slot(paper_id)
        if place is None or stage >= self.stages(paper_id) or self.paper_day(paper_id) > self._today:
            return None
        if stage and self.route(paper_id) == "postponed":
            first = self.stage_meeting(paper_id, 0)
            return self.following(first) if first else None
        month = place[0]
        for _ in range(stage + 1):
            month = self._next_public_month(month + 1)
            if month < 0:
                return None
        meetings = self.public(month)
        choice = mix(self._seed, 21, paper_id, stage)
        last = stage + 1 == self.stages(paper_id)
        council = [s for s in meetings if s.body == 0]
        if last and council and choice % 3 == 0:
            return council[choice // 3 % len(council)]
        return meetings[choice // 3 % len(meetings)]

    def paper_day(self, paper_id: int) -> date:
        """When the paper was created."""
        place = self.schedule.paper_slot(paper_id)
        assert place is not None
        month, number = place
        day = 1 + number * 25 // max(1, self.schedule.paper_count(month))
        return date(month // 12, month % 12 + 1, day)

    def _stubs(self, month: int) -> tuple[Stub, ...]:
        count = self.schedule.meeting_count(month)
        sitting = count if self._small else (count * 72 + 99) // 100
        stubs = []
        for slot in range(count):
            sequence = self.schedule.sequence(month, slot)
            if self._small:
                kind, body = self._small_kind(month, sequence), (2, 3, 1, 4, 0)[sequence % 5]
            else:
                chance = mix(self._seed, 2, sequence) % 100
                kind = "cancelled" if chance < 4 else "closed" if chance < 7 else "public"
                kind = kind if slot < sitting else "group"
                body = (month * sitting + slot) % len(self._people.bodies)
            if month < FIRST_PAPER_YEAR * 12 and kind != "group":
                kind = "import"
            if kind == "group":
                body = sequence % len(self._people.groups)
            stubs.append(
                Stub(self.schedule.meeting_id(month, slot), month, sequence, body, kind, self.schedule.day(month, slot))
            )
        return tuple(stubs)

    def _small_kind(self, month: int, sequence: int) -> str:
        recent = month >= self.schedule.spans[-1][0]
        return SMALL_KINDS.get(sequence % 14, "public") if recent else "public"

    def _public(self, month: int) -> tuple[Stub, ...]:
        return tuple(s for s in self.stubs(month) if s.kind == "public")

    def _next_public_month(self, month: int) -> int:
        for candidate in range(month, month + 3):
            if self.public(candidate):
                return candidate
        return -1

    def _plan(self, month: int) -> MonthPlan:
        placed: dict[int, list[tuple[int, int]]] = {stub.id: [] for stub in self.stubs(month)}
        for created in range(month - 1, month - 8, -1):
            for number in range(self.schedule.paper_count(created)):
                paper_id = self.schedule.paper_id(created, number)
                if self.route(paper_id) == "postponed":
                    continue
                for stage in range(self.stages(paper_id)):
                    meeting = self.stage_meeting(paper_id, stage)
                    if meeting and meeting.month == month:
                        placed[meeting.id].append((paper_id, stage))
        self._place_postponed(month, placed)
        items = {stub.id: tuple(self.outlines(stub, sorted(placed[stub.id])[:PAPER_CAP])) for stub in self.stubs(month)}
        papers = {(o.paper_id, o.stage): o for outlines in items.values() for o in outlines if o.paper_id}
        return MonthPlan(items, papers)

    def _place_postponed(self, month: int, placed: dict[int, list[tuple[int, int]]]) -> None:
        firsts = {s.id: s for s in self.public(month)}
        again = {earlier.id: stub for stub in firsts.values() if (earlier := self.previous(stub))}
        months = {month} | {earlier.month for stub in firsts.values() if (earlier := self.previous(stub))}
        for created in {m - back for m in months for back in (1, 2, 3)}:
            for number in range(self.schedule.paper_count(created)):
                paper_id = self.schedule.paper_id(created, number)
                if self.route(paper_id) != "postponed":
                    continue
                first = self.stage_meeting(paper_id, 0)
                if first and first.id in firsts:
                    placed[first.id].append((paper_id, 0))
                if first and first.id in again:
                    placed[again[first.id].id].append((paper_id, 1))

    def outlines(self, stub: Stub, papers: list[tuple[int, int]]) -> list[Outline]:
        """The agenda of a meeting that deals with these (paper, stage) pairs."""
        rows: list[tuple[str, str, str, int | None, int]] = []
        number = 0

        def add(kind: str, letter: str = "Ö", paper: int | None = None, stage: int = 0) -> None:
            nonlocal number
            number += 1
            rows.append((letter, str(number), kind, paper, stage))

        if stub.kind == "import":
            add("import")
        elif stub.kind == "closed":
            for _ in range(2 + stub.sequence % 3):
                add("closed", "N")
        elif stub.kind == "public":
            if stub.body:
                add("opening")
            if stub.sequence % 2:
                add("questions")
            if stub.sequence % 3 == 0:
                add("approval")
            direct = [entry for entry in papers if entry[0] % 4 in (0, 1)]
            grouped = [entry for entry in papers if entry[0] % 4 not in (0, 1)]
            for paper, stage in direct:
                add("paper", paper=paper, stage=stage)
            if grouped:
                add("heading")
                for place, (paper, stage) in enumerate(grouped, 1):
                    rows.append(("Ö", f"{number}.{place}", "paper", paper, stage))
            if stub.sequence % 4 != 1:
                add("oral")
            add("notices")
            if stub.sequence % 2 == 0:
                add("misc")
            for _ in range(stub.sequence // 2 % 6):
                add("closed", "N")
            if stub.sequence % 5 == 4:
                add("announcement")
        return [
            Outline(stub.id * ITEM_STRIDE + position, stub.id, position, *row) for position, row in enumerate(rows, 1)
        ]
