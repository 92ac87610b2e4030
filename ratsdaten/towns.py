"""The towns that are crawled and served: ``towns.toml``, read and checked; that file says what its entries mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from .clock import BERLIN

FILE = Path(__file__).parent.parent / "towns.toml"

_KEY = re.compile(r"[a-z][a-z0-9_-]*")
#: First parts of the site's own addresses: a database of that name would be hidden behind them.
# fmt: off
RESERVED = frozenset((
    "abstimmungen", "aenderung", "aenderungen", "allris", "barrierefreiheit", "bi", "daten", "datenschutz",
    "dokument", "einbetten", "fraktion", "fraktionen", "gremien", "gremium", "impressum", "person", "personen",
    "sitemap", "sitzung", "sitzungen", "static", "statistik", "status", "suche", "top", "ueber", "vorlage",
    "vorlagen",
))
# fmt: on
_HOST = re.compile(r"[a-z0-9]+(?:[.-]+[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class TownProblem(ValueError):
    """``towns.toml`` cannot be used, or has no such town; the message names file, entry, key and the mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """One entry. ``said`` is what metadata.yml would say of its database: title, source, license, notice …"""

    key: str
    name: str
    base_url: str
    time_zone: ZoneInfo
    hosts: tuple[str, ...]
    accent: tuple[str, str] | None  # #rrggbb on light and on dark pages
    said: Mapping[str, str]


def read(file: Path = FILE) -> dict[str, Town]:
    """Every town by its key, in the file's order. Raises TownProblem."""
    try:
        entries = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise TownProblem(
            f"{file} cannot be read ({error.strerror}): put the settings file of the towns there."
        ) from None
    except ValueError as error:  # no TOML, or not UTF-8
        raise TownProblem(f"{file} is no TOML ({error}): mend that line.") from None
    if not entries:
        raise TownProblem(f"{file} names no town: add an entry such as [herne] with name and base_url.")
    towns = {key: _town(file, key, entry) for key, entry in entries.items()}
    _check_once(file, towns, "base_url", lambda town: [town.base_url])
    _check_once(file, towns, "hosts", lambda town: town.hosts)
    return towns


def find(key: str, file: Path = FILE) -> Town:
    """Raises TownProblem."""
    towns = read(file)
    if key not in towns:
        raise TownProblem(
            f"town={key} is not in {file}: there are {', '.join(towns)}; add an entry or name one of them."
        )
    return towns[key]


def _town(file: Path, key: str, entry: Any) -> Town:
    where = f"{file}: [{key}]"
    if not _KEY.fullmatch(key):
        raise TownProblem(
            f"{where}: name the entry in small letters a to z, digits, - and _: it names the database, too."
        )
    if key in RESERVED:
        raise TownProblem(f"{where}: /{key} is an address of the site itself: give the entry another name.")
    if not isinstance(entry, dict):
        raise TownProblem(f"{file}: {key} stands outside every town: write it below a line such as [herne].")
    if unknown := [name for name in entry if name not in _READ]:
        raise TownProblem(f"{where}: {unknown[0]} is not known here: there are {', '.join(_READ)}.")
    found: dict[str, Any] = {}
    for name, check in _READ.items():
        try:
            found[name] = check(entry[name]) if name in entry else None
        except ValueError as error:
            raise TownProblem(f"{where}: {name} must be {error}; {entry[name]!r} is not.") from None
    for name in ("name", "base_url"):
        if found[name] is None:
            raise TownProblem(f"{where}: {name} is missing: add {name} = {_EXAMPLES[name]}.")
    said = {
        "title": f"Ratsdaten {found['name']}",
        "source": f"{found['name']}, Ratsinformationssystem",
        "source_url": found["base_url"],
    } | {name: found[name] for name in _SAID if found[name] is not None}
    return Town(
        key=key,
        name=found["name"],
        base_url=found["base_url"],
        time_zone=found["time_zone"] or BERLIN,
        hosts=found["hosts"] or (),
        accent=found["accent"],
        said=said,
    )


def _check_once(file: Path, towns: Mapping[str, Town], name: str, values: Callable[[Town], Any]) -> None:
    first: dict[str, str] = {}
    for key, town in towns.items():
        for value in values(town):
            if (other := first.setdefault(value, key)) != key:
                raise TownProblem(
                    f"{file}: [{key}]: {name} {value} is that of [{other}] already: it can lead to one only."
                )


def _text(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError("a text in quotes")


def _web_address(value: Any) -> str:
    try:
        parts = urlsplit(value)
        fits = (
            parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not re.search(r"[\s?#]", value)
        )
    except (ValueError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise ValueError(f"a web address such as {_EXAMPLES['base_url']}")
    return value.rstrip("/") + "/"


def _link(value: Any) -> str:
    """Of the web, or a path of this site."""
    if isinstance(value, str) and re.match(r"https?://\S+$|/(?!/)\S*$", value):
        return value
    raise ValueError('a web address (https://…) or a path of this site ("/ueber")')


def _time_zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise ValueError('a time zone such as "Europe/Berlin"') from None


def _hosts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(name, str) and _HOST.fullmatch(name.lower()) for name in value):
        return tuple(name.lower() for name in value)
    raise ValueError('a list of host names without https:// and port, such as ["ratsdaten-herne.de"]')


def _accent(value: Any) -> tuple[str, str]:
    if isinstance(value, dict) and set(value) == {"light", "dark"}:
        light, dark = value["light"], value["dark"]
        if all(isinstance(colour, str) and _COLOUR.fullmatch(colour) for colour in (light, dark)):
            return light, dark
    raise ValueError('two colours such as { light = "#0e5680", dark = "#93d0f2" }')


_EXAMPLES = {"name": '"Herne"', "base_url": '"https://www.herne.de/allris/"'}
_SAID: dict[str, Callable[[Any], str]] = {
    "title": _text,
    "source": _text,
    "source_url": _link,
    "license": _text,
    "license_url": _link,
    "about": _text,
    "about_url": _link,
    "description": _text,
    "notice": _text,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "name": _text,
    "base_url": _web_address,
    "time_zone": _time_zone,
    "hosts": _hosts,
    "accent": _accent,
    **_SAID,
}
