"""Who wrote a paper (label "Verfasser"): groups, bodies and elected people; employees are dropped here.

The label names employees far more often than politicians, so a name is kept only where the print says
that it is a group, a body or an elected person. Everything else is forgotten before it leaves the parser.
"""

from __future__ import annotations

import re

from .markup import Labels, lines

#: An elected person: the office stands before the name ("SVO Wind, Lars").
ELECTED = re.compile(
    r"(?:SVO|BVO|Stv\.|RM|StR|Stadtverordnete[nr]?|Bezirksverordnete[nr]?|Ratsmitglied|Ratsherrn?|Ratsfrau|Stadtrat|Stadträtin"
    r"|Stadtratsmitglied|Bezirksabgeordnete[nr]?|BAbg\.|Fraktionsvorsitzende[nr]?|Bezirksbürgermeister(?:in)?"
    r"|Oberbürgermeister(?:in)?|(?:\d\. )?Bürgermeister(?:in)?) (?:Herrn? |Frau )?[A-ZÄÖÜ].*"
)
#: A body: starts with its kind and names nobody ("Ausschuss für Finanzen, Beteiligungen und Immobilien").
BODY = re.compile(
    r"(?:Der |Die |Das )?"
    r"(?:Rat|[\w-]*(?:[Aa]usschuss|[Bb]eirat|vertretung|versammlung|[Pp]arlament)|Integrationsrat|Ortsrat)\b"
    r"(?!.*\b(?:Herrn?|Frau|Dr)\b)\D*"
)
#: A group that starts with its kind: "Fraktion Forum Beispielstadt".
GROUP = re.compile(r"(?:Die )?(?:Fraktion|Gruppe)(?: (?:[A-ZÄÖÜ/&-]\S*|90\S*|und|der|die)){1,6}")
#: Groups in other words ("SPD- und CDU-Fraktion"): each must belong to a group's name, so that no person hides there.
GROUP_WORD = re.compile(
    r"\w*(?:[Ff]raktion(?:en)?|[Gg]ruppen?)|[A-ZÄÖÜ]\S*-(?:Fraktion|Gruppe)?,?|(?i:die|der)|und|im|&|/|-|–|Rat|Stadt"
    r"|SPD|CDU|CSU|FDP|A[fF]D|B|90|90/(?i:die)|UB|AL|BSW|WHW|WWH|fraktionslos"
    r"|(?i:grünen?(?:-fraktion)?|bündnis|linken?|volt|piraten(?:[-/]AL)?|partei|freie|wähler|unabhängigen?),?"
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
    if len(name) > 300:
        return False
    if any(pattern.fullmatch(name) for pattern in (ELECTED, BODY, GROUP)):
        return True
    words = name.split()
    if len(words) > 1 and PLACE.fullmatch(words[-1]) and not GROUP_WORD.fullmatch(words[-1]):
        words.pop()  # "SPD-Fraktion Beispielstadt"
    return bool(re.search("[Ff]raktion|[Gg]ruppe", name)) and all(GROUP_WORD.fullmatch(word) for word in words)
