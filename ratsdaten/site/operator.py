"""Who answers for the site: what metadata.yml says under ``plugins: site:``, checked, and what is still missing there.

Nothing is made up: what nobody entered is None or an empty list, and the pages say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Details = dict[str, dict[str, Any]]


class Mistake(Exception):
    """An entry of metadata.yml that is not what it should be; the message names it and the mend."""


def details(config: Mapping[str, Any]) -> Details:
    """Every field of FIELDS, in its sections. Raises Mistake."""
    return {section: _section(section, fields, config.get(section)) for section, fields in FIELDS.items()}


def missing(found: Details) -> list[str]:
    """What a published site must say and does not yet, as it is named in metadata.yml."""
    return [name for name in REQUIRED for section, key in [name.split(": ")] if found[section][key] in (None, [])]


def _section(section: str, fields: Mapping[str, Callable[[Any], Any]], given: Any) -> dict[str, Any]:
    where = f"metadata.yml: plugins: site: {section}"
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise Mistake(f"{where} must be entries of the form name: value, such as {', '.join(fields)}.")
    if unknown := [key for key in given if key not in fields]:
        raise Mistake(f"{where}: {unknown[0]} is not known here. There are {', '.join(fields)}.")
    found = {}
    for key, read in fields.items():
        try:
            found[key] = read(given.get(key))
        except ValueError as error:
            raise Mistake(f"{where}: {key} must be {error}; {given[key]!r} is not.") from None
    return found


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    raise ValueError("a text (in quotes where it is a number)")


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(line, str) and line.strip() for line in value):
        return [line.strip() for line in value]
    raise ValueError("a list with one line an entry, each a text")


def _email(value: Any) -> str | None:
    text = _text(value)
    if text and (text.count("@") != 1 or text.startswith("@") or text.endswith("@") or set(text) & set(' <>"?&')):
        raise ValueError("an e-mail address such as kontakt@example.org")
    return text


def _days(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise ValueError("a number of days, 0 where nothing is kept")


def _day(value: Any) -> str | None:
    try:
        return value and date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError("a day such as 2026-11-22") from None


def _place(value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    if isinstance(value, dict) and set(value) == {"name", "url"}:
        name, url = value["name"], value["url"]
        if isinstance(name, str) and isinstance(url, str) and url.startswith(("https://", "http://")):
            return {"name": name, "url": url}
    raise ValueError("an entry with name and url (https://…)")


FIELDS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "operator": {
        "name": _text,
        "address": _lines,
        "email": _email,
        "phone": _text,
        "represented_by": _text,
        "register": _text,
        "vat_id": _text,
        "responsible": _lines,
    },
    "privacy": {"log_days": _days, "hosting": _lines, "authority": _place},
    "accessibility": {"checked": _day, "arbitration": _place},
}
REQUIRED = ("operator: name", "operator: address", "operator: email", "privacy: log_days")
