"""What a person typed, as FTS5 understands it. Every text is a query: nothing raises, nothing is a syntax error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from ..clock import month
from .language import (
    DAY,
    JOINED,
    MONTH,
    REFERENCE,
    SHARED,
    YEAR,
    completed,
    joined,
    pieces,
    reference,
    reference_token,
    synonyms,
    word,
    words_of,
)
from .stems import WORD, fold

#: So many words of a query count, and so many of those that hyphens join.
MOST_WORDS = 12
#: So many of them where no row has all.
_SOME = 5
#: So many tokens may stand between the parts of a compound that is spelt out: Planung der Schulentwicklung.
NEARNESS = 6
#: In every row of the index, so that a query of exclusions alone has something to exclude from.
EVERY_ROW = "0alle0"
NOTHING = '""'

_SIGNS = str.maketrans(
    dict.fromkeys("„“”«»‟", '"')
    | dict.fromkeys("–−—‐‑", "-")
    | dict.fromkeys("\N{SOFT HYPHEN}\u200b\u200c\u200d\u2060\ufeff")  # of no width, copied along
)
_SLASHED = re.compile(rf"(?<![\d/-])(\d\d?)([/-])(\d\d?)\2({YEAR})(?![\d/-])")  # 18/12/2025
_DASHED = re.compile(rf"(?<![\w./-])({YEAR})-(?!19|20)(\d{{3,5}})(?![\w/-])")  # 2025-0402
#: 12.2025, 2025-12
_MONTH = re.compile(rf"(?<![\w./-])(?:({MONTH})[.-]({YEAR})|({YEAR})-(?=\d\d)({MONTH}))(?![\w/-]|\.\d)")
_MONTH_OR_PAPER = re.compile(f"({MONTH})/({YEAR})")
_ITEM = re.compile(r'(?<!\S)(-?)"([^"]*)(?:"|$)|(-?)([^\s"]+)')


class Strictness(Enum):
    """How well a row must fit; the next is tried where one finds nothing."""

    ALL = "all words, compounds whole or their parts close together"
    APART = "all words, parts of compounds anywhere"
    SOME = "some of the words, their compounds as for ALL"


@dataclass(frozen=True)
class Term:
    """One thing to look for. ``ways`` are the normal forms that show it, any of them: one word, or several.

    Several stand side by side in this order if ``exact``, else close together. ``reference`` is that of a paper.
    """

    ways: tuple[tuple[str, ...], ...]
    text: str
    exact: bool = False
    excluded: bool = False
    reference: str | None = None  # its numbers: 2021/402

    @property
    def number(self) -> bool:
        return not any(map(str.isalpha, self.text))

    @property
    def day(self) -> bool:
        return DAY.fullmatch(self.text) is not None

    def apart(self) -> tuple[Term, ...]:
        """The words that hyphens join, each for itself; the paper that a reference is a supplement of."""
        if self.reference:
            return (_reference("/".join(self.reference.split("/")[:2])),) if self.reference.count("/") > 1 else (self,)
        return (self,) if self.exact or "-" not in self.text else tuple(_plain(self.text.replace("-", " ")))

    def fts(self, strictness: Strictness = Strictness.ALL) -> str:
        return _any(self._way(way, strictness) for way in self.ways)

    def _way(self, way: tuple[str, ...], strictness: Strictness) -> str:
        if self.exact or (len(way) == 1 and len(way[0]) < 3):  # so short a word means itself, not a part of another
            return f'{{title text}} : "{" ".join(way)}"'
        words = [f'"{token}"' for token in dict.fromkeys(way)]
        if len(words) == 1:
            return words[0]
        return f"({' AND '.join(words)})" if strictness is Strictness.APART else f"NEAR({' '.join(words)}, {NEARNESS})"


@dataclass(frozen=True)
class Query:
    """``wanted`` and ``excluded`` terms of a ``text``; ``ignored``: terms beyond MOST_WORDS."""

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    ignored: int = 0
    text: str = ""

    @property
    def empty(self) -> bool:
        return not self.wanted and not self.excluded

    def terms(self, strictness: Strictness) -> tuple[Term, ...]:
        """The wanted terms, or those of them that count where no row has all."""
        if strictness is not Strictness.SOME:
            return self.wanted
        terms = [each for term in self.wanted for each in term.apart()]
        # A short number or a letter says nothing alone: Tempo 30, E-Bus. Long words are rare: they say more, sooner.
        said = [term for term in terms if len(term.text) > (4 if term.text.isdecimal() else 1)] or terms
        return tuple(sorted(said, key=lambda term: (not term.reference, -len(term.text)))[:_SOME])

    def fts(self, strictness: Strictness = Strictness.ALL, columns: str = "") -> str:
        """The FTS5 expression; the wanted terms in these columns only."""
        if self.empty:
            return NOTHING
        between = " OR " if strictness is Strictness.SOME else " AND "
        wanted = between.join(term.fts(strictness) for term in self.terms(strictness)) or f'"{EVERY_ROW}"'
        if columns:
            wanted = f"{{{columns}}} : ({wanted})"
        return f"({wanted}) NOT {_any(term.fts() for term in self.excluded)}" if self.excluded else wanted


def _any(expressions: Iterable[str]) -> str:
    return f"({' OR '.join(dict.fromkeys(expressions))})"


def parse(typed: str) -> Query:
    """Words are all wanted; ``"…"`` is a phrase; ``-word`` and ``-"phrase"`` are not wanted; all else is text."""
    text = unicodedata.normalize("NFKC", typed).translate(_SIGNS).replace("\0", " ")
    text = _DASHED.sub(r"\1/\2", _SLASHED.sub(r"\1.\3.\4", text))
    text = _MONTH.sub(lambda match: _named(match[1] or match[4], match[2] or match[3]), text)
    terms: list[Term] = []
    ignored = 0
    for term in _terms(text):
        if len(terms) < MOST_WORDS:
            terms.append(term)
        else:
            ignored += 1
    wanted = tuple(dict.fromkeys(term for term in terms if not term.excluded))
    hollow = words_of("stop") | words_of("titles")
    if any(term.reference for term in wanted):  # Vorlagen-Nr. 2021/0402
        hollow |= words_of("reference")
        if not any(_hollow(term, words_of("reference")) for term in wanted):
            wanted = tuple(map(_or_month, wanted))
    if any(term.number for term in wanted):
        hollow |= words_of("number")
    if any(term.day for term in wanted):
        hollow |= words_of("day")
    meaning = tuple(term for term in wanted if not _hollow(term, hollow))
    return Query(meaning or wanted, tuple(term for term in terms if term.excluded), ignored, text)


def _hollow(term: Term, words: frozenset[str]) -> bool:
    """Whether it is made of such words only; a phrase, or half a word (Vor- und Nachteile), is more than they are."""
    whole = not term.exact and not term.text.endswith("-")
    return whole and words.issuperset(map(fold, pieces(term.text)))


def escape_fts(typed: object) -> str:
    """For Datasette's table search: the FTS5 expression of anything typed; of nothing, one that finds nothing."""
    return parse("" if typed is None else str(typed)[:2_000]).fts()


