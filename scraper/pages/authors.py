"""Who wrote a paper (label "Verfasser"): groups, bodies and elected people; employees are dropped here.

The label names employees far more often than politicians, so a name is kept only where the print says
that it is a group, a body or an elected person. Everything else is forgotten before it leaves the parser.
"""

from __future__ import annotations

import re

from .markup import Labels, lines

#: A person's name: "Wind, Lars", "Dr. Lars Wind".
_NAME = (
    r"(?:Herrn? |Frau )?(?:(?:Prof|Dr)\. )*[A-ZÄÖÜ][\w'-]+,?(?: (?:(?:von|van|de|zu|der|Dr\.) ?)*[A-ZÄÖÜ][\w'-]+){0,2}"
)
#: An elected person: the office stands before the name ("SVO Wind, Lars").
ELECTED = re.compile(
    r"(?:SVO|BVO|Stv\.|RM|StR|Stadtverordnete[nr]?|Bezirksverordnete[nr]?|Ratsmitglied|Ratsherrn?|Ratsfrau|Stadtrat|Stadträtin"
    r"|Stadtratsmitglied|Bezirksabgeordnete[nr]?|BAbg\.|Fraktionsvorsitzende[nr]?|Bezirksbürgermeister(?:in)?"
    rf"|Oberbürgermeister(?:in)?|(?:\d\. )?Bürgermeister(?:in)?) (?!Büro|Stab|Amt|Referat){_NAME}"
)
#: A body: its kind, then a place or what it is for, and nobody's name.
BODY = re.compile(
    r"(?:Der |Die |Das )?"
    r"(?:Rat(?: der Stadt)?|Integrationsrat|Ortsrat"
    r"|[\w-]*(?:[Aa]usschuss|[Bb]eirat|vertretung|versammlung|[Pp]arlament))"
    r"(?: [A-ZÄÖÜ][\w/-]+| (?:für|des|der|zur|im|in) [\w/ -]+(?:, [\w/ -]+)*(?:,? und [\w/ -]+)?)?"
)
#: Groups: each word must belong to a group's name, so that no person hides among them; a place may end it.
GROUP_WORD = re.compile(
    r"\w*(?:[Ff]raktion(?:en)?|[Gg]ruppen?)|[A-ZÄÖÜ]\S*-(?:Fraktion|Gruppe)?,?|(?i:die|der)|und|im|&|/|-|–|Rat|Stadt"
    r"|SPD|CDU|CSU|FDP|A[fF]D|B|90|90/(?i:die)|UB|AL|BSW|WHW|WWH|fraktionslos"
    r"|(?i:grünen?|bündnis|linken?|volt|piraten(?:[-/]AL)?|partei|freie|wähler|unabhängigen?|forum|bürger|liste|bunte),?"
)
PLACE = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?")

_EXTENSION = re.compile(r" ?[-–,;(] ?(?:Tel|Fax|App|Durchwahl|E-?Mail)\b.*$")
_COUNTED = re.compile(r"(?:^|\s)\d\.\s+(?!Bürgermeister)")


def authors(pairs: Labels) -> str | None:
    """Authors as printed, joined by "; "; None where none of them is a group, a body or an elected person."""
    cell = next((cell for label, cell in pairs if label.startswith("Verfasser")), None)
    if cell is None:
        return None
    printed = [part for line in lines(cell) for part in _COUNTED.split(line)]
    names = [_EXTENSION.sub("", part).strip() for part in printed]
    return "; ".join(name for name in names if _kept(name)) or None


def _kept(name: str) -> bool:
    if len(name) > 200:
        return False
    if ELECTED.fullmatch(name):
        return True
    if BODY.fullmatch(name):
        # "…, Beteiligungen und Immobilien" goes on with an "und", "…, Erika Beispiel" does not.
        tail = name.rpartition(", ")[2] if ", " in name else ""
        return not re.search(r" [-–] |\b(?:Herrn?|Frau|Dr)\b", name) and (not tail or " und " in tail)
    words = name.split()
    if len(words) > 1 and PLACE.fullmatch(words[-1]) and not GROUP_WORD.fullmatch(words[-1]):
        words.pop()  # "SPD-Fraktion Beispielstadt"
    return bool(re.search("[Ff]raktion|[Gg]ruppe", name)) and all(GROUP_WORD.fullmatch(word) for word in words)
