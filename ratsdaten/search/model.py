"""What somebody asks for, and what they get: plain values, the contract between the search and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..groups import GROUPS, known
from ..outcomes import OUTCOMES

#: Searchable table -> what citizens call its rows, in the order of the page.
KINDS = {
    "agenda_items": "Tagesordnungspunkte",
    "papers": "Vorlagen",
    "meetings": "Sitzungen",
    "persons": "Personen",
    "organizations": "Gremien und Fraktionen",
    "files": "Dokumente",
}
PAGE_SIZE = 20
#: What hits are counted and filtered by.
FACETS = ("kind", "body", "year", "group", "outcome", "votes")
#: Text that is marked or not: the runs together are the text.
Runs = tuple[tuple[str, bool], ...]

#: Field of Search -> its word in the URL.
_WORDS = {
    "q": "q",
    "kind": "art",
    "body": "gremium",
    "since": "von",
    "until": "bis",
    "group": "fraktion",
    "outcome": "ergebnis",
    "votes": "abstimmung",
    "sort": "sortierung",
    "page": "seite",
}
_OUTCOMES = {outcome.name for outcome in OUTCOMES}
_LONGEST = 2_000  # letters of a query that are looked at


@dataclass(frozen=True)
class Search:
    """A query and its filters; ``since`` and ``until`` are days (YYYY-MM-DD), both included.

    ``kind`` is a table of KINDS, ``body`` an organizations.id, ``group`` a groups.name, ``outcome`` an outcomes.name,
    ``sort`` is relevance or date. ``problems`` says in German what of the URL could not be understood.
    """

    q: str = ""
    kind: str = ""
    body: str = ""
    since: str = ""
    until: str = ""
    group: str = ""
    outcome: str = ""
    votes: bool = False
    sort: str = "relevance"
    page: int = 1
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> Search:
        """Read the words of a URL. Never raises: what cannot be understood is left out and named in ``problems``."""
        text = {name: str(arguments.get(word) or "").replace("\0", " ").strip() for name, word in _WORDS.items()}
        problems = []

        def ignored(name: str, wanted: str) -> str:
            problems.append(f"„{text[name][:40]}“ ist {wanted}; die Angabe wurde nicht beachtet.")
            return ""

        if text["kind"] and text["kind"] not in KINDS:
            text["kind"] = ignored("kind", "keine Art von Treffern")
        if text["outcome"] and text["outcome"] not in _OUTCOMES:
            text["outcome"] = ignored("outcome", "kein Ergebnis, das wir kennen")
        since, until = (period(text["since"])[0], period(text["until"])[1])
        if text["since"] and not since:
            ignored("since", "kein Datum")
        if text["until"] and not until:
            ignored("until", "kein Datum")
        if since and until and since > until:
            since, until = period(text["until"])[0], period(text["since"])[1]
            problems.append("Das Ende lag vor dem Anfang; beide wurden getauscht.")
        if text["votes"] not in ("", "0", "1"):
            ignored("votes", "keine Angabe zu Abstimmungen (1 heißt: nur mit Abstimmung)")
        if text["sort"] not in ("", "datum", "relevanz"):
            ignored("sort", "keine Reihenfolge (relevanz oder datum)")
        page = int(text["page"]) if text["page"].isdecimal() and len(text["page"]) < 9 else 0
        if text["page"] and not page:
            ignored("page", "keine Seite")
        return cls(
            q=text["q"][:_LONGEST],
            kind=text["kind"],
            body=text["body"][:100],
            since=since,
            until=until,
            group=(known(text["group"]) or text["group"])[:100],
            outcome=text["outcome"],
            votes=text["votes"] == "1",
            sort="date" if text["sort"] == "datum" else "relevance",
            page=page or 1,
            problems=tuple(problems),
        )

    def arguments(self) -> dict[str, str]:
        """The words of a URL that asks for the same; what is not asked for is left out."""
        values = {word: getattr(self, name) for name, word in _WORDS.items()}
        values["abstimmung"] = "1" if self.votes else ""
        values["sortierung"] = "datum" if self.sort == "date" else ""
        values["seite"] = str(self.page) if self.page > 1 else ""
        return {word: value for word, value in values.items() if value}


def period(text: str) -> tuple[str, str]:
    """First and last day of a year, a month or a day, as ISO or as Germans write it; two empty texts for anything else.

    ``2020-10``, ``10/2020`` → (2020-10-01, 2020-10-31); ``31.10.2020`` → that day twice.
    """
    text = text.replace("/", ".")
    parts = text.split(".")[::-1] if "." in text else text.split("-")
    try:
        numbers = [int(part) for part in parts if part.isdecimal()]
        if len(numbers) != len(parts) or not 1900 <= numbers[0] <= 2200 or len(parts) > 3:
            return "", ""
        first = date(*(numbers + [1, 1])[:3])
        last = date(numbers[0], 12, 31) if len(parts) == 1 else first
        if len(parts) == 2:
            last = date.fromordinal(date(first.year + first.month // 12, first.month % 12 + 1, 1).toordinal() - 1)
        return first.isoformat(), last.isoformat()
    except (ValueError, IndexError, OverflowError):
        return "", ""


@dataclass(frozen=True)
class Hit:
    """One row found. ``id`` is its key; numbers and names as the tables hold them, None where they say nothing."""

    kind: str
    id: int | str
    title: str
    title_runs: Runs
    snippet: Runs
    date: str | None = None
    body: str | None = None
    body_id: str | None = None
    outcome: str | None = None
    votes: bool = False
    reference: str | None = None  # of the paper, or of the paper an item treats
    slug: str | None = None  # papers.slug of the same
    number: str | None = None  # of the item on its agenda
    meeting_id: int | None = None
    paper_id: int | None = None
    agenda_item_id: int | None = None  # of a file: the item it is attached to
    url: str | None = None  # of a file: where the source keeps it
    cancelled: int = 0  # of a meeting


@dataclass(frozen=True)
class Count:
    """How many hits a filter would leave; ``value`` is what the filter wants, ``label`` what people read."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Results:
    """One page of hits. ``counts``: facet (kind, body, year, group, outcome, votes) -> its values, as if it were off.

    ``relaxed``: no row has all words, these have some; ``apart``: none has a compound, these have its parts.
    ``suggestion``: a spelling that has hits. ``ignored``: how many words of the query were too many to look for;
    ``wordless``: it has none, only other characters.
    """

    search: Search
    total: int
    hits: list[Hit]
    counts: dict[str, list[Count]]
    suggestion: str | None = None
    relaxed: bool = False
    apart: bool = False
    ignored: int = 0
    wordless: bool = False
    pages: int = 1

    @property
    def loose(self) -> bool:
        """Whether these are not what was asked for: who waits for that wants no feed of them."""
        return self.relaxed or self.apart


#: Groups in the order of groups.yml.
GROUP_ORDER = {group.name: place for place, group in enumerate(GROUPS)}
