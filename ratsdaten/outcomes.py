"""What became of an item: the words for it from ``outcomes.yml``. A phrase nobody has entered there stays unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from .groups import fold

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``name`` is what the tables hold, ``label`` what people read."""

    name: str
    label: str
    color: str


#: How many agreed says nothing about what was agreed.
_MAJORITY = re.compile(
    r"\b(?:einstimmig|mehrheitlich|(?:mit|bei) (?:stimmen)?(?:mehrheit|gleichheit))\b"
    r"|\bbei (?:\w+ (?:gegenstimmen?|(?:stimm)?enthaltung(?:en)?)(?: und )?)+"
)


def _key(phrase: str) -> str:
    return " ".join(_MAJORITY.sub(" ", fold(phrase, " ")).split())


class _Phrases:
    """Phrases and what they mean; "…" stands for any words."""

    def __init__(self, entries: Iterable[dict[str, Any]]):
        meanings = [(phrase, entry["name"]) for entry in entries for phrase in entry.get("phrases", ())]
        self.exact = {_key(phrase): name for phrase, name in meanings if "…" not in phrase}
        self.open = [(" .+ ".join(map(_key, p.split("…"))).strip(), name) for p, name in meanings if "…" in p]

    def meaning(self, phrase: str) -> str:
        key = _key(phrase)
        return self.exact.get(key) or next((name for open_, name in self.open if re.fullmatch(open_, key)), UNKNOWN)


_DATA: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("outcomes.yml").read_text("utf-8"))
_RESULTS, _ROLES = _Phrases(_DATA["outcomes"]), _Phrases(_DATA["roles"])
OUTCOMES: tuple[Outcome, ...] = tuple(Outcome(o["name"], o["label"], o["color"]) for o in _DATA["outcomes"])


def outcome(result: str) -> str:
    """The outcome a Beschlussart names: ``Ungeändert beschlossen`` → ``accepted``; ``unknown`` where no phrase fits.

    Of two parts (``zurückgezogen / erledigt``) the first counts, unless one is only advice or they contradict.
    """
    if (whole := _RESULTS.meaning(result)) != UNKNOWN or "/" not in result:
        return whole
    parts = [meaning for part in result.split("/") if (meaning := _RESULTS.meaning(part)) != UNKNOWN]
    advice = [meaning for meaning in parts if meaning.endswith("recommended")]
    if len(set(advice)) > 1 or ("rejected" in parts and any(meaning.startswith("accepted") for meaning in parts)):
        return UNKNOWN
    return next(iter(advice or parts), UNKNOWN)


def role(phrase: str) -> str:
    """What a body does with a paper (``Vorberatung`` → ``advises``); ``unknown`` where no phrase fits.

    Of several parts (``Kenntnisnahme und Beratung``) all are known and none decides, or it stays unknown.
    """
    if (whole := _ROLES.meaning(phrase)) != UNKNOWN:
        return whole
    parts = {_ROLES.meaning(part) for part in re.split(r"[/,]|\bund\b", phrase)}
    if len(parts) == 1:
        return parts.pop()
    return "advises" if parts == {"advises", "is_informed"} else UNKNOWN


_BODY = r"(?:(?:Stadt)?[Rr]at(?:e|es)?|\w*[Aa]usschu(?:ss|ß)(?:es)?|Bezirksvertretung|\w+versammlung)\b"
_TO_A_BODY = rf"\b(?:dem|der|den|die|das)\s+(?:\w+-?\s+(?:und\s+\w+-?\s*)?)??{_BODY}"
#: ``empfiehlt einstimmig dem Rat``, ``empfiehlt, der Rat möge``, ``schlägt dem Rat vor``, ``Empfehlung an den Rat``
_ADVICE = re.compile(
    rf"\bempf(?:iehlt|ehlen)\b(?:[^.,;:]{{0,60}}?|[^.,;:]{{0,40}}[,:]\s*(?:dass\s+)?)(?i:{_TO_A_BODY})"
    rf"|\b(?:schlägt|schlagen|gibt|geben)\s+{_TO_A_BODY}[^.;]{{0,60}}\b(?:vor|[Ee]mpfehlung|Beschlussempfehlung)\b"
    rf"|\b(?:Beschlusse|E)mpfehlung\s+an\s+{_TO_A_BODY}|^(?:Beschluss:?\s+)?(?:Beschlusse|E)mpfehlung:"
)
_OTHERS = re.compile(r"\b(?:Verwaltung|Jury|Oberbürgermeister\w*|Gutachter\w*)\b")


def recommends(resolution: str) -> bool:
    """Whether a resolution begins as advice to another body: ``Der Ausschuss empfiehlt dem Rat, …``."""
    found = _ADVICE.search(resolution[:400])
    return found is not None and not _OTHERS.search(resolution[: found.start()])
