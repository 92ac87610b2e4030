"""Datasette's own pages in German: its templates as they are loaded, its messages as they are shown (german.yml)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import datasette
import yaml
from jinja2.ext import Extension

PACKAGES = Path(datasette.__file__).parent.parent
_CATALOGUE = yaml.safe_load(files(__package__).joinpath("german.yml").read_text("utf-8"))
FILES: dict[str, dict[str, str]] = _CATALOGUE["files"]
WORDS: dict[str, str] = _CATALOGUE["words"]
VALUES: dict[str, dict[str | int, str]] = _CATALOGUE["values"]
MESSAGES = [(re.compile(pattern), german) for pattern, german in _CATALOGUE["messages"].items()]


def original(name: str) -> str:
    """The text of a package's file: ``datasette/templates/table.html``."""
    package, _, path = name.partition("/")
    return files(package).joinpath(path).read_text("utf-8")


def translated(name: str, source: str) -> str:
    """A file's text with its phrases replaced."""
    for english, german in FILES.get(name, {}).items():
        source = source.replace(english, german)
    return source


def scripts() -> dict[str, str]:
    """Address: name of the script that is to be had there in German."""
    return {
        "/-/static/" + name.removeprefix("datasette/static/")
        if name.startswith("datasette/")
        else "/-/static-plugins/" + name.replace("/static/", "/", 1): name
        for name in FILES
        if name.endswith(".js")
    }


@cache
def script(name: str) -> bytes:
    return translated(name, original(name)).encode()


class InGerman(Extension):
    """Replaces the phrases of every template of Datasette's before Jinja reads it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if filename and (path := Path(filename)).is_relative_to(PACKAGES):
            return translated(path.relative_to(PACKAGES).as_posix(), source)
        return source


def german(english: str, otherwise: str | None = None) -> str:
    """A word or message of Datasette's or SQLite's; ``otherwise``, or as it is, where nobody has translated it."""
    text = str(english).strip()
    if text in WORDS:
        return WORDS[text]
    for pattern, said in MESSAGES:
        if found := pattern.fullmatch(text):
            return said.format(*found.groups())
    return english if otherwise is None else otherwise


def value(label: Any, column: str) -> str:
    """A value as a reader meets it in a list of counts: ``totals (nur Summen)``; as it is where it is no code."""
    word = VALUES.get(column, {}).get(label)
    return f"{label} ({word})" if word else str(label)


def selection(english: str, filters: Any, arguments: Mapping[str, str], sort: str | None, sort_desc: str | None) -> str:
    """What human_description_en says of a table page's rows: search, filters, order; to go after their number."""
    parts = []
    for name in arguments:
        value = arguments[name]
        if name == "_search":
            parts.append(f"Suche nach „{value}“")
        elif name.startswith("_search_"):
            parts.append(f"Suche in {name.removeprefix('_search_')} nach „{value}“")
        elif name == "_through":
            link = json.loads(value)
            parts.append(f"{link['table']}.{link['column']} ist „{link['value']}“")
    known = {key: (display, bare) for key, display, bare in filters.lookups()}
    for column, lookup, value in filters.selections():
        if lookup in known:
            display, bare = known[lookup]
            parts.append(f"{column} {german(display)}" + ("" if bare else f" „{value}“"))
    said = " – " + ", ".join(parts) if parts else ""
    if sort and english.endswith(f"sorted by {sort}"):
        said += f"{';' if said else ','} sortiert nach {sort}"
    elif sort_desc and english.endswith(f"sorted by {sort_desc} descending"):
        said += f"{';' if said else ','} absteigend sortiert nach {sort_desc}"
    return said


def row_title(metadata: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], rows: Any, keys: Sequence[str]) -> str:
    """What a row is called: its label where it has one, else its key."""
    label = metadata.get("label_column")
    for cell in rows[0] if label else ():
        if cell["column"] == label and cell["raw"]:
            return str(cell["raw"])
    return f"{metadata.get('title') or 'Zeile'}: {', '.join(keys)}"
