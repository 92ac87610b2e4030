"""Addresses of the council information system, which people have saved and linked: to020.asp?TOLFDNR=456 → /top/456."""

from __future__ import annotations

import re
import sqlite3
from urllib.parse import urlencode

from ratsdaten.serving.answers import Problem, short

from . import addresses
from .page import Arguments, Moved, Page, number, one

#: Program -> the parameter that names the page, and what our address of it begins with.
PAGES = {
    "to020": ("TOLFDNR", "/top/"),
    "to010": ("SILFDNR", "/sitzung/"),
    "si016": ("SILFDNR", "/sitzung/"),
    "si017": ("SILFDNR", "/sitzung/"),
    "vo020": ("VOLFDNR", "/vorlage/"),
    "vo021": ("VOLFDNR", "/vorlage/"),
    "kp020": ("KPLFDNR", "/person/"),
    "au020": ("AULFDNR", "/gremium/au"),
    "pa020": ("PALFDNR", "/gremium/pa"),
    "pa021": ("PALFDNR", "/gremium/pa"),
    "fr020": ("FRLFDNR", "/gremium/fr"),
    "do027": ("DOLFDNR", "/dokument/do"),
}
LISTS = {
    "si010": "/sitzungen",
    "si018": "/sitzungen",
    "vo040": "/vorlagen",
    "au010": "/gremien",
    "pa021": "/gremien",
    "fr010": "/fraktionen",
    "kp040": "/personen",
    "kp041": "/personen",
    "yw010": "/suche",
    "yw040": "/suche",
}


def moved(conn: sqlite3.Connection, key: str, arguments: Arguments) -> Page:
    """Always raises: Moved to our page, or Problem (404). ``key`` is the program, ``to010_r.asp`` is ``to010.asp``."""
    given = {name.upper(): arguments[name].strip() for name in arguments}
    found = re.fullmatch(r"([a-z]+\d+)(?:_\w+)?\.asp", key.lower())
    program = found[1] if found else ""
    name, base = PAGES.get(program, ("", ""))
    if name and (value := given.get(name)):
        row = number(value, "Eine Seite")
        if base == "/vorlage/" and (paper := one(conn, "paper", id=row)):
            raise Moved(addresses.paper(row, paper["slug"]))
        item = given.get("TOLFDNR", "")
        place = f"#top-{item}" if program == "to010" and item.isascii() and item.isdigit() else ""
        _, kind, prefix = base.split("/")
        if one(conn, "allris_row", kind=kind, id=f"{prefix}{row}"):
            raise Moved(f"{base}{row}{place}")
        raise Problem(404, "Diese Seite des Ratsinformationssystems ist hier nicht (oder nicht mehr) übernommen.")
    if program in LISTS:
        year = given.get("YY", "")
        query = f"?{urlencode({'jahr': year})}" if program == "si010" and re.fullmatch("[0-9]{4}", year) else ""
        raise Moved(LISTS[program] + query)
    if not key:
        raise Moved("/")
    raise Problem(
        404,
        f"Diese Adresse („{short(key)}“) stammt aus dem Ratsinformationssystem; die Seite dazu gibt es hier nicht. "
        "Übernommen sind Sitzungen, Tagesordnungspunkte, Vorlagen, Gremien, Personen und Dokumente.",
    )
