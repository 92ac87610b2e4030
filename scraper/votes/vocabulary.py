"""The words of votes from ``vocabulary.yml``, loaded once: what a label, a cell or a word means."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ratsdaten.groups import fold

SIDES = ("yes", "no", "abstain")

_DATA: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("vocabulary.yml").read_text("utf-8"))
_SIDE_OF = {fold(word): side for side, words in _DATA["labels"].items() for word in words.split()}
_TOTAL = frozenset(map(fold, _DATA["total"].split()))
_NUMBER_OF = {fold(word): number for number, words in _DATA["numbers"].items() for word in words.split()}
_DASHES = str.maketrans("–—−", "---")
_DIGITS = re.compile(r"\d{1,3}|\d\.\d{3}")  # no year, no sum of money
GROUP_WORD = re.compile(rf"(?:{'|'.join(_DATA['group_words'].split())})\b", re.I)
NO_GROUP = re.compile("|".join(_DATA["no_group"]), re.I)

#: Folded word → its code; numbers in words are e.
CODE_OF = {fold(word): code for code, words in _DATA["codes"].items() for word in words.split()}
CODE_OF |= dict.fromkeys(_NUMBER_OF, "e")
_REWRITES = tuple((part, re.compile(pattern, re.I), to) for part, pattern, to, _ in _DATA["rewrites"])


@lru_cache(4096)
def side(label: str | None) -> str | None:
    """``Ja-Stimmen:`` → yes; None where the label is no side's."""
    return _SIDE_OF.get(fold(label)) if label and len(label) < 40 else None


def is_total(label: str) -> bool:
    return fold(label) in _TOTAL


@lru_cache(4096)
def figure(text: str | None) -> int | None:
    """``15`` → 15, ``-`` → 0, ``zwei`` → 2; None where the text is empty or says anything else."""
    if not text or len(text) > 12:
        return None
    text = text.strip().translate(_DASHES)
    if text in _DATA["zero"]:
        return 0
    return int(text.replace(".", "")) if _DIGITS.fullmatch(text) else _NUMBER_OF.get(fold(text)) if text else None


def alike(text: str) -> str:
    """The text with its synonyms made alike: ``12Ja, 2 enthalten sich`` → ``12 Ja, 2 Enthaltungen``."""
    lower = text.lower()
    for part, pattern, to in _REWRITES:
        if part in lower:
            text = pattern.sub(to, text)
    return text


def absent(text: str) -> bool:
    """``Nicht anwesend: Frau Birk``, ``Befangen``: people who did not vote, neither a vote nor the end of one."""
    return len(text) < 200 and any(CODE_OF.get(fold(word)) == "I" for word in text.split())
