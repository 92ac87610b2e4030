"""What is true in Lindenrath: frozen records that say what each page prints, for tests to compare with."""

from __future__ import annotations

from dataclasses import dataclass, field

SPACES = str.maketrans({"\u00a0": " "})


@dataclass(frozen=True)
class Block:
    """One piece of a section: `p` (text, maybe bold or underlined), `blank`, `ol`/`ul` (items), `table` (rows)."""

    kind: str
    text: str = ""
    style: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Section:
    """A text section of an excerpt (WP, BS, AE) or a paper (FA, BV, SV, AN).

    `anchor`: the page has `<a name="allrisXX">`; `document`: a nested document follows it; `listed`: the menu
    names it. A section can have an anchor and no document, or a document that holds only NBSP (`text` is "").
    """

    key: str
    blocks: tuple[Block, ...] = ()
    anchor: bool = True
    document: bool = True
    listed: bool = True

    @property
    def text(self) -> str:
        """The text as a person reads it, one line a paragraph, list item or table row; cells parted by blanks.

        List numbers are markup and not part of it. Compare texts with all white space removed.
        """
        lines: list[str] = []
        for block in self.blocks:
            if block.kind == "table":
                lines.extend(" ".join(cell for cell in row if cell) for row in block.rows)
            elif block.kind in ("ol", "ul"):
                lines.extend(block.items)
            elif block.kind == "p":
                lines.append(block.text)
        return "\n".join(line for line in lines if line.strip()).translate(SPACES)


@dataclass(frozen=True)
class VoteCount:
    """One group's column: `label` as printed, `group` normalised; None where the print says nothing."""

    label: str
    group: str
    yes: int | None
    no: int | None
    abstain: int | None


@dataclass(frozen=True)
class Vote:
    """One ballot of an item.

    `section` AE or WP; `form` is how it is printed: table (by group), totals, sentence. `consistent` tells whether
    totals and groups add up (None: no groups); `printed_wrong` marks the few tables the town prints wrong on purpose.
    `unanimous` is 1 where words or complete figures say so. `final` is the vote on the item itself.
    """

    section: str
    position: int
    form: str
    subject: str
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    unanimous: int | None = None
    consistent: int | None = None
    counts: tuple[VoteCount, ...] = ()
    sentence: str = ""
    final: bool = True
    printed_wrong: bool = False


@dataclass(frozen=True)
class File:
    """An attachment (`vo77-1`, `to9001-2`) or a document of the system (`do431017`).

    `name` is NFC; the page prints it decomposed where `decomposed`. `title` is the first line of the PDF. `converted`:
    the original is no PDF, and the embedded dialect offers a "PDF-Dokument" beside it. `oddity`: see ODDITIES.
    """

    id: str
    name: str
    number: int | None = None
    modified: str | None = None
    public: bool = True
    file_name: str = ""
    title: str = ""
    decomposed: bool = False
    converted: bool = False
    button: str = ""
    oddity: str = ""


@dataclass(frozen=True)
class Organization:
    """A body or a group. `key` is the ALLRIS number, `id` the key with its list's prefix (`pa1`, `au12`, `fr3`)."""

    id: str
    key: int
    name: str
    organization_type: str
    genitive: str
    sort: int = 0
    start_date: str | None = None
    end_date: str | None = None


@dataclass(frozen=True)
class Person:
    """A member of a body: elected, appointed or, with `staff`, sent by the administration ("Verwaltung")."""

    id: int
    name: str
    family_name: str
    given_name: str
    form_of_address: str
    title: str = ""
    staff: bool = False


@dataclass(frozen=True)
class Membership:
    """A roster row: `person_id` None where the name has no link, `name` may then be all there is, or be empty."""

    organization_id: str
    person_id: int | None
    name: str
    role: str
    affiliation: str
    start_date: str | None = None
    end_date: str | None = None
    staff: bool = False


@dataclass(frozen=True)
class Meeting:
    """A meeting. `name` is the embedded dialect's print ("des Schulausschusses"), `sitting_name` the stand-alone's.

    `linked`: it has a public agenda page (unlinked ones stand in the calendar only). `kind`: public, import (era of
    whole minutes), closed ("(nichtöffentlich)"), group (a group's own meeting), cancelled.
    """

    id: int
    organization_id: str
    organization_name: str
    name: str
    sitting_name: str
    date: str
    start_time: str | None
    end_time: str | None
    status: str
    occasion: str
    room: str | None
    location: str | None
    note: str
    reference: str
    kind: str
    linked: bool
    cancelled: bool = False
    moved: bool = False
    minutes_out: bool = False
    files: tuple[File, ...] = ()

    def printed_name(self, dialect: str) -> str:
        """The name as that dialect prints it."""
        return self.name if dialect == "embedded" else self.sitting_name


@dataclass(frozen=True)
class AgendaItem:
    """An agenda item as listed (`position` 1..n). `name` is the printed title, lines parted by newline.

    `extra_info` is the grey Zusatzinfo (it can name an employee). `result` is "" where nothing is printed and
    "(offen)" where that is. `earlier_meeting_id` is set for the approval of earlier minutes. `masked`: title withheld.
    """

    id: int
    meeting_id: int
    position: int
    public: bool
    number: str
    kind: str
    name: str
    extra_info: str = ""
    supplement: bool = False
    result: str = ""
    changed_icon: bool = False
    has_extract: bool = False
    masked: bool = False
    paper_id: int | None = None
    stage: int = 0
    earlier_meeting_id: int | None = None
    earlier_document: int | None = None
    files: tuple[File, ...] = ()
    sections: tuple[Section, ...] = ()
    votes: tuple[Vote, ...] = ()

    def section(self, key: str) -> str:
        """The text of a section, "" where there is none."""
        return next((s.text for s in self.sections if s.key == key), "")


@dataclass(frozen=True)
class Session:
    """One sitting within a consultation; `meeting_id` None: not public, `meeting_name` is plain text then."""

    meeting_id: int | None
    agenda_item_id: int | None
    meeting_name: str
    date: str
    result: str
    extract: bool
    linked: bool


@dataclass(frozen=True)
class Consultation:
    """A line of the Beratungsfolge: body, role (may be blank) and its sittings. Status as the cell's title says."""

    organization_id: str
    organization_name: str
    role: str
    status: str
    sessions: tuple[Session, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A paper. `authors` as printed; `elected_authors` those of them the project may store (no employees)."""

    id: int
    reference: str
    name: str
    paper_type: str
    status: str
    date: str
    kind: str
    authors: tuple[str, ...] = ()
    elected_authors: tuple[str, ...] = ()
    lead: str = ""
    clerk: str = ""
    file_number: str = ""
    related_paper_id: int | None = None
    consultations: tuple[Consultation, ...] = ()
    files: tuple[File, ...] = ()
    documents: tuple[File, ...] = ()
    sections: tuple[Section, ...] = ()
    section_menu: bool = True
    item_name: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """All sections' texts, one after the other."""
        return "\n".join(s.text for s in self.sections if s.text)


@dataclass(frozen=True)
class Revision:
    """How the source differs from its first state (all zero)."""

    changed: int = 0
    new: int = 0
    withdrawn: int = 0
    moved: int = 0
