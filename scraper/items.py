"""What the parsers say about a page: the data contract in code, one dataclass a page kind.

Names follow OParl 1.1. ``None`` always means "the page does not say". Dates are ISO ``YYYY-MM-DD``,
times ``HH:MM`` local, sizes in bytes. Nothing here holds the name of an administration employee.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Organization:
    """A body or group; ``id`` is ALLRIS's list prefix and number: ``au235``, ``pa1``, ``fr12``."""

    id: str
    name: str | None = None
    organization_type: str | None = None
    end_date: str | None = None


@dataclass(slots=True)
class Person:
    """A person; ``id`` is KPLFDNR. Parts of the name are given only where its printed form leaves no doubt."""

    id: int
    name: str | None
    family_name: str | None = None
    given_name: str | None = None
    form_of_address: str | None = None
    title: str | None = None


@dataclass(slots=True)
class Document:
    """A document the system made (button "Einladung", "Vorlage" …), by DOLFDNR."""

    id: int
    name: str
    url: str = field(repr=False)

    @property
    def printed(self) -> dict[str, str | int | None]:
        """What the page says of it, as columns of ``files``."""
        return {"name": self.name, "url": self.url}

    @property
    def mime_type(self) -> str:
        return "application/pdf"


@dataclass(slots=True)
class Attachment:
    """An uploaded file ("Anlage"); ``key`` is unique on its page, the printed number where there is one.

    ``size`` is what the page prints ("460,8 KB"), so rounded by the source; ``path`` lasts for one session only, as
    does ``pdf_path``: the file where it is a PDF, else the copy as PDF that some pages offer beside it.
    """

    key: str
    name: str
    number: int | None
    modified: str | None
    size: int | None
    mime_type: str | None
    path: str = field(repr=False, compare=False)
    pdf_path: str | None = field(default=None, repr=False, compare=False)

    @property
    def printed(self) -> dict[str, str | int | None]:
        """What the page says of it, as columns of ``files``."""
        return {"name": self.name, "number": self.number, "modified": self.modified, "printed_size": self.size}


ShownFiles = dict[str, Document | Attachment]


def _by_id(owner: str, documents: tuple[Document, ...], attachments: tuple[Attachment, ...]) -> ShownFiles:
    """The files of a page by ``files.id``."""
    return {f"do{d.id}": d for d in documents} | {f"{owner}-{a.key}": a for a in attachments}


@dataclass(slots=True)
class Section:
    """One Word text of a page (anchor ``allrisWP`` …): sanitised HTML and plain text, never empty."""

    code: str
    html: str
    text: str


@dataclass(slots=True)
class Meeting:
    """A meeting as its agenda, an excerpt or a calendar prints it; ``id`` is SILFDNR."""

    id: int
    name: str | None = None
    date: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    room: str | None = None
    cancelled: bool = False
    organization: Organization | None = None
    organization_name: str | None = None
    status: str | None = None
    occasion: str | None = None
    location: str | None = None


@dataclass(slots=True)
class Paper:
    """A paper as a page other than its own mentions it; ``id`` is VOLFDNR."""

    id: int
    reference: str | None = None
    name: str | None = None
    status: str | None = None
    paper_type: str | None = None
    author: str | None = None
    lead: str | None = None
    date: str | None = None


@dataclass(slots=True)
class AgendaItem:
    """One row of an agenda; ``id`` is TOLFDNR, ``number`` without the Ö/N letter, ``excerpt``: it has a to020 page."""

    id: int
    number: str | None
    public: bool
    name: str | None
    supplement: bool = False
    result: str | None = None
    paper: Paper | None = None
    excerpt: bool = False


@dataclass(slots=True)
class Consultation:
    """One line of a paper's Beratungsfolge; ids are SILFDNR and TOLFDNR."""

    organization_name: str | None
    role: str | None
    status: str | None
    date: str | None = None
    meeting_id: int | None = None
    agenda_item_id: int | None = None
    result: str | None = None


