"""Every public program of ALLRIS classic as a function from parameters to an answer, in two dialects."""

from __future__ import annotations

import calendar as months
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from . import pdf, words
from .records import AgendaItem, File, Meeting, Organization, Paper, Section
from .sessions import Session
from .town import Town
from .word_html import WordHtml, link_dates

CALENDARS = ("si010_e", "si010_j", "si010")
PAGE_LENGTH = 50
STATUS_COLORS = {"Geplant": "#73d216", "Bereit": "#edd400", "Erledigt": "#ffffff"}
SECTION_NAMES = {
    "WP": "Wortprotokoll",
    "BS": "Beschluss",
    "AE": "Abstimmungsergebnis",
    "FA": "Finanzielle Auswirkungen",
    "BV": "Beschlussvorschlag",
    "SV": "Sachverhalt",
    "AN": "Anlage/n",
}
STANDALONE_ORDER = {"SV": 0, "BV": 1, "FA": 2, "AN": 3}
ZEBRA = ("zl12", "zl11")
DENIED = "Zugriff verweigert (Programm %s.asp).<br>"
UNKNOWN = "Keine Information verf&uuml;gbar"
WITHDRAWN = "Sie sind nicht berechtigt, die Information zu sehen."

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    auto_reload=False,
    keep_trailing_newline=True,
    cache_size=50,
)


