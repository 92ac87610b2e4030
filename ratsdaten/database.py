"""Open or create a town's SQLite file: schema, version check, full-text search."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database  # Datasette's own companion: transactions, upserts

from .groups import GROUPS
from .outcomes import OUTCOMES
from .search.index import create

#: Raise with every change of schema.sql or of the search index.
SCHEMA_VERSION = 4


class DatabaseProblem(Exception):
    """The file cannot be used; the message says what, where and what to do."""


def connect(path: str | Path) -> Database:
    """Open the database for writing, with the schema made if the file is new. Raises DatabaseProblem."""
    path = Path(path)
    if not path.parent.is_dir():
        raise DatabaseProblem(f"The folder {path.parent} does not exist: create it or name another DATABASE.")
    try:
        db = Database(path, use_old_upsert=False)
        db.execute("PRAGMA busy_timeout = 10000")
        if not check_version(db, path):
            _create(db)
        db.enable_wal()
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA secure_delete = ON")  # what the source withdraws must not be left in the file's free pages
        _know_words(db)
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    return db


def check_version(db: Database, path: Path) -> bool:
    """Whether anything is in the file at all. Raises DatabaseProblem if another version of the program made it."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and not db.table_names():
        return False
    if version > SCHEMA_VERSION:
        raise DatabaseProblem(
            f"{path} has schema version {version}, made by a newer version of this program, which knows "
            f"{SCHEMA_VERSION}: update the program, or name another DATABASE."
        )
    if version < SCHEMA_VERSION:
        raise DatabaseProblem(
            f"{path} has schema version {version}, this program needs {SCHEMA_VERSION}: "
            "move the file away and crawl again, or name another DATABASE."
        )
    return True


def unusable(path: Path, error: Exception) -> DatabaseProblem:
    return DatabaseProblem(
        f"{path} cannot be written ({error}): check that it is a SQLite file, its rights and the free space."
    )


def _create(db: Database) -> None:
    """All or nothing: a run that is killed meanwhile leaves a file that the next one can fill."""
    db.executescript("BEGIN;" + files(__package__).joinpath("schema.sql").read_text("utf-8"))
    create(db)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("COMMIT")


def _know_words(db: Database) -> None:
    """The groups of groups.yml and the outcomes of outcomes.yml as rows; votes add the labels they print as groups."""
    for table, entries in (("groups", GROUPS), ("outcomes", OUTCOMES)):
        stored = {row["name"]: row for row in db.table(table).rows}
        columns = db.table(table).columns_dict
        wanted = [{column: getattr(entry, column) for column in columns} for entry in entries]
        db.table(table).upsert_all((row for row in wanted if stored.get(row["name"]) != row), pk="name")


def close(db: Database) -> None:
    """Leave one plain file behind: no write-ahead log, statistics up to date."""
    db.execute("PRAGMA analysis_limit = 1000")
    db.execute("PRAGMA optimize")
    with suppress(sqlite3.OperationalError):  # somebody is reading: the log stays until the last reader leaves
        db.disable_wal()
    db.close()
