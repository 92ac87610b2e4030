"""Where a text shows what was looked for: runs of the original text, found by the index's reading of German."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable

from .language import words
from .model import Runs
from .query import NEARNESS, Term

#: Letters of a snippet, and how many letters of a text are searched for one.
LENGTH = 200
SEARCHED = 30_000
_SPACE = re.compile(r"\s+")


def marks(text: str, terms: Iterable[Term]) -> list[tuple[int, int, int]]:
    """(start, end, term) of every word that is, or is part of, what a term looks for, in the order of the text."""
    found = list(words(text))
    keys = [read.all for _, _, read in found]
    places: dict[str, list[int]] = {}
    ways = [(number, way) for number, term in enumerate(terms) for way in term.ways]
    wanted = {token for _, way in ways for token in way}
    for place, key in enumerate(keys):
        for token in key & wanted:
            places.setdefault(token, []).append(place)
    hits: dict[int, int] = {}
    for number, way in ways:
        first, *others = sorted(set(way), key=lambda token: len(places.get(token, ())))
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
    return [(found[place][0], found[place][1], hits[place]) for place in sorted(hits)]


def _near(places: list[int], place: int) -> int | None:
    """The one closest to a place, if it is close."""
    spot = bisect_left(places, place)
    closest = min(places[max(spot - 1, 0) : spot + 1], key=lambda other: abs(other - place), default=None)
    return closest if closest is not None and abs(closest - place) <= NEARNESS + 2 else None


def whole(text: str, terms: Collection[Term]) -> Runs:
    """A text in one piece, such as a title."""
    return _runs(text, 0, len(text), marks(text, terms))


def snippet(texts: Iterable[str | None], terms: Collection[Term]) -> Runs:
    """About LENGTH letters of one of the texts, where most terms come together; else the beginning of the first."""
    best: tuple[int, str, int, list[tuple[int, int, int]]] | None = None
    beginning = ""
    for text in texts:
        if not text:
            continue
        text = _SPACE.sub(" ", text[:SEARCHED]).strip()
        beginning = beginning or text
        found = marks(text, terms) if terms else []
        for place, (start, _, _) in enumerate(found):
            together = {number for begin, end, number in found[place : place + 20] if end - start <= LENGTH * 3 // 4}
            if best is None or len(together) > best[0]:
                best = (len(together), text, start, found)
        if best and best[0] == len(terms):
            break
    if best is None:
        return _runs(beginning, 0, _end(beginning, LENGTH), [])
    _, text, start, found = best
    begin = _begin(text, min(start - LENGTH // 4, len(text) - LENGTH))
    return _runs(text, begin, _end(text, begin + LENGTH), found)


def _begin(text: str, place: int) -> int:
    """The beginning of a word at or after a place."""
    return text.find(" ", place - 1) + 1 if place > 0 else 0


def _end(text: str, place: int) -> int:
    """The end of a word at or before a place."""
    return len(text) if place >= len(text) else (text.rfind(" ", 0, place + 1) if " " in text[: place + 1] else place)


def _runs(text: str, begin: int, end: int, found: Iterable[tuple[int, int, int]]) -> Runs:
    runs: list[tuple[str, bool]] = [("… ", False)] if begin > 0 else []
    place = begin
    for start, stop, _ in found:
        if start >= place and stop <= end:
            if start > place:
                runs.append((text[place:start], False))
            runs.append((text[start:stop], True))
            place = stop
    if place < end:
        runs.append((text[place:end], False))
    return (*runs, (" …", False)) if end < len(text) else tuple(runs)
