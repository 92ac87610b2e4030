"""Words and figures as they stand in a picture: German numbers and days, widths measured by estimate, lines wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ratsdaten.clock import local, moment

NBSP = "\N{NO-BREAK SPACE}"
UNSAID = "?"
_SIGNS = str.maketrans(",.", ".,")

#: Advance widths of Helvetica (Arial and Liberation Sans are drawn to the same), in thousandths of the font size.
_WIDTHS = {
    char: width
    for width, chars in {
        191: "'",
        222: "ijl‚‘’",
        260: "|",
        278: " !,./:;I[\\]ft·" + NBSP,
        333: "()-`r„“”²³",
        334: "{}",
        355: '"',
        389: "*",
        400: "°",
        469: "^",
        500: "Jcksvxyz",
        556: "#$0123456789?L_abdeghnopqu–€§»«",
        584: "+<=>~",
        611: "FTZß",
        667: "ABEKPSVXY&",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1000: "—…",
        1015: "@",
    }.items()
    for char in chars
}
#: Other sans-serif fonts run a little wider, bold type much.
_SLACK, _BOLD = 1.05, 1.08
#: Letters of one text of the data: none shown is longer, and measuring more would take seconds.
_LONGEST = 1000


def number(value: int | float, digits: int = 0) -> str:
    """1234.5 → ``1.234,5`` (with ``digits=1``)."""
    return f"{value:,.{digits}f}".translate(_SIGNS)


def days(value: float) -> str:
    """A number of days, with its half where a median has one."""
    return number(value, 0 if value == int(value) else 1)


def share(value: float, digits: int = 1) -> str:
    """Percent without the sign: rounded, but never to "0" or "100" what is more than none or less than all."""
    if 0 < value < 100 and float(f"{value:.{digits}f}") in (0, 100):
        return number(min(max(value, 0.1), 99.9), 1)
    return number(value, digits)


def percent(value: float, digits: int = 1) -> str:
    """12.5 → ``12,5 %``, the blank unbreakable; see ``share``."""
    return f"{share(value, digits)}{NBSP}%"


def figure(value: int | None) -> str:
    """A count, or the sign for one the source does not give; never 0 in its place."""
    return UNSAID if value is None else number(value)


def count(value: int, one: str, many: str) -> str:
    """``1 Stimme``, ``2 Stimmen``."""
    return f"{number(value)}{NBSP}{one if value == 1 else many}"


def day(iso: str) -> str:
    """2026-11-24 → 24.11.2026; 2026-11 → 11.2026; a UTC timestamp → its day in Germany; anything else as it is."""
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", iso):
        return ".".join(reversed(iso.split("-")))
    found = moment(iso)
    return local(found).strftime("%d.%m.%Y") if found else iso


def listed(parts: Iterable[str]) -> str:
    """``a, b und c``."""
    *head, last = list(parts) or [""]
    return f"{', '.join(head)} und {last}" if head else last


def sentences(*parts: str) -> str:
    """The parts that say something, each with its full stop."""
    return " ".join(part if part.endswith((".", "!", "?", ":", "…")) else f"{part}." for part in parts if part)


def clean(value: object) -> str:
    """One line of text without characters XML forbids; text too long to be read in a picture ends in "…"."""
    text = str(value)
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    if not text.isprintable():  # most are
        text = "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Cn"} else " " for c in text)
    return re.sub(r"[ \t]+", " ", text).strip()


@lru_cache(2048)
def _advance(char: str) -> int:
    if char in _WIDTHS:
        return _WIDTHS[char]
    if unicodedata.combining(char):
        return 0
    base = unicodedata.normalize("NFD", char)[0]
    if base != char:
        return _advance(base)
    return 1000 if unicodedata.east_asian_width(char) in "WF" else 650


def measure(text: str, size: float, bold: bool = False) -> float:
    """The width of one line in pixels: an estimate on the safe side."""
    return sum(map(_advance, text)) / 1000 * size * _SLACK * (_BOLD if bold else 1)


def wrap(text: str, room: float, size: float, bold: bool = False, most: int | None = None) -> list[str]:
    """Lines no wider than ``room`` pixels; beyond ``most`` lines the last one ends in "…".

    A line ends at a blank, or after a slash or hyphen; only a word wider than a whole line is cut.
    """

    def fits(line: str) -> bool:
        return measure(line.rstrip(" "), size, bold) <= room

    lines = [""]
    for word in re.findall(r"[^ ]*?[-–/](?=[^\W\d])|[^ ]+ *| +", text):
        while not fits(word) and len(word) > 2:
            end = next((i for i in range(min(len(word), 200), 3, -1) if fits(lines[-1] + word[:i] + "-")), 0)
            if not end and not lines[-1]:
                end = 1  # not even four letters have room: no matter, but come to an end
            lines[-1] += word[:end] + "-" * bool(end)
            lines.append("")
            word = word[end:]
        if lines[-1] and not fits(lines[-1] + word):
            lines.append("")
        lines[-1] += word
    lines = [line.strip(" ") for line in lines if line.strip(" ")]
    if most is not None and len(lines) > most:
        last = lines[most - 1]
        while last and not fits(last + " …"):
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,;-–") + " …"]
    return lines


def short(text: str, room: float, size: float) -> str:
    """One line no wider than ``room``, ending in "…" where it had to be cut."""
    if measure(text, size) <= room:
        return text
    while text and measure(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"
