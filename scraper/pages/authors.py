"""Who wrote a paper (label "Verfasser"): groups, bodies and elected people; employees are dropped here.

The label names employees far more often than politicians, so a name is kept only where the print says
that it is a group, a body or an elected person. Everything else is forgotten before it leaves the parser.
"""

from __future__ import annotations

import re

from .markup import HtmlElement, lines

#: An elected person: the office stands before the name ("SVO Wind, Lars").
ELECTED = re.compile(
    r"(?:SVO|BVO|Stv\.|RM|StR|Stadtverordneter?|Stadtverordnete[nr]?|Bezirksverordneter?|Ratsmitglied|Ratsherrn?|Ratsfrau"
    r"|Stadtr(?:at|ätin)|Stadtrats?mitglied|Bezirksabgeordneter?|BAbg\.|Fraktionsvorsitzender?|Bezirksbürgermeister(?:in)?"
    r"|Oberbürgermeister(?:in)?|(?:\d\. )?Bürgermeister(?:in)?)\s+(?:Herrn?\s+|Frau\s+)?[A-ZÄÖÜ].*"
)
#: A group or body, by its own name: every word must be one of a group's name, so that no person hides among them.
_GROUP_WORD = (
    r"(?:\w*[Ff]raktion(?:en|s)?|\w*[Gg]ruppen?|Die|Der|Das|der|die|des|und|im|in|für|&|/|,|-|–|Rat|Rates|Stadt"
    r"|SPD|CDU|CSU|FDP|AfD|AFD|GRÜNEN?|Grünen?|Bündnis|BÜNDNIS|B|90|90/DIE|LINKEN?|Linken?|DIE|Volt|VOLT|Piraten(?:-AL|/AL)?"
    r"|PIRATEN|PARTEI|Partei|UB|AL|BSW|WHW|WWH|Freie|FREIE|Wähler|WÄHLER|Unabhängigen?|UNABHÄNGIGEN?|parteilos|fraktionslos"
    r"|\w*[Aa]usschuss(?:es)?|\w*[Bb]ezirksvertretung|\w*[Bb]ezirksversammlung|\w*[Bb]eirat(?:es)?|Integrationsrat(?:es)?"
    r"|Ortsrat(?:es)?|Jugendparlament|[A-ZÄÖÜ][\w./]*-(?:Fraktion|Gruppe))"
)
_PLACE = r"(?:\s+(?:[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?))?"  # "Fraktion GRÜNE Bergedorf"
GROUP = re.compile(rf"(?=.*(?:[Ff]raktion|[Gg]ruppe|[Aa]usschuss|vertretung|versammlung|[Bb]eirat|srat|parlament))"
                   rf"(?:{_GROUP_WORD})(?:(?:\s+|(?<=[/,-])|(?=[/,-])){_GROUP_WORD})*{_PLACE}")
_EXTENSION = re.compile(r"\s*[-–,;(]\s*(?:Tel|Fax|App|Durchwahl|E-?Mail)\b.*$")
_COUNTED = re.compile(r"(?:^|\s)\d\.\s+")


def authors(pairs: list[tuple[str, HtmlElement]]) -> str | None:
    """Authors as printed, joined by "; "; None where none of them is a group, a body or an elected person."""
    cell = next((cell for label, cell in pairs if label.startswith("Verfasser")), None)
    if cell is None:
        return None
    printed = [part for line in lines(cell) for part in _COUNTED.split(line)]
    names = [_EXTENSION.sub("", part).strip() for part in printed]
    return "; ".join(name for name in names if ELECTED.fullmatch(name) or GROUP.fullmatch(name)) or None
