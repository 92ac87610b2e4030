"""A sentence as a string of one-letter codes, one a word: ``12 Ja, 4 Nein`` → ``#y,#n``; see ``vocabulary.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ratsdaten.groups import MENTION, fold

from .vocabulary import CODE_OF

_NUMBER = r"(?:0|[1-9]\d{0,2})"
_TOKEN = re.compile(
    rf"(?P<g>(?<!\w){MENTION})"
    rf"|(?P<three>(?<![\d/.,]){_NUMBER}(?: ?/ ?{_NUMBER}){{2}}(?![\d/.,]\d|\d))"
    r"|(?P<w>\d+(?:[.,:/]\d+)+|\d{4,}|\d+ ?(?:€|%|Euro|EUR|Uhr|Mio|TEUR|Prozent)|§+ ?\d+\w*|\d+\.(?= ?[^\W\d_])"
    r"|\b[Zz]u \d+)"  # zu 5: no figure
    r"|(?P<number>\d{1,3})(?!\w)|(?P<word>[^\W_]+(?:-[^\W_]+)*)|(?P<sign>\S)"
)
_KIND = {"g": "g", "three": "3", "number": "#", "w": "w"}
_SIGN = {"–": "-", "—": "-", "−": "-", "|": ",", "•": ","} | {sign: sign for sign in ",:;.()/-!?&+"}
_BODY = re.compile(r".*aussch(?:uss|uesse)(?:mitglieder)?")


@dataclass(slots=True)
class Coded:
    """A sentence as codes; ``text(a, b)`` gives the words of the codes from a to b back."""

    source: str
    codes: str
    spans: list[tuple[int, int]]

    def text(self, start: int, end: int) -> str:
        return self.source[self.spans[start][0] : self.spans[end - 1][1]] if end > start >= 0 else ""


@lru_cache(1024)
def coded(text: str) -> Coded:
    tokens = list(_TOKEN.finditer(text))
    return Coded(text, "".join(map(_code, tokens)), [token.span() for token in tokens])


def _code(token: re.Match[str]) -> str:
    kind, text = token.lastgroup or "", token[0]
    if kind == "word":
        word = fold(text)
        return "V" if text == "stimmen" else CODE_OF.get(word) or ("K" if _BODY.fullmatch(word) else "w")
    return _KIND.get(kind) or _SIGN.get(text, "w")
