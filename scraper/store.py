"""The folder of downloaded files beside a database (``herne.db`` -> ``herne.files/``): ``ab/abcd….pdf``, by SHA-256.

Beside a file lies what was read in it (``abcd….1.json``, see ``scraper.extract``). The same content lies there once.
"""

from __future__ import annotations

import re
from pathlib import Path

from scrapy.settings import BaseSettings
from sqlite_utils import Database

_OURS = re.compile(r"([0-9a-f]{64})\..+")


def folder(settings: BaseSettings) -> Path:
    """Each database has its own: what it does not name is swept out."""
    database = Path(settings["DATABASE"])
    if settings["FILES_STORE"]:
        return Path(settings["FILES_STORE"]).absolute() / database.stem
    return database.with_suffix(".files").absolute()


def place(sha256: str) -> str:
    """Where a file lies in the folder."""
    return f"{sha256[:2]}/{sha256}.pdf"


def sweep(store: Path, db: Database) -> int:
    """Remove what no row of ``files`` names any more. Gives the number of files; raises OSError, sqlite3.Error."""
    named = {sha256 for (sha256,) in db.execute("SELECT sha256 FROM files WHERE sha256 IS NOT NULL")}
    removed = 0
    for path in store.glob("??/*"):
        found = _OURS.fullmatch(path.name)
        if found and found[1] not in named:
            path.unlink()
            removed += path.suffix == ".pdf"
    return removed