@dataclass
class Answer:
    """What goes back over HTTP."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html"
    headers: list[tuple[str, str]] = field(default_factory=list)


class Pages:
    """Renders one town in one dialect (`standalone` under /bi/, `embedded` under /allris/)."""

    def __init__(self, town: Town, dialect: str = "embedded", calendar: str = "si010_j") -> None:
        if dialect not in ("standalone", "embedded") or calendar not in CALENDARS:
            raise ValueError(f"unknown dialect or calendar: {dialect}, {calendar}")
        self.town = town
        self.dialect = dialect
        self.calendar = calendar
        self.content = lru_cache(maxsize=1000)(self._content)
        self.root = "/allris/" if dialect == "embedded" else "/bi/"
        self._prefix = self.root if dialect == "embedded" else ""
        self._encoding = "utf-8" if dialect == "embedded" else "cp1252"
        self._paper_word = "Vorlage" if dialect == "embedded" else "Drucksache"
        self._word = WordHtml(dialect, calendar)
        self._frame = _ENVIRONMENT.get_template(f"{dialect}.html")
        self._templates = {
            name: _ENVIRONMENT.get_template(f"{name}.html")
            for name in ("to010", "to020", "vo020", "si010", "vo040", "list", "roster", "kp020")
        }
        self._programs: dict[str, Callable[[dict[str, str], Session, str], Answer]] = {
            "to010": self._to010,
            "to020": self._to020,
            "vo020": self._vo020,
            "vo040": self._vo040,
            "au010": self._au010,
            "fr010": self._fr010,
            "pa021": self._council,
            "pa020": self._council,
            "au020": self._au020,
            "fr020": self._fr020,
            "kp020": self._kp020,
            "do027": self._do027,
            "noauth": self._noauth,
            "allris.net": self._home,
        }

    def answer(self, program: str, parameters: dict[str, str], session: Session, base: str) -> Answer:
        """The answer of `program` (without ".asp") to GET or POST parameters; `base` is scheme and host."""
        if program in CALENDARS:
            return self._si010(program, parameters, session, base) if program == self.calendar else self.denied(program)
        page = self._programs.get(program)
        return page(parameters, session, base) if page else self.denied(program)

    def denied(self, program: str) -> Answer:
        """The refusal of a program that is switched off: HTTP 200."""
        # Real installations answer the plain calendar with the name of its successor, si010_r.
        return self.bare(DENIED % ("si010_r" if program in CALENDARS else program))

    def bare(self, text: str, status: int = 200) -> Answer:
        """A bare line without frame."""
        return Answer(text.encode(self._encoding), status)

    def temporary_file(self, path: str, session: Session) -> Answer | None:
        """A file below ___tmp for the session that was shown the path, else None."""
        parts = path.split("/")
        if len(parts) == 6:
            document_id = session.document_in(parts[3], parts[4])
            file = self.town.document(document_id) if document_id is not None else None
            return self._file_answer(file, parts[5]) if file and file.file_name == parts[5] else None
        if len(parts) != 8 or not (owner := session.owner(parts[3], parts[4])):
            return None
        kind, key = owner
        found = self.town.paper(key) if kind == "vo" else self.town.item(key)
        for file in found.files if found else ():
            if parts[6] == f"{file.number:02d}" and parts[7] in (file.file_name, _converted(file)):
                return self._file_answer(file, parts[7])
        return None

    def _file_answer(self, file: File, name: str) -> Answer:
        kind = "application/msword" if name.endswith(".doc") else "application/pdf"
        return Answer(self.content(file, name), content_type=kind)

    def _content(self, file: File, name: str) -> bytes:
        """The bytes of a file, or of its converted copy."""
        if name.endswith(".doc") or file.oddity == "falsches Format":
            letters = (letter if ord(letter) < 128 else f"\\u{ord(letter)}?" for letter in file.title)
            return b"{\\rtf1\\ansi " + "".join(letters).encode() + b"}"
        pages = self.town.file_pages(file)
        if file.oddity == "eingescannt":
            return pdf.scanned(pages[:2])
        return pdf.text(pages, locked=file.oddity == "verschlüsselt")

    # ---- frame

    def _page(
        self,
        program: str,
        title: str,
        heading: str,
        template: str,
        context: dict[str, Any],
        base: str,
        parameter: str = "",
        object_id: int | None = None,
        decorated: bool = True,
    ) -> Answer:
        self_url = f"{program}.asp?{parameter}={object_id}" if object_id else f"{program}.asp"
        main = self._templates[template].render(
            p=self._prefix,
            path=self.root,
            paper_word=self._paper_word,
            amp=Markup("&"),
            self_url=self_url,
            with_status=self.dialect == "embedded",
            **context,
        )
        html = self._frame.render(
            main=Markup(main),
            title=title,
            heading=heading,
            program=program,
            parameter=parameter,
            base=base,
            object_id=object_id,
            self_url=self_url,
            calendar=self.calendar,
            decorated=decorated,
            notice=words.NOTICE,
        )
        if self.dialect == "standalone":
            html = html.replace("\n", "\r\n")
            return Answer(html.encode("cp1252", "xmlcharrefreplace"))
        return Answer(html.encode(), content_type="text/html; charset=utf-8")

    def _dates(self, text: str) -> Markup:
        return Markup(link_dates(str(escape(text)), self.dialect, self.calendar))

    def _meeting(self, meeting: Meeting) -> dict[str, Any]:
        day = date.fromisoformat(meeting.date)
        switch = f"history=switch&tsDD={day.day}&tsMM={day.month}&tsYYYY={day.year}"
        key = meeting.organization_id[2:]
        href = (
            f"pa020.asp?{switch}&PALFDNR={key}"
            if meeting.organization_id.startswith("pa")
            else f"au020.asp?T1=Gremium&{switch}&AULFDNR={key}&altoption=Gremium"
        )
        return {
            "id": meeting.id,
            "name": meeting.printed_name(self.dialect),
            "org": meeting.organization_name,
            "org_href": href,
            "weekday": words.WEEKDAYS[day.weekday()],
            "date": self._dates(_german(meeting.date)),
            "status": meeting.status,
            "time": _span(meeting),
            "occasion": meeting.occasion,
            "room": meeting.room,
            "location": meeting.location,
            "note": meeting.note,
        }

    def _sections(self, sections: Iterable[Section], key: int) -> list[dict[str, Any]]:
        """Comment number, anchor and nested document of each section, in the dialect's order."""
        ordered = list(sections)
        if self.dialect == "standalone":
            ordered.sort(key=lambda s: STANDALONE_ORDER.get(s.key, 0))
        printed = []
        first = True
        for section in ordered:
            html = Markup(self._word.document(section, key, first)) if section.document else ""
            first = first and not section.document
            printed.append(
                {"key": section.key, "rtf": key * 10 if section.document else 0, "anchor": section.anchor, "html": html}
            )
        return printed

    def _menu(self, sections: Iterable[Section]) -> list[tuple[str, str]]:
        names = SECTION_NAMES if self.dialect == "embedded" else SECTION_NAMES | {"WP": "Protokoll"}
        return [(section.key, names[section.key]) for section in sections if section.listed]

    def _files(self, files: tuple[File, ...], session: Session, kind: str, key: int) -> list[dict[str, Any]]:
        if not files:
            return []
        folder = self._prefix + session.folder(kind, key)
        shown = []
        for f in files:
            size, pdf_size = (len(self.content(f, name)) for name in (f.file_name, _converted(f)))
            shown.append(
                {
                    "number": f.number,
                    "name": unicodedata.normalize("NFD", f.name) if f.decomposed else f.name,
                    "href": f"{folder}/{f.number:02d}/{f.file_name}",
                    "modified": _moment(f.modified),
                    "size": _size(size),
                    "kilobytes": size // 1024,
                    "pdf_href": f"{folder}/{f.number:02d}/{_converted(f)}" if f.converted else "",
                    "pdf_size": _size(pdf_size),
                    "pdf_kilobytes": pdf_size // 1024,
                }
            )
        return shown

    # ---- meetings

    def _to010(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        meeting = self.town.meeting(_number(parameters, "SILFDNR"))
        if meeting is None:
            return self.bare(UNKNOWN)
        if not meeting.linked:
            return self._to_noauth()
        expanded = _number(parameters, "TOLFDNR") if parameters.get("BES") == "1" else 0
        rows = []
        for place, outline in enumerate(self.town.meeting_outlines(meeting.id)):
            row = self._agenda_row(self.town.listed_item(outline), ZEBRA[place % 2])
            if outline.id == expanded:
                self._expand(row)
            rows.append(row)
        documents = [{"number": f.id[2:], "text": f.button, "title": f.name} for f in meeting.files]
        context = {
            "m": self._meeting(meeting),
            "rows": rows,
            "documents": documents,
            "minutes_out": meeting.minutes_out,
        }
        heading = f"Tagesordnung - {meeting.printed_name(self.dialect)}"
        return self._page("to010", "Tagesordnung", heading, "to010", context, base, "SILFDNR", meeting.id)

    def _agenda_row(self, item: AgendaItem, css: str) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": item.id,
            "css": css,
            "letter": "Ö" if item.public else "N",
            "number": item.number,
            "supplement": item.supplement,
            "closed": not item.public,
            "extract": item.has_extract,
            "title": item.name if item.public else self._dates(item.name),
            "extra": item.extra_info,
            "result": item.result,
            "files": bool(item.files),
            "changed": item.changed_icon,
            "expanded": "",
            "paper": None,
            "earlier": None,
            "earlier_document": item.earlier_document,
        }
        if item.paper_id is not None:
            paper = self.town.listed_paper(item.paper_id)
            row["paper"] = {"id": paper.id, "reference": paper.reference, "files": bool(paper.files)}
        elif item.earlier_meeting_id is not None:
            earlier = self.town.meeting(item.earlier_meeting_id)
            assert earlier is not None
            row["earlier"] = {"id": earlier.id, "reference": earlier.reference}
        return row

    def _expand(self, row: dict[str, Any]) -> None:
        """`BES=1`: the paper's proposal and its decisions stand once more below the item."""
        paper = self.town.paper(row["paper"]["id"]) if row["paper"] else None
        if paper is None:
            return
        proposal = next((s for s in paper.sections if s.key in ("BV", "SV") and s.document), None)
        row["expanded"] = Markup(self._word.document(proposal, paper.id, True)) if proposal else " "
        row["decisions"] = []
        for line in paper.consultations:
            for sitting in line.sessions:
                item = self.town.item(sitting.agenda_item_id) if sitting.agenda_item_id else None
                if item and sitting.result:
                    resolution = next((s for s in item.sections if s.key == "BS" and s.document), None)
                    row["decisions"].append(
                        {
                            "date": _german(sitting.date),
                            "body": line.organization_name,
                            "number": f"Ö {item.number}",
                            "result": sitting.result,
                            "html": Markup(self._word.document(resolution, item.id, True)) if resolution else "",
                        }
                    )

    def _to020(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        item_id = _number(parameters, "TOLFDNR")
        if self.town.withdrawn("to020", item_id):
            return self.bare(WITHDRAWN)
        item = self.town.item(item_id)
        if item is None:
            return self.bare(UNKNOWN)
        if not item.has_extract:
            return self.bare(UNKNOWN) if item.public else self._to_noauth()
        meeting = self.town.meeting(item.meeting_id)
        assert meeting is not None
        paper = None
        if item.paper_id is not None:
            paper = self._paper_head(self.town.listed_paper(item.paper_id))
        context = {
            "m": self._meeting(meeting),
            "id": item.id,
            "number": item.number,
            "result": item.result,
            "paper": paper,
            "menu": self._menu(item.sections),
            "sections": self._sections(item.sections, item.id),
            "files": self._files(item.files, session, "to", item.id),
        }
        return self._page("to020", "Auszug", f"Auszug - {item.name}", "to020", context, base, "TOLFDNR", item.id)

    def _si010(self, program: str, parameters: dict[str, str], session: Session, base: str) -> Answer:
        first, last = self._period(parameters)
        by_day: dict[str, list[Meeting]] = {}
        for meeting in self.town.between(first, last):
            by_day.setdefault(meeting.date, []).append(meeting)
        rows = []
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            rows += self._calendar_day(day, by_day.get(day.isoformat(), []), ZEBRA[offset % 2], program)
        around = [(first.year - 5, "5 Jahre zurück", "<<"), (first.year + 5, "5 Jahre vor", ">>")]
        around[1:1] = [
            (year, f"{words.MONTHS[first.month]} {year}", str(year)) for year in range(first.year - 2, first.year + 3)
        ]
        context = {
            "rows": rows,
            "month_name": words.MONTHS[first.month],
            "year": first.year,
            "month": first.month,
            "years": [{"year": year, "title": title, "text": text} for year, title, text in around],
            "months": [
                {
                    "month": n,
                    "year": first.year,
                    "title": f"{words.MONTHS[n]} {first.year}",
                    "text": words.MONTHS[n][:3],
                }
                for n in range(1, 13)
            ],
            "first": first.strftime("%d.%m.%Y"),
            "last": last.strftime("%d.%m.%Y"),
            "program": program,
            "token": session.token,
            "exports": int(program != "si010"),
            "rooms": int(program == "si010_e"),
        }
        return self._page(program, "Sitzungskalender", "Sitzungskalender", "si010", context, base)

    def _period(self, parameters: dict[str, str]) -> tuple[date, date]:
        try:
            first = datetime.strptime(parameters["kaldatvon"], "%d.%m.%Y").date()
            last = datetime.strptime(parameters["kaldatbis"], "%d.%m.%Y").date()
            return first, min(last, first + timedelta(days=400))
        except (KeyError, ValueError):
            pass
        month, year = (
            _number(parameters, "MM") or self.town.today.month,
            _number(parameters, "YY") or self.town.today.year,
        )
        if not (1 <= month <= 12 and 1900 <= year <= 2100):
            month, year = self.town.today.month, self.town.today.year
        return date(year, month, 1), date(year, month, months.monthrange(year, month)[1])

    def _calendar_day(self, day: date, meetings: list[Meeting], zebra: str, program: str) -> list[dict[str, Any]]:
        head = {
            "weekday": words.WEEKDAYS[day.weekday()],
            "day": Markup("&nbsp;&nbsp;") + str(day.day) if day.day < 10 else str(day.day),
        }
        holiday = words.HOLIDAYS.get((day.month, day.day), "")
        css = zebra
        if not holiday and _school_holiday(day) and day.weekday() < 5:
            holiday, css = "Schulferien", "zl1m"
        if day.weekday() > 4:
            css = "zl16" if day.weekday() == 5 else "zl17"
        elif holiday and css == zebra:
            css = "zl17"
        rows: list[dict[str, Any]] = []
        if holiday:
            rows.append({**head, "css": css, "name": holiday, "time": ""})
        for meeting in meetings:
            day_cells = {} if rows else head
            rows.append(
                {
                    **day_cells,
                    "css": zebra,
                    "id": meeting.id,
                    "time": _span(meeting),
                    "name": meeting.printed_name(self.dialect),
                    "linked": meeting.linked,
                    "minutes": meeting.minutes_out and program != "si010",
                    "room": meeting.room or "\u00a0",
                }
            )
        return rows or [{**head, "css": css}]

    # ---- papers

    def _paper_head(self, paper: Paper) -> dict[str, Any]:
        related = self.town.listed_paper(paper.related_paper_id) if paper.related_paper_id else None
        return {
            "id": paper.id,
            "reference": paper.reference,
            "title": _lines(paper.name.split("\n")),
            "status": paper.status,
            "type": paper.paper_type,
            "authors": _lines(paper.authors),
            "lead": paper.lead,
            "clerk": paper.clerk,
            "file_number": paper.file_number,
            "related": {"id": related.id, "reference": related.reference} if related else None,
        }

    def _vo020(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        paper_id = _number(parameters, "VOLFDNR")
        if self.town.withdrawn("vo020", paper_id):
            return self.bare(WITHDRAWN)
        paper = self.town.paper(paper_id)
        if paper is None:
            return self.bare(UNKNOWN)
        lines = []
        for line in paper.consultations:
            sittings = [
                {
                    "id": s.meeting_id,
                    "item": s.agenda_item_id or 0,
                    "linked": s.linked,
                    "extract": s.extract,
                    "name": s.meeting_name if self.dialect == "embedded" else f"Sitzung {s.meeting_name}",
                    "date": self._dates(_german(s.date)),
                    "result": s.result,
                }
                for s in line.sessions
            ]
            lines.append(
                {
                    "body": line.organization_name,
                    "role": line.role,
                    "status": line.status,
                    "color": STATUS_COLORS[line.status],
                    "sessions": sittings,
                }
            )
        documents = [
            {
                "number": f.id[2:],
                "text": f.button.replace("Vorlage", self._paper_word),
                "title": f.name.replace("Vorlage", self._paper_word),
                "typ": "130" if place else "",
            }
            for place, f in enumerate(paper.documents)
        ]
        sections = self._sections(paper.sections, paper.id)
        context = {
            "paper": self._paper_head(paper),
            "consultations": lines,
            "documents": documents,
            "menu": self._menu(paper.sections) if paper.section_menu else [],
            "sections": sections,
            "files": self._files(paper.files, session, "vo", paper.id),
        }
        return self._page(
            "vo020",
            self._paper_word,
            f"{self._paper_word} - {paper.reference}",
            "vo020",
            context,
            base,
            "VOLFDNR",
            paper.id,
        )

    def _vo040(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        ids = list(self.town.paper_ids())
        length = PAGE_LENGTH
        if parameters.get("shownext"):
            session.offset = session.offset + PAGE_LENGTH if session.offset + PAGE_LENGTH < len(ids) else session.offset
        elif parameters.get("showprev"):
            session.offset = max(0, session.offset - PAGE_LENGTH)
        else:
            session.offset = 0
            length = len(ids) if parameters.get("showall") else PAGE_LENGTH
        shown = ids[session.offset : session.offset + length]
        rows = []
        for place, paper_id in enumerate(shown):
            paper = self.town.listed_paper(paper_id)
            rows.append(
                {
                    "css": ZEBRA[place % 2],
                    "id": paper.id,
                    "reference": paper.reference,
                    "name": paper.name,
                    "date": _german(paper.date),
                    "type": paper.paper_type,
                    "files": bool(paper.files),
                    "decided": paper.id % 2,
                }
            )
        last = session.offset + len(shown)
        context = {
            "rows": rows,
            "from": session.offset + 1,
            "to": last,
            "more": last < len(ids),
            "total": len(ids) // 100 * 100 if len(ids) > 500 else len(ids),
        }
        return self._page(
            "vo040", f"{self._paper_word}n", f"{self._paper_word}n - Übersicht", "vo040", context, base, decorated=False
        )

    # ---- bodies and people

    def _au010(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        first, last = _number(parameters, "SORTVON"), _number(parameters, "SORTBIS") or 100
        bodies = [
            org for org in self.town.people.bodies if org.organization_type != "Rat" and first <= org.sort <= last
        ]
        return self._list(parameters.get("T1") or "Ausschüsse", bodies, "au", "Gremium", base)

    def _fr010(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        return self._list("Fraktionen/Gruppen", list(self.town.people.groups), "fr", "Fraktion/Gruppe", base)

    def _list(self, heading: str, organizations: list[Organization], prefix: str, option: str, base: str) -> Answer:
        rows: list[dict[str, Any]] = []
        active = [org for org in organizations if not org.end_date]
        for org in active + [org for org in organizations if org.end_date]:
            if org.end_date and not any(row.get("separator") for row in rows):
                rows.append({"separator": True})
            last, following = self._neighbours(org)
            count = Markup("(bis&nbsp;%s)") % _german(org.end_date) if org.end_date else len(self.town.members(org))
            rows.append({"key": org.key, "name": org.name, "count": count, "last": last, "next": following})
        for place, row in enumerate(rows):
            row["css"] = ZEBRA[place % 2]
        context = {
            "rows": rows,
            "today": self.town.today.strftime("%d.%m.%Y"),
            "target": f"{prefix}020",
            "parameter": f"{prefix.upper()}LFDNR",
            "option": option,
            "css": f"il1_{prefix}",
            "text": prefix.upper(),
        }
        return self._page(f"{prefix}010", heading, heading, "list", context, base, decorated=False)

    def _neighbours(self, org: Organization) -> tuple[Markup | str, Markup | str]:
        today = self.town.today
        near = [
            m
            for m in self.town.between(today - timedelta(days=70), today + timedelta(days=70))
            if m.organization_id == org.id
        ]
        past = [m.date for m in near if m.date < today.isoformat()]
        coming = [m.date for m in near if m.date >= today.isoformat()]
        return (self._dates(_german(max(past))) if past else "", self._dates(_german(min(coming))) if coming else "")

    def _council(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        council = self.town.people.bodies[0]
        if (_number(parameters, "PALFDNR") or council.key) != council.key:
            return self.bare(UNKNOWN)
        return self._roster(council, "pa020", "PALFDNR", base)

    def _au020(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        org = self.town.organization(f"au{_number(parameters, 'AULFDNR')}")
        return self._roster(org, "au020", "AULFDNR", base) if org else self.bare(UNKNOWN)

    def _fr020(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        org = self.town.organization(f"fr{_number(parameters, 'FRLFDNR')}")
        return self._roster(org, "fr020", "FRLFDNR", base) if org else self.bare(UNKNOWN)

    def _roster(self, org: Organization, program: str, parameter: str, base: str) -> Answer:
        rows = []
        for place, member in enumerate(self.town.members(org)):
            name = member.name
            person = self.town.person(member.person_id) if member.person_id else None
            if person and name == person.name and self.dialect == "standalone":
                name = f"{person.family_name}, {' '.join(filter(None, (person.title, person.given_name)))}"
            rows.append(
                {
                    "css": ZEBRA[place % 2],
                    "id": member.person_id,
                    "name": name,
                    "role": member.role,
                    "affiliation": member.affiliation,
                }
            )
        mail = "".join(f"&#{ord(letter)};" for letter in "mailto:rat@lindenrath.example")
        context = {
            "rows": rows,
            "ended": _german(org.end_date) if org.end_date else "",
            "gra": 1000 + org.key,
            "address": Markup(mail) if org.key % 2 else "",
        }
        return self._page(program, "Gremium", org.name, "roster", context, base, parameter, org.key, decorated=False)

    def _kp020(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        person = self.town.person(_number(parameters, "KPLFDNR"))
        if person is None:
            return self.bare(UNKNOWN)
        history = parameters.get("history") == "true"
        groups: dict[str, list[dict[str, Any]]] = {}
        for member in self.town.memberships(person.id, history):
            org = self.town.organization(member.organization_id)
            assert org is not None
            title = {"Rat": "Rat der Stadt", "Fraktion": "Fraktionen"}.get(org.organization_type, "Ausschüsse")
            rows = groups.setdefault(title, [])
            prefix = org.id[:2]
            again = any(row["name"] == org.name for row in rows)
            rows.append(
                {
                    "css": ZEBRA[len(rows) % 2],
                    "form": not again,
                    "program": f"{prefix}020.asp",
                    "parameter": f"{prefix.upper()}LFDNR",
                    "key": org.key,
                    "button": f"il1_{prefix}",
                    "text": prefix.upper(),
                    "name": org.name,
                    "role": member.role,
                    "period": _period_text(member.start_date, member.end_date),
                }
            )
        for rows in groups.values():  # a row without form goes on with the body above it
            rows.sort(key=lambda row: (row["key"], not row["form"]))
        context = {
            "person": person,
            "history": history,
            "groups": [{"title": title, "rows": rows} for title, rows in groups.items()],
        }
        return self._page("kp020", "Person", person.name, "kp020", context, base, "KPLFDNR", person.id, decorated=False)

    # ---- the rest

    def _do027(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        document_id = _number(parameters, "DOLFDNR")
        file = self.town.document(document_id)
        if file is None:
            return self.bare("(Angefordertes Dokument nicht im Bestand)")
        return self.redirect(f"{self.root}{session.document(document_id)}/{file.file_name}")

    def redirect(self, location: str) -> Answer:
        """ASP's "Object moved"."""
        body = (
            "<head><title>Object moved</title></head>\n<body><h1>Object Moved</h1>This document may be found "
            '<a HREF="">here</a></body>'
        )
        return Answer(body.encode(), 302, headers=[("Location", location)])

    def _to_noauth(self) -> Answer:
        return self.redirect(f"{self.root}noauth.asp")

    def _noauth(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        return self.bare("<html><head><title>Kein Zugriff</title></head><body>Keine Berechtigung.</body></html>")

    def _home(self, parameters: dict[str, str], session: Session, base: str) -> Answer:
        return self.bare(f"<html><head><title>ALLRIS net</title></head><body><p>{words.NOTICE}</p></body></html>")


def _number(parameters: dict[str, str], name: str) -> int:
    value = parameters.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 12 else 0


def _german(day: str) -> str:
    return f"{day[8:10]}.{day[5:7]}.{day[:4]}"


def _moment(moment: str | None) -> str:
    return f"{_german(moment)} {moment[11:]}" if moment else ""


def _span(meeting: Meeting) -> str:
    return f"{meeting.start_time} - {meeting.end_time}" if meeting.end_time else meeting.start_time or ""


def _size(number: int) -> str:
    kilobytes = number / 1024
    text = f"{kilobytes:.1f} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"
    return text.replace(".", ",")


def _lines(lines: Iterable[str]) -> Markup:
    return Markup("<br  />").join(lines)


def _converted(file: File) -> str:
    return f"{file.file_name.rpartition('.')[0]}.pdf" if file.converted else file.file_name


def _school_holiday(day: date) -> bool:
    return (
        (day.month == 7 and day.day > 9)
        or (day.month == 8 and day.day < 20)
        or (day.month == 10 and 5 < day.day < 18)
        or (day.month == 4 and day.day < 12)
        or (day.month == 12 and day.day > 22)
    )


def _period_text(start: str | None, end: str | None) -> str:
    if start and end:
        return f"{_german(start)} - {_german(end)}"
    return f"seit {_german(start)}" if start else ""
