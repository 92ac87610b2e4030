"""What a person typed, as FTS5 understands it. Every text is a query: nothing raises, nothing is a syntax error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from .language import JOINED, SHARED, completed, joined, pieces, reference_words, stop_words, synonyms, word
from .stems import WORD, fold

#: So many words of a query count.
MOST_WORDS = 12
#: So many of them where no row has all.
_SOME = 5
#: So many tokens may stand between the parts of a compound that is spelt out: Planung der Schulentwicklung.
NEARNESS = 6
#: In every row of the index, so that a query of exclusions alone has something to exclude from.
EVERY_ROW = "0alle0"
NOTHING = '""'

_QUOTES = str.maketrans(dict.fromkeys("„“”«»‟", '"') | dict.fromkeys("–−—", "-"))
_ITEM = re.compile(r'(?<!\S)(-?)"([^"]*)(?:"|$)|(-?)([^\s"]+)')
_REFERENCE = re.compile(r"(?<![\d/])(?:((?:19|20)\d\d)/(\d{1,5})|(\d{1,5})/((?:19|20)\d\d))(?:[/-](\d{1,2}))?(?![\d/])")


class Strictness(Enum):
    """How well a row must fit; each finds at least what the one before does."""

    ALL = "all words, compounds whole or their parts close together"
    APART = "all words, parts of compounds anywhere"
    SOME = "some of the words"


@dataclass(frozen=True)
class Term:
    """One thing to look for. ``ways`` are the normal forms that show it, any of them: one word, or several.

    Several stand side by side in this order if ``exact``, else close together. ``reference`` is that of a paper.
    """

    ways: tuple[tuple[str, ...], ...]
    text: str
    exact: bool = False
    excluded: bool = False
    reference: str | None = None

    @property
    def apart(self) -> tuple[Term, ...]:
        """The words that hyphens join, each for itself; the paper that a reference is a supplement of."""
        if self.reference:
            return (replace(self, ways=tuple(way[:2] for way in self.ways)),)
        return (self,) if self.exact or "-" not in self.text else tuple(_plain(self.text.replace("-", " ")))

    def fts(self, strictness: Strictness = Strictness.ALL) -> str:
        return _any(self._way(way, strictness) for way in self.ways)

    def _way(self, way: tuple[str, ...], strictness: Strictness) -> str:
        if self.exact or (len(way) == 1 and len(way[0]) < 3):  # so short a word means itself, not a part of another
            return f'{{title text}} : "{" ".join(way)}"'
        words = [f'"{token}"' for token in way]
        if len(words) == 1:
            return words[0]
        return f"NEAR({' '.join(words)}, {NEARNESS})" if strictness is Strictness.ALL else f"({' AND '.join(words)})"


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

    def fts(self, strictness: Strictness = Strictness.ALL, columns: str = "") -> str:
        """The FTS5 expression; the wanted terms in these columns only."""
        if self.empty:
            return NOTHING
        terms, between = self.wanted, " AND "
        if strictness is Strictness.SOME:
            # A number or a letter says nothing alone: Tempo 30, E-Bus. Long words are rare: they say more, and sooner.
            terms = tuple(each for term in terms for each in term.apart)
            said = [term for term in terms if not term.text.isdecimal() and len(term.text) > 1] or terms
            terms, between = tuple(sorted(said, key=lambda term: -len(term.text))[:_SOME]), " OR "
        wanted = between.join(term.fts(strictness) for term in terms) or f'"{EVERY_ROW}"'
        if columns:
            wanted = f"{{{columns}}} : ({wanted})"
        return f"({wanted}) NOT {_any(term.fts() for term in self.excluded)}" if self.excluded else wanted


def _any(expressions: Iterable[str]) -> str:
    return f"({' OR '.join(dict.fromkeys(expressions))})"


def parse(typed: str) -> Query:
    """Words are all wanted; ``"…"`` is a phrase; ``-word`` and ``-"phrase"`` are not wanted; all else is text."""
    text = unicodedata.normalize("NFKC", typed).translate(_QUOTES).replace("\0", " ")
    terms: list[Term] = []
    ignored = 0
    for term in _terms(text):
        if len(terms) < MOST_WORDS:
            terms.append(term)
        else:
            ignored += 1
    wanted = tuple(dict.fromkeys(term for term in terms if not term.excluded))
    hollow = stop_words()
    if any(term.reference for term in wanted):  # Vorlage Nr. 2021/0402
        hollow |= reference_words()
    meaning = tuple(term for term in wanted if fold(term.text) not in hollow)
    return Query(meaning or wanted, tuple(term for term in terms if term.excluded), ignored, text)


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
    for match in _REFERENCE.finditer(text):
        yield from _plain(text[place : match.start()])
        yield _reference(match)
        place = match.end()
    yield from _plain(text[place:])


def _reference(match: re.Match[str]) -> Term:
    year, number, *more = (word(part).normal for part in (match[1] or match[4], match[2] or match[3], match[5]) if part)
    ways = ((year, number, *more),) if match[1] else ((year, number, *more), (number, year, *more))
    return Term(ways, match[0], exact=True, reference="/".join(ways[0]))


def _plain(text: str) -> Iterator[Term]:
    halves = {match.start(): match[2] for match in SHARED.finditer(text)}
    matches = [*JOINED.finditer(text)]
    found = [match[0] for match in matches]
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
        found = [joined(item) for item in name if len(name) == 1 or fold(item) not in stop_words()]
        if len(found) == 1:
            ways.append((found[0].normal,))
        ways.append(tuple(leaf for item in found for leaf in item.leaves))
    return Term(tuple(dict.fromkeys(ways)), " ".join(spelt))


def _completed(term: Term, last: str) -> Term:
    """The first half of a word whose other half stands in ``last``: Geh- und Radweg."""
    ways = (way for whole in completed(term.text, last)[:1] for way in ((whole.normal,), whole.leaves))
    return replace(term, ways=tuple(dict.fromkeys(ways)) or term.ways)


def _respelt(text: str) -> Iterator[str]:
    """A hyphenated word with one piece said otherwise: PV-Anlagen → Photovoltaik-Anlagen."""
    parts = pieces(text)
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        for other in synonyms().get((word(part).normal,), ()):
            if WORD.fullmatch(other):
                yield "-".join((*parts[:place], other, *parts[place + 1 :]))


def _phrase(text: str, excluded: bool) -> Iterator[Term]:
    way = tuple(word(piece).normal for piece in pieces(text))[:MOST_WORDS]
    if way:
        yield Term((way,), text, exact=True, excluded=excluded)
