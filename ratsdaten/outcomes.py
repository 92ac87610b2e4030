"""What became of an item: the words for it from ``outcomes.yml``. A phrase nobody has entered there stays unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``name`` is what the tables hold, ``label`` what people read."""

    name: str
    label: str
    color: str


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NO_LETTER = re.compile(r"[\W_]+")
#: How many agreed says nothing about what was agreed.
_MAJORITY = re.compile(
    r"\b(?:einstimmig|mehrheitlich|mit (?:stimmen)?mehrheit)"
    r"(?: bei \w+ (?:gegenstimmen?|(?:stimm)?enthaltung(?:en)?))?\b"
)


def _key(phrase: str) -> str:
    words = _NO_LETTER.sub(" ", phrase.casefold().translate(_UMLAUTS))
    return " ".join(_MAJORITY.sub(" ", words).split())


class _Phrases:
    """Phrases and what they mean; one that ends in "…" stands for every longer one."""

    def __init__(self, entries: Iterable[dict[str, Any]]):
        meanings = [(phrase, entry["name"]) for entry in entries for phrase in entry.get("phrases", ())]
        self.exact = {_key(phrase): name for phrase, name in meanings if not phrase.endswith("…")}
        self.begin = {_key(phrase) + " ": name for phrase, name in meanings if phrase.endswith("…")}

    def meaning(self, phrase: str) -> str:
        key = _key(phrase)
        return self.exact.get(key) or next((self.begin[b] for b in self.begin if key.startswith(b)), UNKNOWN)


_DATA: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("outcomes.yml").read_text("utf-8"))
_RESULTS, _ROLES = _Phrases(_DATA["outcomes"]), _Phrases(_DATA["roles"])
OUTCOMES: tuple[Outcome, ...] = tuple(Outcome(o["name"], o["label"], o["color"]) for o in _DATA["outcomes"])


def outcome(result: str) -> str:
    """The outcome a Beschlussart names: ``Ungeändert beschlossen`` → ``accepted``; ``unknown`` where no phrase fits."""
    whole = _RESULTS.meaning(result)
    return whole if whole != UNKNOWN else _RESULTS.meaning(result.split("/")[0])


def role(phrase: str) -> str:
    """What a body does with a paper (``Vorberatung`` → ``advises``); ``unknown`` where no phrase fits."""
    return _ROLES.meaning(phrase)
