"""What a word means to the search: its normal form, and the words it is made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from ..clock import MONTHS
from .lexicon import data, lexicon
from .stems import WORD, fold, stem

_ALSO_WOMEN = r"(?i:(?:[:*_·/]-?|\()in(?:nen)?(?![^\W_])\)?)"
_DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_NAMES = "|".join(rf"{name[:3]}(?:{name[3:]}|t?\.?)" for name in MONTHS)  # 3. März, 3. Sept. 2020
#: One word, so that no number finds the day of a date: 31.10.2020, 31.10.20 (1.1.20 may be a part of a text),
#: 31. Oktober 2020, 2020-10-31.
_DATE = (
    rf"(?<![\d.])(?:{_DAY}(?:\.\s?{MONTH}\.\s?|(?:\.\s?|\s)(?i:{_NAMES})\s){YEAR}|{YEAR}-{MONTH}-{_DAY}"
    rf"|(?=\d\d\.|\d\.\d\d\.){_DAY}\.{MONTH}\.\d\d)(?!\.?\d)"
)
DAY = re.compile(_DATE)
#: One word, too: 766.700, 1.200.000,00, 766 700 €.
_SPACED = r"\d{1,3}(?:[ \xa0\u202f]\d{3})+(?:,00)?"
_GROUPED = (
    r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+(?:,00)?|\d+,00"
    rf"|{_SPACED}(?=\s?(?:€|(?i:euro?)(?![^\W_]))))(?![.,]?\d)"
)
_FIGURES = rf"(?=\d)(?:{_DATE}|{_GROUPED})"
_PIECE = re.compile(rf"{_FIGURES}|{WORD.pattern}")
_HYPHEN = "[-‐‑]"
#: A date, a number, a word, or several joined by hyphens: Kita-Plätze. Schüler:innen is Schüler.
JOINED = re.compile(rf"{_FIGURES}|[^\W_]+(?:{_ALSO_WOMEN})?(?:{_HYPHEN}(?!{_FIGURES})[^\W_]+(?:{_ALSO_WOMEN})?)*")
_WOMEN = re.compile(rf"(?<=[^\W_]){_ALSO_WOMEN}")
_MONTH_STARTS = [fold(name[:3]) for name in MONTHS]
_AND = r"(?:\s*[,/&]\s*|\s+(?:und|oder|sowie|bzw\.|u\.)\s+)"
#: The word that a hyphen stands for half of, and the one that has the other half: Geh-, Rad- und Wanderweg.
SHARED = re.compile(
    rf"(?<![\w‐‑-])([^\W\d_]{{1,30}}){_HYPHEN}(?={_AND}(?:[^\W\d_]{{1,30}}{_HYPHEN}{_AND}){{0,6}}([^\W\d_]+))"
)
#: Of a paper: 2021/0402, 402/2021, and of a supplement: 2021/0402-1.
REFERENCE = re.compile(r"(?<!\d)(?<!\d/)(?:(?:19|20)\d\d/\d{1,5}|\d{1,5}/(?:19|20)\d\d)(?:[/-]\d{1,2})?(?![\d/])")
_PARTICIPLE = re.compile(r"((?:.*ge.+|(?:be|ent|er|ver|zer).+|.+ier)t|.*ge.+en)e[mnrs]?")


@dataclass(frozen=True, slots=True)
class Word:
    """``normal`` is one spelling for all forms; ``leaves`` the simple words it is made of (itself, if it is simple);
    ``parts`` all that it contains beside itself: leaves, and what several of them make together."""

    normal: str
    leaves: tuple[str, ...]
    parts: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Everything this word is found by."""
        return (self.normal, *self.parts)


@lru_cache(1 << 15)
def word(text: str) -> Word:
    """Read one word without hyphens, a date or a number: ``Grundschulen`` → grundschul, made of grund and schul."""
    if not text.isalnum():
        return _date(text) if DAY.fullmatch(text) else _number(text)
    folded = fold(text)
    if folded in words_of("stop") and folded not in words_of("nouns"):  # seit is no Seite, wegen no Wege
        return Word(f"{folded}0", (f"{folded}0",))
    if folded.endswith("str") and (len(folded) == 3 or len(folded) > 6):
        folded += "asse"  # Mühlwehrstr.
    if folded.isdecimal():
        return _number(folded)
    surfaces = lexicon().split(folded)
    if len(surfaces) == 1:
        normal = _normal(folded)
        if "ß" in text and "ss" not in normal:  # Buße is no Bus
            normal = stem(folded)
        base = _base(folded)
        return Word(normal, (normal,), (base,) if base and base != normal else ())
    leaves = tuple(_normal(surface) for surface in surfaces)
    size = len(surfaces)
    within = (
        "".join(surfaces[start:end]) + leaves[end]
        for length in range(2, size)
        for start in range(size - length + 1)
        for end in (start + length - 1,)
    )
    bases = (base for surface in surfaces if (base := _base(surface.removesuffix("s"))))
    return Word("".join(surfaces[:-1]) + leaves[-1], leaves, tuple(dict.fromkeys((*leaves, *within, *bases))))


def reference(text: str) -> list[str]:
    """The numbers of a reference: ``2021/0402`` or ``402/2021`` → 2021, 402; none if it is no such reference."""
    if not REFERENCE.fullmatch(text):
        return []
    first, second, *more = (word(piece).normal for piece in pieces(text))
    return [first, second, *more] if re.match(r"(?:19|20)\d\d/", text) else [second, first, *more]


def reference_token(numbers: list[str]) -> str:
    """A reference as one word, so that no number alone finds it: 2021, 402 → 2021v402."""
    return "v".join(numbers)