@dataclass(slots=True)
class Member:
    """One row of a roster or of a person's list; ``person`` is None where the name is no link."""

    organization_id: str
    person: Person | None
    name: str | None
    role: str | None
    affiliation: str | None
    start_date: str | None = None
    end_date: str | None = None


@dataclass(slots=True)
class CalendarPage:
    """``si010*``: the meetings of one month; ``agendas`` are the ids whose agenda is linked."""

    meetings: tuple[Meeting, ...]
    agendas: frozenset[int]


@dataclass(slots=True)
class AgendaPage:
    """``to010``: a meeting with its agenda in printed order."""

    meeting: Meeting
    items: tuple[AgendaItem, ...]
    documents: tuple[Document, ...]
    attachments: tuple[Attachment, ...]

    @property
    def files(self) -> ShownFiles:
        return _by_id(f"si{self.meeting.id}", self.documents, self.attachments)


@dataclass(slots=True)
class ExcerptPage:
    """``to020``: the minutes of one agenda item."""

    meeting: Meeting
    item: AgendaItem
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]

    @property
    def files(self) -> ShownFiles:
        return _by_id(f"to{self.item.id}", (), self.attachments)


@dataclass(slots=True)
class PaperPage:
    """``vo020``: a paper with its way through the bodies."""

    paper: Paper
    consultations: tuple[Consultation, ...]
    sections: tuple[Section, ...]
    documents: tuple[Document, ...]
    attachments: tuple[Attachment, ...]

    @property
    def files(self) -> ShownFiles:
        return _by_id(f"vo{self.paper.id}", self.documents, self.attachments)


@dataclass(slots=True)
class PaperListPage:
    """``vo040``: papers, newest first; rows ``first`` to ``last``; ``more``: another page follows in this session."""

    papers: tuple[Paper, ...]
    first: int
    last: int
    more: bool


@dataclass(slots=True)
class OrganizationListPage:
    """``au010``, ``fr010``, ``pa021``: bodies or groups; ``windows`` are the queries of the page's sibling lists."""

    organizations: tuple[Organization, ...]
    windows: tuple[str, ...]


@dataclass(slots=True)
class RosterPage:
    """``au020``, ``pa020``, ``fr020``: a body or group with its members on the day of the visit."""

    organization: Organization
    members: tuple[Member, ...]


@dataclass(slots=True)
class PersonPage:
    """``kp020``: a person with present and past memberships."""

    person: Person
    memberships: tuple[Member, ...]


Page = (
    CalendarPage | AgendaPage | ExcerptPage | PaperPage | PaperListPage | OrganizationListPage | RosterPage | PersonPage
)


@dataclass(slots=True)
class Download:
    """What came of fetching a file: columns of ``files``. Nothing but ``problem`` (German) where there is no file.

    ``text`` has its pages parted by form feeds; ``checked_at`` is None where nothing was asked for.
    """

    sha256: str | None = None
    size: int | None = None
    mime_type: str | None = None
    page_count: int | None = None
    text: str | None = field(default=None, repr=False)
    text_source: str | None = None
    problem: str | None = None
    checked_at: str | None = None


@dataclass(slots=True)
class Visit:
    """What came of one request: the item the spider yields and the pipeline stores.

    ``url`` is canonical. ``page`` is None where ``error`` says why (``refused``: because it is not public, which is
    no fault). ``found`` are the canonical
    urls (with kind) the crawl will follow from here, so that a killed crawl can be resumed. ``downloads`` are its files
    that were fetched or tried, by ``files.id``.
    """

    url: str
    kind: str
    http_status: int | None
    fetched_at: str
    page: Page | None = field(default=None, repr=False)
    error: str | None = None
    refused: bool = False
    found: tuple[tuple[str, str], ...] = ()
    downloads: dict[str, Download] = field(default_factory=dict, repr=False)
