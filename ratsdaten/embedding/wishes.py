"""What somebody asks for, read from an address: a ballot or a statistic with its parameters. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args
from urllib.parse import quote, urlencode

from ratsdaten.charts import THEMES, WIDTHS
from ratsdaten.serving.answers import Problem, short
from ratsdaten.statistics import PERIOD, STATISTICS, Statistic

Kind = Literal["abstimmung", "statistik"]
KINDS: tuple[Kind, ...] = get_args(Kind)

BASIC_WIDTH = 640  # of a picture nobody gave a width for
VIEWS = ("balken", "sitze")
CHOICES = ("", "alle")  # of auswahl
MOST = 1000  # of mindestens

_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Wish:
    """``name`` is a votes.id or a statistic; ``width`` None: as wide as there is room; ``parameters`` are not empty."""

    kind: Kind
    name: str
    width: int | None = None
    colours: str = "auto"
    view: str = "balken"
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def statistic(self) -> Statistic:
        return STATISTICS[self.name]

    def path(self, form: str = "") -> str:
        """The address below the site's root that leads back here, without parameters that say what is the case anyway.

        ``form`` is .svg, .png or .json.
        """
        shown = {"ansicht": self.view, "breite": str(self.width or ""), "farben": self.colours}
        usual = {"ansicht": "balken", "breite": "", "farben": "auto"}
        query = {**self.parameters, **{key: value for key, value in shown.items() if value != usual[key]}}
        return f"/einbetten/{self.kind}/{quote(self.name)}{form}" + (f"?{urlencode(query)}" if query else "")


def read(kind: str, name: str, arguments: Mapping[str, str]) -> Wish:
    """Raises Problem: 404 for what does not exist, 400 for what cannot be read. Any ballot may exist."""
    if kind not in KINDS:
        raise Problem(404, "Diese Seite gibt es nicht. Einbetten lassen sich Abstimmungen und Statistiken.")
    if kind == "statistik" and name not in STATISTICS:
        raise Problem(404, f"Die Statistik „{short(name)}“ gibt es nicht. Es gibt: {', '.join(STATISTICS)}.")
    width = arguments.get("breite", "").strip()
    return Wish(
        kind="abstimmung" if kind == "abstimmung" else "statistik",
        name=name,
        width=None if width in ("", "voll") else int(one_of("breite", width, [str(width) for width in WIDTHS])),
        colours=one_of("farben", arguments.get("farben", "") or "auto", THEMES),
        view=one_of("ansicht", arguments.get("ansicht", "") or "balken", VIEWS if kind == "abstimmung" else VIEWS[:1]),
        parameters=selection(STATISTICS[name].parameters, arguments) if kind == "statistik" else {},
    )


def one_of(name: str, value: str, offered: tuple[str, ...] | list[str]) -> str:
    if value not in offered:
        choice = ", ".join(word for word in offered if word)
        raise Problem(400, f"{name}={short(value)} wird nicht angeboten. Möglich: {choice}.")
    return value


def selection(accepted: tuple[str, ...], arguments: Mapping[str, str]) -> dict[str, str]:
    """The accepted of a statistic's parameters as queries take them; empty ones are left out. Raises Problem (400)."""
    given = {name: arguments.get(name, "").strip() for name in ("von", "bis", "gremium", "auswahl", "mindestens")}
    for name, value in given.items():
        if value and name not in accepted:
            raise Problem(400, f"Die Angabe {name} gibt es hier nicht. Möglich: {', '.join(accepted)}.")
    for name in PERIOD:
        given[name] = day_or_period(name, given[name])
    if given["bis"] and given["von"] > given["bis"] + "~":  # 2020-10-31 lies within 2020
        raise Problem(400, f"Der Zeitraum endet, bevor er beginnt: von={given['von']}, bis={given['bis']}.")
    one_of("auswahl", given["auswahl"], CHOICES)
    if given["mindestens"]:
        if not re.fullmatch("[0-9]{1,4}", given["mindestens"]) or not 1 <= int(given["mindestens"]) <= MOST:
            raise Problem(400, f"mindestens={short(given['mindestens'])}: Bitte eine Zahl von 1 bis {MOST} angeben.")
        given["mindestens"] = str(int(given["mindestens"]))
    return {name: value for name, value in given.items() if value}


def day_or_period(name: str, text: str) -> str:
    """``2020``, ``2020-10``, ``2020-10-31`` as they are, ``31.10.2020`` as the third; empty stays empty."""
    if not text:
        return ""
    if german := _GERMAN_DAY.fullmatch(text):
        day, month, year = map(int, german.groups())
        text = f"{year:04}-{month:02}-{day:02}"
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part or 1) for part in match.groups())
        try:
            date(year, month, day)
            return text
        except ValueError:
            pass
    raise Problem(
        400,
        f"{name}={short(text)} ist kein Datum. Bitte als JJJJ, JJJJ-MM, JJJJ-MM-TT oder TT.MM.JJJJ angeben, "
        "zum Beispiel 2020 oder 31.10.2020.",
    )
