"""The invented town Lindenrath: everything true about it, computed from ids and a seed, never held as a whole."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from . import ballots, pdf, words
from .dice import Dice, mix
from .people import People
from .plan import Outline, Planner, Stub
from .prose import BLANK, Block, Writer, label
from .records import (
    AgendaItem,
    Consultation,
    File,
    Meeting,
    Membership,
    Organization,
    Paper,
    Person,
    Revision,
    Section,
    Session,
    Vote,
)
from .schedule import ITEM_STRIDE, SIZES, Schedule, month_number
from .subjects import PROPOSALS, SUBJECTS, Subject

AGENDA_DAYS = 21  # an agenda is published that long before the meeting
MINUTES_DAYS = 21  # minutes come that long after it
FIRST_NEW_MEETING = 900_001
MEETING_DOCUMENTS = 400_000
PAPER_DOCUMENTS = 8_000_000
DECISIONS = (
    "ungeändert beschlossen",
    "beschlossen",
    "geändert beschlossen",
    "ungeändert beschlossen",
    "abgelehnt",
    "ungeändert beschlossen",
    "überwiesen",
    "ungeändert beschlossen",
    "zurückgezogen",
    "abgelehnt",
    "ungeändert beschlossen",
)
PAPER_KINDS = ("proposal", "proposal", "motion", "question", "proposal", "notice", "motion")
PAPER_TYPES = {
    "proposal": "öffentliche Beschlussvorlage",
    "motion": "Antrag-Formular",
    "question": "Anfrage_Formular",
    "notice": "Mitteilungsvorlage",
}
MEETING_PAPERS = (
    ("Aktuelle TO", "Aktuelle Tagesordnung"),
    ("Bekanntmachung", "Bekanntmachung"),
    ("Niederschrift öffent. Teil", "Niederschrift öffent. Teil"),
)
SUFFIXES = ("pdf", "pdf", "doc")
#: A few attachments are what real ones sometimes are: pictures of text, locked, no PDF at all.
ODDITIES = {3: "eingescannt", 9: "verschlüsselt", 17: "falsches Format"}


class Town:
    """Lindenrath as it is on the day `today`, in the state `revision`.

    >>> town = Town(seed=1, size="small")
    >>> meeting = next(town.meetings()); items = town.items(meeting); item = town.item(items[0].id)

    `changed_pages` lists (page kind, id, what) of the pages `revision.changed` alters; `new_meetings`,
    `withdrawn_pages` (kind, id) and `moved_meetings` (id -> new date) tell the other differences. `staff_names` are
    the invented employees, which must never be stored.
    """

    def __init__(
        self, seed: int = 1, size: str = "small", today: date | None = None, revision: Revision | None = None
    ) -> None:
        self.seed = seed
        self.size = size
        self.today = today or date.today()
        self.revision = revision or Revision()
        plan_size = SIZES[size]
        self.people = People(seed, plan_size.bodies, plan_size.groups, plan_size.persons)
        self.schedule = Schedule(plan_size, self.today, seed)
        self.planner = Planner(self.schedule, self.people, seed, self.today, size == "small")
        self.moved_meetings: dict[int, date] = {}
        self.new_meetings: dict[int, Stub] = {}
        self.withdrawn_pages: list[tuple[str, int]] = []
        self.changed_pages: list[tuple[str, int, str]] = []
        self._withdrawn: set[tuple[str, int]] = set()
        self._changed: dict[tuple[str, int], str] = {}
        self._revise()
        self._withdrawn.update(self.withdrawn_pages)
        self._changed.update({(kind, key): what for kind, key, what in self.changed_pages})
        self.meeting_outlines = lru_cache(maxsize=200)(self._meeting_outlines)

    # ---- people and bodies

    @property
    def staff_names(self) -> tuple[str, ...]:
        """Every invented employee outside the bodies, "Vorname Nachname"; the last word is a name nobody else has."""
        return tuple(person.name for person in self.people.clerks)

    def organizations(self) -> Iterator[Organization]:
        """The council, the committees, the groups (dissolved ones too)."""
        return iter(self.people.organizations.values())

    def organization(self, organization_id: str) -> Organization | None:
        """By id (`pa1`, `au12`, `fr21`)."""
        return self.people.organizations.get(organization_id)

    def persons(self) -> Iterator[Person]:
        """The elected people and the groups' citizens; no employees."""
        return iter(self.people.persons)

    def person(self, person_id: int) -> Person | None:
        """By KPLFDNR, employees in rosters included (`staff`)."""
        return self.people.person(person_id)

    def members(self, organization: Organization) -> tuple[Membership, ...]:
        """The roster as its page lists it."""
        return self.people.rosters[organization.id]

    def memberships(self, person_id: int, history: bool = True) -> list[Membership]:
        """What the person's page lists, past memberships at the end."""
        return self.people.memberships(person_id, history)

    # ---- meetings

    def meetings(self) -> Iterator[Meeting]:
        """All meetings the calendars show, oldest month first."""
        for month in self.schedule.months():
            yield from (self._meeting(stub) for stub in self.planner.stubs(month))
        yield from (self._meeting(stub) for stub in self.new_meetings.values())

    def meeting(self, meeting_id: int) -> Meeting | None:
        """By SILFDNR."""
        stub = self._stub(meeting_id)
        return self._meeting(stub) if stub else None

    def month(self, year: int, month: int) -> list[Meeting]:
        """The meetings of a calendar month in the order of the calendar."""
        return self.between(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1))

    def between(self, first: date, last: date) -> list[Meeting]:
        """The meetings from one day to another, in the order of the calendar."""
        stubs = [
            stub
            for month in range(month_number(first), month_number(last) + 1)
            for stub in self.planner.stubs(month)
            if stub.id not in self.moved_meetings
        ]
        stubs += [stub for stub in map(self._stub, self.moved_meetings) if stub]
        stubs += self.new_meetings.values()
        found = [self._meeting(stub) for stub in stubs]
        inside = [m for m in found if first.isoformat() <= m.date <= last.isoformat()]
        return sorted(inside, key=lambda m: (m.date, m.start_time or "", m.id))

    # ---- items

    def items(self, meeting: Meeting) -> list[AgendaItem]:
        """The agenda as listed, complete with texts and votes."""
        return [item for outline in self.meeting_outlines(meeting.id) if (item := self.item(outline.id))]

    def item(self, item_id: int) -> AgendaItem | None:
        """By TOLFDNR."""
        outline = self.outline(item_id)
        if outline is None:
            return None
        stub = self._stub(outline.meeting_id)
        assert stub is not None
        return self._with_texts(self.listed_item(outline), stub)

    def outline(self, item_id: int) -> Outline | None:
        """The bare plan of an item, None where no agenda lists it."""
        meeting_id, position = divmod(item_id, ITEM_STRIDE)
        outlines = self.meeting_outlines(meeting_id)
        return outlines[position - 1] if 0 < position <= len(outlines) else None

    def listed_item(self, outline: Outline) -> AgendaItem:
        """An item with what its agenda row shows: no texts, no votes."""
        stub = self._stub(outline.meeting_id)
        assert stub is not None
        return self._item(outline, stub)

    # ---- papers

    def papers(self) -> Iterator[Paper]:
        """All papers, newest first."""
        for paper_id in self.paper_ids():
            paper = self.paper(paper_id)
            assert paper is not None
            yield paper

    def paper_ids(self) -> Iterator[int]:
        """The numbers of all papers, newest first."""
        for first, last in reversed(self.schedule.spans):
            for month in range(last, first - 1, -1):
                for number in range(self.schedule.paper_count(month) - 1, -1, -1):
                    paper_id = self.schedule.paper_id(month, number)
                    if self._has_paper(paper_id):
                        yield paper_id

    def paper(self, paper_id: int) -> Paper | None:
        """By VOLFDNR."""
        return self._with_consultations(self._paper(paper_id)) if self._has_paper(paper_id) else None

    def listed_paper(self, paper_id: int) -> Paper:
        """A paper with what a list shows of it: no texts, no consultations."""
        return self._paper(paper_id, texts=False)

    def has_paper(self, paper_id: int) -> bool:
        """Does its page answer?"""
        return self._has_paper(paper_id)

    def withdrawn(self, kind: str, key: int) -> bool:
        """Has this page been withdrawn?"""
        return (kind, key) in self._withdrawn

    def document(self, document_id: int) -> File | None:
        """A document of the system by DOLFDNR."""
        if document_id >= PAPER_DOCUMENTS:
            paper_id, which = divmod(document_id - PAPER_DOCUMENTS, 2)
            return self._paper_documents(paper_id)[which] if self._has_paper(paper_id) else None
        meeting_id, which = divmod(document_id - MEETING_DOCUMENTS, 4)
        meeting = self.meeting(meeting_id)
        files = {file.id: file for file in meeting.files} if meeting else {}
        return files.get(f"do{document_id}")

    def file_pages(self, file: File) -> list[list[str]]:
        """The lines in a file, page by page: a title, then paragraphs as in a paper, the same at every call."""
        day = date.fromisoformat((file.modified or "2020-01-01")[:10])
        writer = Writer(Dice(self.seed, 10, *file.id.encode()), day, self.people)
        lines = [file.title, words.NOTICE, ""]
        for _ in range(2 + writer.dice.below(12)):
            lines += textwrap.wrap(" ".join(writer.line(words.FACTS) for _ in range(4)), 90) + [""]
        return [lines[start : start + pdf.LINES] for start in range(0, len(lines), pdf.LINES)]

    def counts(self) -> dict[str, int]:
        """How many meetings, agenda items and papers there are, counted from plans, no records built."""
        stubs = [stub for month in self.schedule.months() for stub in self.planner.stubs(month)]
        stubs += self.new_meetings.values()
        return {
            "meetings": len(stubs),
            "agenda_items": sum(len(self._meeting_outlines(s.id)) for s in stubs),
            "papers": sum(1 for _ in self.paper_ids()),
        }

    # ---- how it is made

    def _stub(self, meeting_id: int) -> Stub | None:
        return self.new_meetings.get(meeting_id) or self.planner.stub(meeting_id)

    def _meeting_outlines(self, meeting_id: int) -> tuple[Outline, ...]:
        stub = self._stub(meeting_id)
        if stub is None or stub.kind in ("group", "cancelled") or not self._agenda_out(stub):
            return ()
        if meeting_id in self.new_meetings:
            return tuple(self.planner.outlines(stub, []))
        outlines = self.planner.plan(stub.month).items[meeting_id]
        return outlines[:-1] if outlines and self.withdrawn("to020", outlines[-1].id) else outlines

    def _agenda_out(self, stub: Stub) -> bool:
        return (self._day(stub) - self.today).days <= AGENDA_DAYS

    def _day(self, stub: Stub) -> date:
        return self.moved_meetings.get(stub.id, stub.day)

    def _meeting(self, stub: Stub) -> Meeting:
        org = self.people.groups[stub.body] if stub.kind == "group" else self.people.bodies[stub.body]
        day = self._day(stub)
        dice = Dice(self.seed, 3, stub.id)
        past = day < self.today
        imported = stub.kind == "import"
        start = None if imported else f"{dice.pick((16, 17, 18)):02d}:{dice.pick(('00', '00', '30'))}"
        end = None
        if start and past and stub.kind != "cancelled":
            end = f"{int(start[:2]) + 1 + dice.below(3):02d}:{dice.below(60):02d}"
        room, place = dice.pick(words.ROOMS)
        if ("to010", stub.id) in self._changed:
            room = "Ausweichsaal im Bürgerhaus"
        genitive = org.genitive
        if stub.kind == "group" and stub.sequence % 2:
            genitive = f"des Vorstandes {org.genitive}"
        name, sitting = genitive, f"Sitzung {genitive}"
        if imported:
            name = sitting = org.name
        elif stub.kind == "cancelled":
            name, sitting = f"{genitive} - entfällt", f"ENTFÄLLT! Sitzung {genitive}"
        elif stub.kind == "closed":
            name, sitting = f"{genitive} (nichtöffentlich)", f"Sitzung {genitive} (nichtöffentlich)"
        status = "nichtöffentlich" if stub.kind in ("group", "closed") else "öffentlich/nichtöffentlich"
        if imported or stub.sequence % 7 == 3:
            status = "öffentlich" if stub.kind not in ("group", "closed") else status
        linked = stub.kind not in ("group", "cancelled") and self._agenda_out(stub)
        minutes = linked and stub.kind != "closed" and day + timedelta(days=MINUTES_DAYS) <= self.today
        nameless = imported or stub.kind == "group"
        return Meeting(
            stub.id,
            org.id,
            org.name,
            name,
            sitting,
            day.isoformat(),
            start,
            end,
            status,
            "Sondersitzung" if stub.sequence % 11 == 8 else "Sitzung",
            None if nameless else room,
            None if nameless else place,
            words.NOTES[stub.sequence % 2] if stub.sequence % 6 == 5 else "",
            f"SI/{day.year}/{stub.id % 1000:03d}",
            stub.kind,
            linked,
            stub.kind == "cancelled",
            stub.id in self.moved_meetings,
            minutes,
            self._meeting_files(stub, day, linked, minutes),
        )

    def _meeting_files(self, stub: Stub, day: date, linked: bool, minutes: bool) -> tuple[File, ...]:
        if not linked or stub.kind in ("closed", "import"):
            return ()
        rows = MEETING_PAPERS if minutes else MEETING_PAPERS[:2]
        return tuple(
            File(
                f"do{MEETING_DOCUMENTS + stub.id * 4 + place}",
                long,
                title=f"{long} vom {_german(day)}",
                file_name=f"{long.split()[0]}.pdf",
                button=short,
            )
            for place, (short, long) in enumerate(rows)
        )

    def _item(self, outline: Outline, stub: Stub) -> AgendaItem:
        day = self._day(stub)
        past = day < self.today
        dice = Dice(self.seed, 4, outline.id)
        writer = Writer(dice, day, self.people)
        name, extra, result = "", "", "(offen)" if past else ""
        changed = supplement = masked = False
        earlier = earlier_document = None
        paper_id = outline.paper_id
        match outline.kind:
            case "import":
                name = "Niederschrift öffentlicher Teil"
            case "opening":
                name = "Feststellung der ordnungsgemäßen Ladung und der Tagesordnung"
            case "questions":
                name = "Einwohnerfragestunde"
            case "heading":
                name, result = dice.pick(words.HEADINGS), ""
            case "notices":
                name = "Mitteilungen der Verwaltung"
            case "misc":
                name = "Verschiedenes"
            case "announcement":
                name = "Bekanntgabe der in nichtöffentlicher Sitzung gefassten Beschlüsse"
            case "oral":
                name = writer.line(words.ORAL)
                extra = self._extra(dice)
                result = "zur Kenntnis genommen" if past and stub.sequence % 3 else result
            case "approval":
                name = "Genehmigung der Niederschrift der letzten Sitzung"
                before = self.planner.previous(stub)
                if before:
                    name = f"Genehmigung der Niederschrift über die Sitzung vom {_german(self._day(before))}"
                    earlier = before.id
                    if before.day + timedelta(days=MINUTES_DAYS) <= self.today:
                        earlier_document = MEETING_DOCUMENTS + before.id * 4 + 2
                result = "ungeändert beschlossen" if past else ""
            case "closed":
                masked = stub.sequence % 2 == 0
                name = "(nichtöffentlich)" if masked else f"{writer.line(words.CLOSED)} vom {writer['date']}"
                result = ""
            case "paper":
                assert paper_id is not None
                paper = self._paper(paper_id, texts=False)
                name = paper.item_name
                result = self.result(outline) if past else ""
                changed = result == "geändert beschlossen"
                supplement = dice.chance(14)
                extra = self._extra(dice) if dice.chance(25) else ""
                if self.withdrawn("vo020", paper_id):
                    paper_id = None
        public = outline.letter == "Ö"
        extract = public and past and outline.kind != "heading"
        item = AgendaItem(
            outline.id,
            outline.meeting_id,
            outline.position,
            public,
            outline.number,
            outline.kind,
            name,
            extra,
            supplement,
            result,
            changed,
            extract,
            masked,
            paper_id,
            outline.stage,
            earlier,
            earlier_document,
        )
        return replace(item, files=self._item_files(item, day)) if extract else item

    def _extra(self, dice: Dice) -> str:
        if dice.chance(60):
            person = self.people.clerk(dice)
            return f"(Referent{'in' if person.form_of_address == 'Frau' else ''}: {person.name})"
        return dice.pick(("(siehe Anlage 1 zur Sitzung)", "(Tischvorlage)"))

    def _item_files(self, item: AgendaItem, day: date) -> tuple[File, ...]:
        if item.kind not in ("paper", "oral") or mix(self.seed, 5, item.id) % 5:
            return ()
        return self._attachments(f"to{item.id}", 1 + item.id % 2, day, item.id)

    def _attachments(self, owner: str, count: int, day: date, key: int) -> tuple[File, ...]:
        files = []
        for number in range(1, count + 1):
            dice = Dice(self.seed, 6, key, number)
            writer = Writer(dice, day, self.people)
            name = writer.line(words.FILE_NAMES)
            moment = datetime(day.year, day.month, day.day, 8 + dice.below(9), dice.below(60), dice.below(60))
            oddity = ODDITIES.get((key + number) % 23, "")
            suffix = "pdf" if oddity else SUFFIXES[(key + number) % len(SUFFIXES)]
            plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace(" ", "_")
            files.append(
                File(
                    f"{owner}-{number}",
                    f"{name} ({oddity}, erfunden)" if oddity else name,
                    number,
                    moment.isoformat(),
                    True,
                    f"{plain[:40]}.{suffix}",
                    f"{name} ({owner})",
                    (key + number) % 4 == 1,
                    suffix != "pdf",
                    oddity=oddity,
                )
            )
        return tuple(files)

    def result(self, outline: Outline) -> str:
        """The Beschlussart of a paper's stage, once the meeting is over."""
        assert outline.paper_id is not None
        kind, route = self._paper_kind(outline.paper_id), self.planner.route(outline.paper_id)
        if route == "postponed" and outline.stage == 0:
            return "vertagt"
        if kind in ("question", "notice") or route == "notice":
            return "zur Kenntnis genommen" if outline.paper_id % 9 else "(offen)"
        return DECISIONS[(outline.paper_id * 3 + outline.stage * 7) % len(DECISIONS)]

    def _with_texts(self, item: AgendaItem, stub: Stub) -> AgendaItem:
        day = self._day(stub)
        if not item.has_extract or day + timedelta(days=MINUTES_DAYS) > self.today:
            if not item.has_extract:
                return item
            return replace(
                item, sections=tuple(Section(key, document=False, listed=False) for key in ("WP", "BS", "AE"))
            )
        org = self.people.bodies[stub.body]
        writer = Writer(Dice(self.seed, 7, item.id), day, self.people, org.name)
        if item.kind == "import":
            return replace(item, sections=self._whole_minutes(writer, stub))
        minutes: list[Block] = writer.paragraphs(words.MINUTES, 1 + writer.dice.below(3))
        resolution: list[Block] = []
        outcome: list[Block] = []
        votes: list[Vote] = []
        decided = item.result in ("beschlossen", "ungeändert beschlossen", "geändert beschlossen", "abgelehnt")
        if item.kind == "paper" and decided:
            resolution = self._resolution(writer, item, stub)
            key = item.paper_id or item.id
            form = ballots.FORMS[(key + item.stage * 5) % len(ballots.FORMS)]
            outcome, more, votes = ballots.result_section(
                writer.dice, day, stub.body == 0, item.result != "abgelehnt", form, twice=key % 4 == 0
            )
            minutes += more
        elif item.kind == "paper" and item.result == "zur Kenntnis genommen":
            if self._paper_kind(item.paper_id or 0) == "question":
                resolution = self._answers(writer)
            else:
                resolution = label("Beschluss:") + [Block("p", f"Der {org.name} nimmt die Vorlage zur Kenntnis.")]
        elif item.kind == "approval":
            outcome = [Block("p", "Die Niederschrift wird einstimmig genehmigt.")]
            votes = [Vote("AE", 1, "sentence", "", unanimous=1, sentence=outcome[0].text)]
        if ("to020", item.id) in self._changed:
            resolution = resolution + [Block("p", writer.fill(words.CHANGED_SENTENCE))]
        return replace(item, sections=_sections(item, minutes, resolution, outcome), votes=tuple(votes))

    def _resolution(self, writer: Writer, item: AgendaItem, stub: Stub) -> list[Block]:
        head = "Geänderter Beschluss:" if item.changed_icon else "Beschluss:"
        blocks = label(head)
        if stub.body and item.stage == 0 and item.id % 3 == 0:
            blocks += [
                Block(
                    "p",
                    f"Der {self.people.bodies[stub.body].name} empfiehlt dem Rat der Stadt, folgenden "
                    "Beschluss zu fassen:",
                ),
                BLANK,
            ]
        if item.paper_id and (decision := self._subject(item.paper_id).resolution):
            blocks += [Block("p", decision), BLANK]
        if writer.dice.chance(40):
            blocks.append(writer.numbered(words.RESOLUTIONS, 2 + writer.dice.below(2)))
        else:
            blocks += writer.paragraphs(words.RESOLUTIONS, 1, 1 + writer.dice.below(2))
        return blocks

    def _answers(self, writer: Writer) -> list[Block]:
        count = 2 + writer.dice.below(3)
        asked = writer.numbered(words.QUESTIONS, count)
        blocks = [
            Block("p", "Fragen:"),
            BLANK,
            asked,
            BLANK,
            Block("p", "Die Verwaltung beantwortet die Fragen wie folgt:"),
            BLANK,
        ]
        for number in range(1, count + 1):
            blocks += [Block("p", f"Zu Frage {number}:", "underline"), Block("p", writer.line(words.ANSWERS)), BLANK]
        return blocks

    def _whole_minutes(self, writer: Writer, stub: Stub) -> tuple[Section, ...]:
        """The record of a meeting before 2004: one text, times with a dot, names with remarks."""
        org = self.people.bodies[stub.body]
        blocks = [
            Block("p", "N i e d e r s c h r i f t"),
            BLANK,
            Block("p", f"über die Sitzung: {org.name} am {_german(stub.day)}"),
            BLANK,
            Block("p", "Sitzungsdauer:     16.00 - 18.10 Uhr"),
            Block("p", "Sitzungsunterbrechung:     17.05 - 17.15 Uhr"),
            BLANK,
            Block("p", "Anwesend sind"),
            Block("p", "die Stadtverordneten:"),
        ]
        for place in range(8):
            person = self.people.elected(writer.dice)
            remark = ("", " (ab 16.20 Uhr)", " (ohne Abstimmung TOP 3)")[place % 3]
            blocks.append(Block("p", f"{person.family_name}, {person.given_name}{remark}"))
        for number in range(1, 5):
            subject = writer.fill(writer.dice.pick(PROPOSALS).title)
            blocks += [BLANK, Block("p", f"{number}.     {subject}", "bold"), BLANK]
            blocks += writer.paragraphs(words.MINUTES, 1)
            blocks += [
                Block("p", "Beschluss:"),
                Block("p", writer.line(words.RESOLUTIONS)),
                Block("p", writer.dice.pick(("einstimmig", "mit Mehrheit"))),
            ]
        if stub.sequence % 2:
            blocks.insert(0, Block("p", "Der folgende Text enthält Stopcodes"))
        return (
            Section("WP", document=False, listed=False),
            Section("BS", tuple(blocks)),
            Section("AE", document=False, listed=False),
        )

    # ---- papers

    def _has_paper(self, paper_id: int) -> bool:
        return (
            self.schedule.paper_slot(paper_id) is not None
            and self.planner.paper_day(paper_id) <= self.today
            and not self.withdrawn("vo020", paper_id)
        )

    def _paper_kind(self, paper_id: int) -> str:
        return PAPER_KINDS[paper_id % len(PAPER_KINDS)]

    def _subject(self, paper_id: int) -> Subject:
        """What the paper is about: papers of a kind take their subjects in turn, so that even a small town has most."""
        kind = self._paper_kind(paper_id)
        rounds, place = divmod(paper_id, len(PAPER_KINDS))
        before = rounds * PAPER_KINDS.count(kind) + PAPER_KINDS[:place].count(kind)
        return SUBJECTS[kind][(before + self.seed) % len(SUBJECTS[kind])]

    def _paper(self, paper_id: int, texts: bool = True) -> Paper:
        place = self.schedule.paper_slot(paper_id)
        assert place is not None
        kind, day = self._paper_kind(paper_id), self.planner.paper_day(paper_id)
        dice = Dice(self.seed, 8, paper_id)
        writer = Writer(dice, day, self.people)
        authors, elected = self._authors(paper_id, kind, dice)
        item_name = name = writer.fill(self._subject(paper_id).title)
        if kind == "motion" and elected:
            item_name = name = f"{name}\nAntrag der {elected[0]}" if "Fraktion" in elected[0] else name
        if paper_id % 11 == 3:
            name += " (bezirklich)"
        files = self._attachments(f"vo{paper_id}", 1 + paper_id // 3 % 3, day, paper_id) if paper_id % 3 == 0 else ()
        paper = Paper(
            paper_id,
            self.schedule.reference(*place),
            name,
            PAPER_TYPES[kind],
            "öffentlich",
            day.isoformat(),
            kind,
            authors,
            elected,
            dice.pick(words.OFFICES),
            _inverted(self.people.clerk(dice)),
            f"{51 + paper_id % 9}-{paper_id % 100:02d}/{day.year % 100:02d}" if paper_id % 6 == 1 else "",
            self._related(paper_id),
            files=files,
            documents=self._paper_documents(paper_id),
            section_menu=paper_id % 5 != 2,
            item_name=item_name,
        )
        return replace(paper, sections=self._paper_sections(paper, writer)) if texts else paper

    def _related(self, paper_id: int) -> int | None:
        return paper_id - 1 if paper_id % 13 == 6 and self._has_paper(paper_id - 1) else None

    def _paper_documents(self, paper_id: int) -> tuple[File, ...]:
        first = PAPER_DOCUMENTS + paper_id * 2
        files = [
            File(
                f"do{first}", "Vorlage", title=f"Vorlage VOLFDNR {paper_id}", file_name="Vorlage.pdf", button="Vorlage"
            )
        ]
        files.append(
            File(
                f"do{first + 1}",
                "Vorlage-Sammeldokument",
                title=f"Sammeldokument VOLFDNR {paper_id}",
                file_name="Sammeldokument.pdf",
                button="Vorlage-Sammeldokument",
            )
        )
        return tuple(files)

    def _authors(self, paper_id: int, kind: str, dice: Dice) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Verfasser as printed, and those who may be stored: groups and elected people."""
        form = paper_id // 7 % 4
        if kind in ("motion", "question"):
            groups = [group.name for group in self.people.groups if not group.end_date]
            person = self.people.elected(dice)
            place = dice.below(len(groups))
            printed: tuple[str, ...] = (
                (f"SVO {person.family_name}, {person.given_name}",),
                (groups[place],),
                ("SPD- und CDU-Fraktion",),
                (groups[place], groups[(place + 1) % len(groups)]),
            )[form]
            return printed, printed
        first, second = self.people.clerk(dice), self.people.clerk(dice)
        printed = (
            (_inverted(first),),
            (first.name,),
            (f"1. {first.name}", f"2. {second.name}"),
            (f"{_inverted(first)} - Tel.: {2000 + paper_id % 2000}",),
        )[form]
        return ((), ()) if paper_id % 10 == 9 else (printed, ())

    def _paper_sections(self, paper: Paper, writer: Writer) -> tuple[Section, ...]:
        dice, subject = writer.dice, self._subject(paper.id)
        finances: tuple[Block, ...] = (BLANK,)
        if paper.kind == "proposal" and paper.id % 3:
            finances = (Block("p", writer.line(words.FINANCES)),)
        proposal: list[Block] = []
        if paper.kind in ("proposal", "motion"):
            own = [Block("p", subject.resolution), BLANK] if subject.resolution else []
            proposal = label("Beschlussvorschlag:") + own + writer.paragraphs(words.RESOLUTIONS, 1 + dice.below(2))
        facts = label("Sachverhalt:") if paper.id % 4 else []
        if subject.facts:
            facts = facts + [Block("p", " ".join(subject.facts)), BLANK]
        if paper.kind == "question":
            facts = facts + [
                Block("p", "In diesem Zusammenhang bitte ich um die Beantwortung folgender Fragen:"),
                BLANK,
                writer.numbered(words.QUESTIONS, 3),
            ]
        else:
            facts = facts + writer.paragraphs(words.FACTS, 2 + dice.below(4), 3)
            if paper.id % 5 == 0:
                facts.append(writer.cost_table())
            if paper.id % 6 == 0:
                facts.append(writer.numbered(words.FACTS, 3, "ul"))
        if ("vo020", paper.id) in self._changed:
            facts.append(Block("p", writer.fill(words.CHANGED_SENTENCE)))
        annexes = [Block("p", "Anlagen:", "bold"), *(Block("p", f"- {file.name}") for file in paper.files)]
        sections = [
            Section("FA", finances),
            Section("BV", tuple(proposal)) if proposal else Section("BV", document=False, listed=False),
            Section("SV", tuple(facts)),
        ]
        if paper.files:
            sections.append(Section("AN", tuple(annexes)))
        return tuple(sections)

    def _with_consultations(self, paper: Paper) -> Paper:
        """The Beratungsfolge: one line a body, its sittings below it."""
        route = self.planner.route(paper.id)
        lines: list[Consultation] = []
        if route == "closed":
            org = self.people.bodies[1]
            day = (date.fromisoformat(paper.date) + timedelta(days=9)).isoformat()
            lines.append(
                Consultation(
                    org.id,
                    org.name,
                    "Vorberatung",
                    "Erledigt",
                    (Session(None, None, org.genitive, day, "", False, False),),
                )
            )
        for stage in range(self.planner.stages(paper.id)):
            line = self._consultation(paper.id, stage, route)
            if line is None:
                continue
            if lines and route == "postponed" and lines[-1].organization_id == line.organization_id:
                sessions = lines[-1].sessions + line.sessions
                lines[-1] = replace(lines[-1], sessions=sessions, status=line.status)
            else:
                lines.append(line)
        if route == "ready" or not lines:
            org = self.people.bodies[0]
            lines.append(Consultation(org.id, org.name, "Entscheidung", "Bereit"))
        return replace(paper, consultations=tuple(lines))

    def _consultation(self, paper_id: int, stage: int, route: str) -> Consultation | None:
        stub = self.planner.stage_meeting(paper_id, stage)
        if stub is None or not (outline := self.planner.plan(stub.month).papers.get((paper_id, stage))):
            return None
        meeting = self._meeting(stub)
        past = self._day(stub) < self.today
        last = stage + 1 == self.planner.stages(paper_id)
        role = (
            ""
            if route == "blank"
            else "Kenntnisnahme"
            if route == "notice"
            else ("Entscheidung" if last else "Vorberatung")
        )
        result = self.result(outline) if past else ""
        session = Session(
            stub.id,
            outline.id if meeting.linked else None,
            meeting.name,
            meeting.date,
            "" if result == "(offen)" else result,
            past,
            meeting.linked,
        )
        status = "Erledigt" if past else "Geplant"
        return Consultation(meeting.organization_id, meeting.organization_name, role, status, (session,))

    # ---- the differences from the first state

    def _revise(self) -> None:
        revision = self.revision
        for number in range(revision.new):
            back = number % 2 == 0
            day = self.today + timedelta(days=-(MINUTES_DAYS + 7 + number) if back else 5 + number % 12)
            day -= timedelta(days=max(0, day.weekday() - 4))
            self.new_meetings[FIRST_NEW_MEETING + number] = Stub(
                FIRST_NEW_MEETING + number,
                month_number(day),
                10_000 + number,
                number % len(self.people.bodies),
                "public",
                day,
            )
        if revision.moved:
            coming = [
                s
                for m in range(self.schedule.last_month, 0, -1)
                if m >= month_number(self.today)
                for s in self.planner.stubs(m)
                if s.day > self.today and s.kind == "public"
            ]
            for stub in sorted(coming, key=lambda s: (s.day, s.id))[: revision.moved]:
                self.moved_meetings[stub.id] = stub.day + timedelta(days=7)
        if revision.withdrawn:
            self._choose_withdrawn(revision.withdrawn)
        if revision.changed:
            self._choose_changed(revision.changed)

    def _recent(self, kind: str = "public") -> Iterator[Stub]:
        """Meetings whose minutes are out, newest first."""
        limit = self.today - timedelta(days=MINUTES_DAYS)
        for first, last in reversed(self.schedule.spans):
            for month in range(last, first - 1, -1):
                yield from (s for s in self.planner.stubs(month) if s.kind == kind and s.day <= limit)

    def _choose_withdrawn(self, count: int) -> None:
        items = (
            outlines[-1].id
            for stub in self._recent()
            if (outlines := self.planner.plan(stub.month).items[stub.id]) and outlines[-1].kind in ("misc", "notices")
        )
        papers = (paper_id for paper_id in self.paper_ids() if paper_id % 13 not in (5, 6))
        for number in range(count):
            source, kind = (papers, "vo020") if number % 2 else (items, "to020")
            key = next(source, None)
            if key is not None:
                self.withdrawn_pages.append((kind, key))

    def _choose_changed(self, count: int) -> None:
        gone = set(self.withdrawn_pages)
        items = (
            o.id
            for stub in self._recent()
            for o in self.planner.plan(stub.month).items[stub.id]
            if o.kind == "paper"
            and self.result(o) in DECISIONS
            and self.result(o) not in ("überwiesen", "zurückgezogen")
            and ("vo020", o.paper_id) not in gone
        )
        papers = (paper_id for paper_id in self.paper_ids() if ("vo020", paper_id) not in gone)
        meetings = (stub.id for stub in self._recent("closed"))
        for number in range(count):
            sources = ((items, "to020", "resolution"), (papers, "vo020", "facts"), (meetings, "to010", "room"))
            for turn in range(3):
                source, kind, what = sources[(number + turn) % 3]
                key = next(source, None)
                if key is not None:
                    self.changed_pages.append((kind, key, what))
                    break


def _sections(
    item: AgendaItem, minutes: list[Block], resolution: list[Block], outcome: list[Block]
) -> tuple[Section, ...]:
    """The three sections with the oddities of the real pages, in rotation over the items."""
    odd = mix(9, item.id) % 12
    if odd == 0 and not any(block.kind == "table" for block in minutes):
        first = Section("WP", (BLANK,))  # only NBSP, and yet in the menu
    elif odd == 1 and not any(block.kind == "table" for block in minutes):
        first = Section("WP", document=False, listed=False)  # the anchor alone
    else:
        first = Section("WP", tuple(minutes))
    second = Section("BS", tuple(resolution)) if resolution else Section("BS", document=False, listed=False)
    if not resolution and odd == 2:
        second = Section("BS", (BLANK,))
    if outcome:
        return first, second, Section("AE", tuple(outcome))
    if odd in (3, 4):
        return first, second  # the anchor is missing altogether
    return first, second, Section("AE", document=False, listed=False)


def _inverted(person: Person) -> str:
    return f"{person.family_name}, {person.given_name}"


def _german(day: date) -> str:
    return day.strftime("%d.%m.%Y")
