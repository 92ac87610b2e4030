"""Parts of a person's printed name, only where its form leaves no doubt."""

from __future__ import annotations

import re

from ..items import Person

_TITLES = re.compile(
    r"((?:(?:Prof|Dr|Dipl|Mag)\.(?:-\w+\.?)?(?:\s*(?:h\.\s*c|med|phil|jur|rer|nat|pol|Ing|oec)\.)*\s*)+)"
)
_FORM = re.compile(r"(Herr|Frau)n?\s+")
_TWO_NAMES = re.compile(r"(\S+) ((?:(?:von|van|vom|zu|zum|zur|de|del|der|den|di|da|du|la|le|el|al|ten|ter) )*\S+)")


def named(number: int, name: str | None) -> Person:
    """The person ``number`` with form of address, title, family and given name taken from the printed name."""
    return Person(number, name, *split_name(name)) if name else Person(number, None)


def split_name(name: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Family name, given name, form of address, title: "Dr. Muster, Maria", "Frau Maria von Muster"."""
    found = _FORM.match(name)
    form = found[1] if found else None
    rest = name[found.end() :] if found else name
    titles = [match.strip() for match in _TITLES.findall(rest)] if "." in rest else []
    if titles:
        rest = " ".join(_TITLES.sub(" ", rest).split())
    family: str | None
    given: str | None
    if "," in rest:
        family, _, given = (part.strip() for part in rest.partition(","))
    elif two := _TWO_NAMES.fullmatch(rest):
        given, family = two[1], two[2]
    else:
        family, given = (rest, None) if " " not in rest else (None, None)
    return family or None, given or None, form, " ".join(titles) or None
