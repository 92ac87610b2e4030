"""What can go wrong on the way to a page, as tests and operators order it."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = (
    "status",
    "slow",
    "hang",
    "drop",
    "truncate",
    "garbage",
    "empty",
    "huge",
    "busy",
    "refuse",
    "login",
    "noauth",
    "maintenance",
    "redesign",
    "broken-once",
    "allris4",
    "no-meetings",
    "no-texts",
)


@dataclass
class Fault:
    """Requests whose `path?query` matches `pattern` suffer `kind`: after `spare` that do not, `times` (None: always).

    Kinds: `status:500` (any number), `slow` (`seconds` late), `hang` (never answered), `drop` (connection closed in
    mid-body), `truncate` (half the page, complete as HTTP), `garbage`, `empty`, `huge` (20 MB), `busy`, `refuse`,
    `login` (302 to ri/logon.asp), `noauth` (302), `maintenance`, `redesign` (another template), `broken-once` (the
    first answer lacks its "<"), `allris4` (a page of the next product generation), `no-meetings` (an empty calendar),
    `no-texts` (all but the Word texts).
    """

    pattern: str
    kind: str
    times: int | None = None
    seconds: float = 1.0
    spare: int = 0

    def __post_init__(self) -> None:
        if self.kind.partition(":")[0] not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}, known: {', '.join(KINDS)}")
        if self.kind == "broken-once" and self.times is None:
            self.times = 1
        self._expression = re.compile(self.pattern)

    def hits(self, target: str) -> bool:
        """Does it strike now? Counts down `times`."""
        if self.times == 0 or not self._expression.search(target):
            return False
        if self.spare:
            self.spare -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


PAGES = {
    "busy": "<html><body>zu viele Zugriffe</body></html>",
    "maintenance": "<!DOCTYPE html><html><head><title>Wartungsarbeiten</title></head><body><h1>Wartungsarbeiten</h1>"
    "<p>Das Ratsinformationssystem steht vorübergehend nicht zur Verfügung.</p></body></html>",
    "redesign": '<!DOCTYPE html><html lang="de"><head><title>Ratsportal</title></head><body><header><h1>Neues '
    'Ratsportal</h1></header><main class="grid"><article><h2>Sitzung</h2><p>Willkommen im neuen '
    "Ratsportal.</p></article></main></body></html>",
    "allris4": '<!DOCTYPE html><html lang="de"><head><title>ALLRIS - Sitzung</title><meta name="description" '
    'content="ALLRIS net Version 4.1.2"></head><body><div id="allriscontainer"><dl><dt>Gremium</dt>'
    '<dd>Rat</dd></dl><table id="toTreeTable"><tr><td class="tovonr">1</td></tr></table></div></body>'
    "</html>",
}
