"""Where a text shows what was looked for: runs of the original text, found by the index's reading of German."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from .language import JOINED, SHARED, completed, joined
from .lexicon import lexicon
from .model import Runs
from .query import NEARNESS, Term

#: Letters of a snippet, of the texts that are searched for those of a page of hits (of each text STEP at least), and of
#: a text at a time: most show one at their beginning.
LENGTH = 200
SEARCHED, STEP = 500_000, 10_000
_SPACE = re.compile(r"\s")
_HALF = re.compile(r"[-‐‑][\s,/&]")  # what SHARED has, found sooner
_BREAK = re.compile(r"[^\w.‐‑-]")  # not within a word or a date
#: What no page may hold: controls, and marks that turn the direction of what follows them.
_BLANK = re.compile("[\\s\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
#: Letters of a token by which words are found that may show it.
_START = 4
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
#: How other letters than the first may be spelt, and those that are folded to who knows what.
_SPELT = {"a": "[aä]e?", "o": "[oö]e?", "u": "[uü]e?", "s": "[sß]", "1": "[1¹]", "2": "[2²]", "3": "[3³]"}
_FOREIGN = re.compile("[^\0-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbfÄÖÜäöüß×÷\u2000-\u2bff\u3000-\u303f\ue000-\uf8ff]")


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
        self._shown = cache(lambda spelt: wanted.intersection(joined(spelt).all))
        self._steps = SEARCHED // STEP - 1

    def whole(self, text: str) -> Runs:
        """A text in one piece, such as a title."""
        likely = _FOREIGN.search(text) or self._likely.search(text.lower())
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
            begin = 0
            while begin < len(text) and (not begin or self._steps > 0):
                self._steps -= begin > 0
                end = _begin(text, begin + STEP)
                yield from self._within(text, begin, end)
                begin = end

    def _within(self, text: str, begin: int, end: int) -> Iterator[tuple[str, int, int, int]]:
        """The same of one part of a text."""
        if _FOREIGN.search(text, begin, end):
            yield text, begin, end, end
            return
        small, place = text[begin:end].lower(), 0
        while likely := self._likely.search(small, place):
            place = likely.start() + LENGTH
            first = max(likely.start() - LENGTH // 2, 0)
            found = _BREAK.search(small, first, likely.start()) if first else None
            last = min(begin + place + LENGTH, end)
            yield text, begin + (found.end() if found else first), begin + place, _end(text, last)

    def _marks(self, text: str, begin: int, end: int) -> list[tuple[int, int, int]]:
        """(start, end, term) of every word that is, or is part of, what a term looks for, in the order of the text."""
        found = list(JOINED.finditer(text, begin, end))
        shared = SHARED.finditer(text, begin, end) if _HALF.search(text, begin, end) else ()
        halves = {match.start(): match.groups() for match in shared}
        places: dict[str, list[int]] = {}
        for place, match in enumerate(found):
            for token in self._shown(match[0]):
                places.setdefault(token, []).append(place)
            for word in completed(*halves[match.start()]) if match.start() in halves else ():
                places.setdefault(word.normal, []).append(place)
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
    """Finds in small letters where a word may show one of these, so that few words have to be read. Each way begins
    with a letter alone, which ``re`` finds quickest."""
    spelt = (way for token in tokens for start in (token, *_strange().get(token, ())) for way in _spelt(start))
    return re.compile("|".join(sorted(set(spelt))) or "(?!)")


def _spelt(token: str) -> Iterator[str]:
    """Patterns of the first letters of all that is folded to this, or stands for it: 766.700, 31. Oktober, Geh-."""
    if token.isdecimal():
        yield r"[.\s]?".join(token[:3])
        if len(token) == 8 and (day := token[6:].lstrip("0")):
            yield rf"{day}\."
        return
    start = "str" if token.startswith("strass") else token.rstrip("0")[:_START]
    rest = ""
    for place in range(len(start) - 1, 0, -1):
        letter = "s?" if start[place - 1 : place + 1] == "ss" else _SPELT.get(start[place], re.escape(start[place]))
        rest = f"(?:[-‐‑]|{letter}{rest})"
    first = re.escape(start[0])
    if len(start) == 1:  # E-Auto
        rest = rf"(?<![^\W_]{first})(?![^\W_])"
    if first in _UMLAUTS:
        yield f"{_UMLAUTS[first]}{rest}"
        first += "e?"
    yield f"{first}{rest}"


@cache
def _strange() -> dict[str, list[str]]:
    """Token -> forms that do not contain its beginning: gingen, eingeräumt."""
    found: dict[str, list[str]] = {}
    for form, token in lexicon().normal.items():
        if token[:_START] not in form:
            found.setdefault(token, []).append(form)
    return found


def _near(places: list[int], place: int) -> int | None:
    """The one closest to a place, if it is close."""
    spot = bisect_left(places, place)
    closest = min(places[max(spot - 1, 0) : spot + 1], key=lambda other: abs(other - place), default=None)
    return closest if closest is not None and abs(closest - place) <= NEARNESS + 2 else None


def _begin(text: str, place: int) -> int:
    """The beginning of a word soon after a place, or that place."""
    if place <= 0:
        return 0
    found = _SPACE.search(text, place - 1, place + LENGTH // 4)
    return found.end() if found else min(place, len(text))


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
