"""Two states of a text side by side: what was taken out of the old one, what came into the new one, word by word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel  # in milliseconds what takes difflib seconds

#: Words of a text that are compared; a longer one is compared line by line, a still longer one as a whole.
MOST = 8000
#: Unchanged words that are shown around a change.
CONTEXT = 12
#: Unchanged words that may be left out; fewer are shown.
FOLDED = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` as it stands, the blank after it included; ``words``: of what is left out ("folded", "cut") how many."""

    kind: Literal["same", "changed", "folded", "cut"]
    text: str = ""
    words: int = 0


#: The pieces of the old and of the new text.
Comparison = tuple[list[Piece], list[Piece]]
#: Words (with the blanks after them) of the old and the new text that say the same, or have taken each other's place.
_Stretch = tuple[bool, list[str], list[str]]


def compare(old: str | None, new: str | None, most: int | None = None) -> Comparison:
    """What to show of both; unchanged stretches are folded. ``most``: at most so many words of each."""
    stretches = _stretches(old or "", new or "")
    sides: Comparison = ([], [])
    for place, (same, before, after) in enumerate(stretches):
        for pieces, words in zip(sides, (before, after)):
            if same:
                pieces += _folded(words, first=place == 0, last=place == len(stretches) - 1)
            elif words:
                pieces.append(Piece("changed", "".join(words)))
    return (_cut(sides[0], most), _cut(sides[1], most)) if most else sides


def _stretches(old: str, new: str) -> list[_Stretch]:
    """In their order; a few unchanged words within many changed ones count as changed."""
    before, after = _tokens(old, new)
    found: list[_Stretch] = []
    for step in Indel.opcodes(*([token.strip() for token in tokens] for tokens in (before, after))):
        words = before[step.src_start : step.src_end], after[step.dest_start : step.dest_end]
        _add(found, (step.tag == "equal", *words))
    merged: list[_Stretch] = []
    for place, (same, old_words, new_words) in enumerate(found):
        around = [max(map(len, found[i][1:])) for i in (place - 1, place + 1) if 0 <= i < len(found)]
        few = len(around) == 2 and len(old_words) < min(3, *around)
        _add(merged, (same and not few, old_words, new_words))
    return merged


def _add(stretches: list[_Stretch], more: _Stretch) -> None:
    """To the last one where that is of the same kind."""
    if stretches and stretches[-1][0] == more[0]:
        _, *words = stretches.pop()
        more = more[0], words[0] + more[1], words[1] + more[2]
    stretches.append(more)


_WORD = re.compile(r"\s*\S+\s*")
_SHAPES: tuple[Callable[[str], list[str]], ...] = (
    _WORD.findall,
    lambda text: text.splitlines(keepends=True),
    lambda text: [text],
)


def _tokens(old: str, new: str) -> tuple[list[str], list[str]]:
    """Both in pieces of the same kind: the smallest of which there are not too many."""
    for shape in _SHAPES:
        before, after = shape(old), shape(new)
        if max(len(before), len(after)) <= MOST:
            break
    return before, after


def _folded(words: list[str], first: bool, last: bool) -> list[Piece]:
    """An unchanged stretch; of a long one only what stands next to a change."""
    head, tail = (0 if first else CONTEXT), len(words) - (0 if last else CONTEXT)
    if tail - head < FOLDED:
        return [Piece("same", "".join(words))]
    hidden = Piece("folded", words=_count("".join(words[head:tail])))
    around = Piece("same", "".join(words[:head])), hidden, Piece("same", "".join(words[tail:]))
    return [piece for piece in around if piece.text or piece.words]


def _cut(pieces: list[Piece], most: int) -> list[Piece]:
    for place, piece in enumerate(pieces):
        if (words := _count(piece.text)) > most:
            rest = sum(_count(p.text) for p in pieces[place:]) - most
            kept = "".join(_WORD.findall(piece.text)[:most])
            return [*pieces[:place], Piece(piece.kind, kept), Piece("cut", words=rest)]
        most -= words
    return pieces


def _count(text: str) -> int:
    return len(text.split())