def _number(text: str) -> Word:
    number = re.sub(r",00$|\D", "", text).lstrip("0") or "0"  # 2021/0402 is 2021/402
    return Word(number, (number,))


def _date(text: str) -> Word:
    numbers = WORD.findall(text)
    year, month, day = numbers if len(numbers[0]) == 4 else reversed(numbers)
    said: tuple[str, ...] = ()
    if not month.isdecimal():
        name = MONTHS[_MONTH_STARTS.index(fold(month)[:3])]
        month, said = str(MONTHS.index(name) + 1), (word(name).normal, day.lstrip("0"))
    if len(year) == 2:
        year = f"{19 if year > '70' else 20}{year}"
    date = f"{year}{month:0>2}{day:0>2}"
    return Word(date, (date,), (year, *said))


def pieces(text: str) -> list[str]:
    """The words of a text as the index holds them, one after the other."""
    return [text] if re.fullmatch(_SPACED, text) else _PIECE.findall(_WOMEN.sub("", text))


@lru_cache(1 << 15)
def joined(text: str) -> Word:
    """Read words joined by hyphens as one compound: ``Kita-Plätze`` is ``Kitaplätze``."""
    read = [word(piece) for piece in pieces(text)]
    if len(read) == 1:
        return read[0]
    whole = word("".join(pieces(text)))
    leaves = tuple(leaf for each in read for leaf in each.leaves)
    parts = (part for each in read for part in (each.normal, *each.parts))
    return Word(whole.normal, leaves, tuple(dict.fromkeys((*parts, *whole.parts))))


@lru_cache(1 << 12)
def completed(first: str, last: str) -> tuple[Word, ...]:
    """What a hyphen stands for: ``Geh-`` und ``Radweg`` → Gehweg; of a longer compound the shortest first."""
    folded = fold(last)
    surfaces = lexicon().split(folded)
    ends = ["".join(surfaces[place:]) for place in range(len(surfaces) - 1, 0, -1)]
    if not ends:  # Gehweg: a word of its own, but it ends with one
        ends = [folded[place:] for place in range(3, len(folded) - 2) if folded[place:] in lexicon().heads][:1]
    return tuple(word(f"{first}{end}") for end in ends)


def within(text: str) -> Iterator[str]:
    """The words that a compound contains, as spelt in it: ``Friedhofsgebühren`` → Friedhof, Gebühren."""
    folded = fold(text)
    surfaces = lexicon().split(folded)
    if len(folded) != len(text):  # ß and ae: the letters do not correspond
        return
    if text.endswith("es") and _normal(folded[:-2]) == _normal(folded):
        yield text[:-2]
    starts = [sum(map(len, surfaces[:place])) for place in range(len(surfaces) + 1)]
    for first in range(len(surfaces)):
        for last in range(first + 1, len(surfaces) + (first > 0)):
            start, end = starts[first], starts[last]
            linked = last < len(surfaces) and folded[:end].endswith("s") and _normal(folded[starts[last - 1] : end - 1])
            if linked and linked == _normal(folded[starts[last - 1] : end]):
                end -= 1
            head = folded[starts[last - 1] : end]
            if head not in lexicon().heads and head not in lexicon().normal:  # Schul is no word
                continue
            part = text[start:end]
            yield part[0].upper() + part[1:] if text[0].isupper() else part


def _normal(folded: str) -> str:
    if known := lexicon().normal.get(folded):
        return known
    if len(folded) > 8 and folded.endswith("innen"):  # Architektinnen, Schülerinnen: as the men
        return _normal(folded[:-5])
    if len(folded) > 6 and folded.endswith("erin"):
        return _normal(folded[:-2])
    participle = _PARTICIPLE.fullmatch(folded)  # abgelehnter, as abgelehnt
    return (participle and lexicon().normal.get(participle[1])) or stem(folded)


def _base(folded: str) -> str | None:
    """The verb's stem in a noun in -ung that the stemmer leaves alone: Planung → plan."""
    root = folded[:-3] if folded.endswith("ung") else folded[:-5] if folded.endswith("ungen") else ""
    known = lexicon()
    if len(root) > 3 and folded not in known.whole and (root in known.modifiers or root in known.heads):
        return _normal(root)
    return None


@lru_cache(1 << 17)  # words of a large town's documents, some 100 MB
def _columns(text: str) -> tuple[str, str]:
    read = [word(piece) for piece in pieces(text)]
    found: list[str] = []
    for each in read:
        # The head stands there twice: it says more about a compound than what comes before.
        found += (*each.parts, each.leaves[-1]) if len(each.leaves) > 1 else (each.normal, *each.parts)
    if len(read) > 1:
        found.append(joined(text).normal)
    return " ".join(each.normal for each in read), " ".join(found)


def prepared(text: str) -> tuple[str, str]:
    """What the index holds of a text: its words in their normal forms, and the same with compounds taken apart."""
    text = unicodedata.normalize("NFC", text)
    columns = [_columns(match) for match in JOINED.findall(text)]
    halves = [each.normal for match in SHARED.findall(text) for each in completed(*match)]
    return " ".join((*(whole for whole, _ in columns), *halves)), " ".join((*(parts for _, parts in columns), *halves))


@cache
def words_of(name: str) -> frozenset[str]:
    """A list of language.yml, folded."""
    return frozenset(map(fold, data()[name]))


@cache
def synonyms() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Normal forms of one or several words -> how else people say it, as they spell it."""
    groups: list[list[str]] = [[str(name) for name in group] for group in data()["synonyms"]]
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for group in groups:
        for name in group:
            key = tuple(joined(match).normal for match in JOINED.findall(name))
            found[key] = found.get(key, ()) + tuple(other for other in group if other != name)
    return found
