"""Where a text shows what was looked for: runs of the original text, found by the index's reading of German."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from .language import JOINED, joined
from .lexicon import lexicon
from .model import Runs
from .query import NEARNESS, Term

#: Letters of a snippet, and of the texts that are searched for those of a page of hits (of each text STEP at least).
LENGTH = 200
SEARCHED, STEP = 500_000, 10_000
_SPACE = re.compile(r"\s")
#: What no page may hold: controls, and marks that turn the direction of what follows them.
_BLANK = re.compile("[\\s\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
#: Letters of a token by which words are found that may show it.
_START = 4
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}


def clean(text: str) -> str:
    """A stored text in one line, with nothing that breaks HTML or XML."""
    return _BLANK.sub(" ", text)


class Marker:
    """Marks in the texts of one page of hits what its terms look for; ``apart``: parts of a compound anywhere."""

    def __init__(self, terms: Collection[Term], apart: bool = False) -> None:
        self._apart = apart
        self._number = len(terms)
        self._ways = [(number, way) for number, term in enumerate(terms) for way in term.ways]
        wanted = {token for _, way in self._ways for token in way}
        self._likely = _likely(wanted)
        #: What of it a word shows. The texts of a page repeat most of their words.
        self._shown = cache(lambda spelt: wanted & joined(spelt).all)
        self._left = SEARCHED

    def whole(self, text: str) -> Runs:
        """A text in one piece, such as a title."""
        likely = self._likely.search(_small(text))
        return _runs(text, 0, len(text), self._marks(text, 0, len(text)) if likely else [])

    def snippet(self, texts: Iterable[str | None]) -> Runs:
        """About LENGTH letters of one of the texts, where most terms come together; else the beginning of the first."""
        best: tuple[int, str, int, list[tuple[int, int, int]]] | None = None
        given = [text for text in texts if text and not text.isspace()]
        for text, begin, until, end in self._regions(given) if self._ways else ():
            found = self._marks(text, begin, end)
            for place, (start, _, _) in enumerate(found):
                if start >= until:
                    break
                near = (number for first, last, number in found[place : place + 20] if last - start <= LENGTH * 3 // 4)
                together = len(set(near))
                if best is None or together > best[0]:
                    best = (together, text, start, found)
            if best and best[0] == self._number:
                break
        if best is None:
            return _runs(given[0], 0, _end(given[0], LENGTH), []) if given else ()
        _, text, start, found = best
        begin = _begin(text, min(start - LENGTH // 4, len(text) - LENGTH))
        return _runs(text, begin, _end(text, begin + LENGTH), found)

    def _regions(self, texts: Iterable[str]) -> Iterator[tuple[str, int, int, int]]:
        """(text, begin, until, end) of the parts that may show something before ``until``, one after the other."""
        for text in texts:
            small = _small(text[: STEP + self._left])
            self._left -= max(len(small) - STEP, 0)
            place = 0
            while likely := self._likely.search(small, place):
                found, place = likely.start(), likely.start() + LENGTH // 2
                yield text, min(_begin(text, found - LENGTH // 2), found), place, _end(text, place + LENGTH)

    def _marks(self, text: str, begin: int, end: int) -> list[tuple[int, int, int]]:
        """(start, end, term) of every word that is, or is part of, what a term looks for, in the order of the text."""
        found = list(JOINED.finditer(text, begin, end))
        places: dict[str, list[int]] = {}
        for place, match in enumerate(found):
            for token in self._shown(match[0]):
                places.setdefault(token, []).append(place)
        hits: dict[int, int] = {}
        for number, way in self._ways:
            if self._apart:
                hits.update((place, number) for token in way for place in places.get(token, ()) if place not in hits)
                continue
            first, *others = sorted(dict.fromkeys(way), key=lambda token: len(places.get(token, ())))
            for place in places.get(first, ()):
                together = [place]
                for token in others:
                    near = _near(places.get(token, []), place)
                    if near is None:
                        break
                    together.append(near)
                else:
                    for each in together:
                        hits.setdefault(each, number)
        return [(*found[place].span(), hits[place]) for place in sorted(hits)]


def _likely(tokens: Iterable[str]) -> re.Pattern[str]:
    """Finds in small letters where a word may show one of these, so that few words have to be read."""
    starts = {
        start
        for token in tokens
        for start in ("str" if token.startswith("strass") else token[:_START], *_strange().get(token, ()))
    }
    return re.compile("|".join(sorted({spelt for start in starts for spelt in _spelt(start)})) or "(?!)")


def _spelt(start: str) -> Iterator[str]:
    """Patterns of what may be folded to this. Each begins with a letter alone, which ``re`` finds quickest."""
    if start.isdecimal():
        yield r"\.?".join(start[:3])  # 766.700
        return
    start = start.rstrip("0")  # a stop word
    rest = "".join(_or_foreign(letter) + "e?" * (letter in _UMLAUTS) for letter in start[1:])
    rest = rest.replace(2 * _or_foreign("s"), f"{_or_foreign('s')}s?")  # ß
    first = start[0]
    alone = rf"(?<![^\W_]{first})(?![^\W_])" if len(start) == 1 else ""  # E-Auto
    yield f"{first}{alone}{rest}"
    if first in _UMLAUTS:
        yield f"{_UMLAUTS[first]}{rest}"
        yield f"{first}e{rest}"


def _or_foreign(letter: str) -> str:
    """A pattern of a letter or one beyond ASCII, written as what it is not: so ``re`` compiles it ten times as fast."""
    place = ord(letter)
    return rf"[^\0-\x{place - 1:02x}\x{place + 1:02x}-\xa9]"


@cache
def _strange() -> dict[str, list[str]]:
    """Token -> forms that do not begin like it: gingen, eingeräumt."""
    found: dict[str, list[str]] = {}
    for form, token in lexicon().normal.items():
        if token[:_START] not in form:
            found.setdefault(token, []).append(form)
    return found


def _small(text: str) -> str:
    """In small letters, each at its place."""
    small = text.lower()
    return small if len(small) == len(text) else text


def _near(places: list[int], place: int) -> int | None:
    """The one closest to a place, if it is close."""
    spot = bisect_left(places, place)
    closest = min(places[max(spot - 1, 0) : spot + 1], key=lambda other: abs(other - place), default=None)
    return closest if closest is not None and abs(closest - place) <= NEARNESS + 2 else None


def _begin(text: str, place: int) -> int:
    """The beginning of a word at or after a place, the text's end if there is none."""
    if place <= 0:
        return 0
    found = _SPACE.search(text, place - 1)
    return found.end() if found else len(text)


def _end(text: str, place: int) -> int:
    """The end of a word at or before a place."""
    if place >= len(text):
        return len(text)
    return next((spot for spot in range(place, max(place - LENGTH, 0), -1) if text[spot].isspace()), place)


def _runs(text: str, begin: int, end: int, found: Iterable[tuple[int, int, int]]) -> Runs:
    runs: list[tuple[str, bool]] = [("… ", False)] if begin > 0 else []
    place = begin
    for start, stop, _ in found:
        if start >= place and stop <= end:
            if start > place:
                runs.append((clean(text[place:start]), False))
            runs.append((clean(text[start:stop]), True))
            place = stop
    if place < end:
        runs.append((clean(text[place:end]), False))
    return (*runs, (" …", False)) if end < len(text) else tuple(runs)