def _terms(text: str) -> Iterator[Term]:
    plain: list[str] = []
    for match in _ITEM.finditer(text):
        if match[2] is not None:
            yield from _words(plain)
            plain = []
            yield from _phrase(match[2], bool(match[1]))
        elif match[3]:
            yield from _words(plain)
            plain = []
            yield from (replace(term, excluded=True) for term in _words([match[4]]))
        else:
            plain.append(match[4])
    yield from _words(plain)


def _words(chunks: list[str]) -> Iterator[Term]:
    """References and words of running text, with what means the same."""
    text = " ".join(chunks)
    place = 0
    for match in REFERENCE.finditer(text):
        yield from _plain(text[place : match.start()])
        yield _reference(match[0])
        place = match.end()
    yield from _plain(text[place:])


def _reference(text: str) -> Term:
    year = (parts := reference(text))[0]
    token = (reference_token(parts),)
    following = str(int(year) + 1)
    if text in (f"{year}/{following[2:]}", f"{year}/{following}"):  # two years, rather than a paper
        return Term(((year, following), (year, following[2:]), token), text, exact=True)
    typed = tuple(word(piece).normal for piece in pieces(text))  # also 402/2021
    return Term(tuple(dict.fromkeys((token, tuple(parts), typed))), text, exact=True, reference="/".join(parts))


