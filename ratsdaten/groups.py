"""The groups of the council, from ``groups.yml``: one spelling, full name and colour for parser and charts alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Group:
    """A group; ``name`` is what the tables hold, the dates are ISO and None where unknown."""

    name: str
    full_name: str
    color: str
    aliases: tuple[str, ...] = ()
    start_date: str | None = None
    end_date: str | None = None


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NO_LETTER = re.compile(r"[\W_]+")
#: Words around a name that say no more than "group": CDU-Ratsfraktion, Fraktion DIE LINKE, Gruppe Piraten.
_FACTION = re.compile(
    r"^(?:Rats|Bezirks)?(?:Fraktion|Gruppe)\b(?: de[rs]\b)?[\s-]*|[\s-]*\b\w*(?:Fraktion|Gruppe)$", re.I
)
_LONGEST = 200  # letters of a group's name; the pattern above takes the square of a text's length
_SEATS = re.compile(r"\s*\(\d{1,3}\)$")


def fold(text: str, between: str = "") -> str:
    """Letters and digits alone, umlauts spelt out: ``Piraten / AL`` and ``PIRATEN-AL`` → ``piratenal``.

    ``between`` stands for what lay between the words.
    """
    return _NO_LETTER.sub(between, text.casefold().translate(_UMLAUTS))


def _load() -> tuple[Group, ...]:
    entries: list[dict[str, Any]] = yaml.safe_load(files(__package__).joinpath("groups.yml").read_text("utf-8"))
    for entry in entries:
        entry["aliases"] = tuple(entry.get("aliases", ()))
        for day in ("start_date", "end_date"):
            if isinstance(value := entry.get(day), date):
                entry[day] = value.isoformat()
    return tuple(Group(**entry) for entry in entries)


GROUPS: tuple[Group, ...] = _load()
_BY_KEY = {fold(spelling): group.name for group in GROUPS for spelling in (group.name, *group.aliases)}


def tidy(label: str) -> str:
    """A label in one line, without a trailing colon, the number of seats or blanks around slashes."""
    text = re.sub(r"\s*/\s*", "/", " ".join(label.split())).rstrip(":* ")
    return _SEATS.sub("", text)


@lru_cache(4096)
def known(label: str) -> str | None:
    """The name of the group a label means, None where ``groups.yml`` does not know it."""
    if len(label) > _LONGEST:
        return None
    text = tidy(label)
    return _BY_KEY.get(fold(text)) or _BY_KEY.get(fold(_FACTION.sub("", text)))


def normalise(label: str) -> str:
    """The name a label is stored under: the known group's, else the label itself, tidied."""
    return known(label) or tidy(label)


def _mention(spelling: str) -> str:
    """A pattern for one spelling in running text; short names only in their own case (OB is no ``ob``)."""
    parts = [part for part in re.split(r"[\W_]+", spelling) if part]
    if len(parts) == 1 and parts[0].islower():
        return re.escape(parts[0])
    both = (parts, [part.upper() for part in parts], [part.translate(_UMLAUTS) for part in parts])
    return "|".join(r"\s?[-/'.&+]{0,1}\s?".join(map(re.escape, spelt)) for spelt in both)


#: MENTION: a known group in running text, longest spelling first, with its "-Fraktion": ``B 90 / DIE GRÜNEN-Fraktion``.
_FACTION_WORD = r"(?:[Ff]raktion|FRAKTION|[Gg]ruppe)"
_SPELLINGS = sorted({s for g in GROUPS for s in (g.name, *g.aliases)}, key=lambda s: (-len(s), s))
MENTION = (
    rf"(?:(?:Rats)?{_FACTION_WORD}\s(?:(?:der|des)\s)?)?(?:{'|'.join(map(_mention, _SPELLINGS))})"
    rf"(?:\s?-\s?\w*{_FACTION_WORD})?(?!\w)"
)
#: What a roster says of a member of a group beside its name.
_OFFICE = re.compile(
    r"\([^()]*\)|\b(?:(?:\d\.|stellv\w*\.?|stv\.|der|die)\s)*"
    r"(?:(?:Fraktions)?sprecher(?:in)?|Fraktionsvorsitz(?:ende(?:r|/r)?)?|(?:Fraktions)?mitglied)\b(?:\sder)?",
    re.I,
)
#: People, who may bear the name of a group: ``SVO Linke, Max``.
_PERSON = re.compile(r"\b(?:SVO?|StV|RM|Ratsmitglied|\w+verordnete[rn]?|Herrn?|Frau)\.? (?:Dr\. )?[^\W\d_]+(?:-\w+)?")
#: A word that several groups share: ``SPD-, CDU- und FDP-Fraktion``.
_SHARED = re.compile(r"(?<=\w)-(?=,|\s(?:und|sowie|&)\s)")
_MENTION = re.compile(rf"(?<!\w){MENTION}")


def affiliation(text: str | None) -> str | None:
    """The known group a roster's "Funktion" names for certain: ``Sprecherin CDU-Fraktion`` → CDU.

    None where it names two groups, none, or says anything else; ``fraktionslos (SPD)`` is fraktionslos.
    """
    if not text:
        return None
    name = known(_OFFICE.sub(" ", text).strip(" -–,"))
    return name if name == "fraktionslos" or set(mentioned(text)) <= {name} else None


def mentioned(text: str) -> tuple[str, ...]:
    """The known groups an author's text names, in order, each once; ``Piraten/AL`` is not Piraten."""
    found = (known(mention[0]) for mention in _MENTION.finditer(_SHARED.sub(" ", _PERSON.sub("", text))))
    return tuple(dict.fromkeys(name for name in found if name))