def _or_month(term: Term) -> Term:
    """12/2025, where nothing says that it is a paper."""
    if not (match := _MONTH_OR_PAPER.fullmatch(term.text)):
        return term
    return replace(term, ways=(*term.ways, tuple(word(piece).normal for piece in pieces(_named(*match.groups())))))


def _named(number: str, year: str) -> str:
    return month(f"{year}-{number:0>2}") or ""


def _plain(text: str) -> Iterator[Term]:
    halves = {match.start(): match[2] for match in SHARED.finditer(text)}
    matches = [*JOINED.finditer(text)]
    found = [_short(match[0]) for match in matches]
    normals = [joined(item).normal for item in found]
    place = 0
    while place < len(found):
        length = next(
            (
                size
                for size in (4, 3, 2, 1)
                if tuple(normals[place : place + size]) in synonyms() and place + size <= len(found)
            ),
            0,
        )
        taken = found[place : place + max(length, 1)]
        others = synonyms().get(tuple(normals[place : place + length]), ()) if length else ()
        term = _term(taken, others)
        if (last := halves.get(matches[place].start())) and len(taken) == 1:
            term = _completed(term, last)
        yield term
        place += len(taken)


def _term(spelt: list[str], others: Iterable[str]) -> Term:
    """A word, or several with one meaning; every compound as it is or spelt out."""
    names = [spelt, *(JOINED.findall(other) for other in others)]
    if len(spelt) == 1:
        names += ([name] for name in _respelt(spelt[0]))
    ways: list[tuple[str, ...]] = []
    for name in names:
        found = [joined(item) for item in name if len(name) == 1 or fold(item) not in words_of("stop")]
        if len(found) == 1:
            ways.append((found[0].normal,))
        ways.append(tuple(leaf for item in found for leaf in item.leaves))
    return Term(tuple(dict.fromkeys(ways)), " ".join(spelt))


def _short(text: str) -> str:
    """The first MOST_WORDS of the words that hyphens join."""
    return text if text.count("-") < MOST_WORDS else "-".join(pieces(text)[:MOST_WORDS])


def _completed(term: Term, last: str) -> Term:
    """The first half of a word whose other half stands in ``last``: Geh- und Radweg."""
    ways = [way for whole in completed(term.text, last)[:1] for way in ((whole.normal,), whole.leaves)]
    return replace(term, ways=tuple(dict.fromkeys(ways)), text=f"{term.text}-") if ways else term


def _respelt(text: str) -> Iterator[str]:
    """A hyphenated word with one piece said otherwise: PV-Anlagen → Photovoltaik-Anlagen."""
    parts = pieces(text)
    for place, part in enumerate(parts if 1 < len(parts) <= _SOME else ()):
        for other in synonyms().get((word(part).normal,), ()):
            if WORD.fullmatch(other):
                yield "-".join((*parts[:place], other, *parts[place + 1 :]))


def _phrase(text: str, excluded: bool) -> Iterator[Term]:
    way = tuple(word(piece).normal for piece in pieces(text))[:MOST_WORDS]
    if way:
        yield Term((way,), text, exact=True, excluded=excluded)
