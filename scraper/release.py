"""A run works on a copy of the town's database, which takes the published file's place once it has stood its checks.

``herne.db`` is what readers see; ``herne.db.work`` the copy of a run that is under way or was cut off;
``herne.db.rejected`` the copy that failed the checks; ``herne.db.failed`` says why the last run was not published;
``herne.db.lock`` is held by the one run of that database.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from scrapy.settings import BaseSettings
from sqlite_utils import Database

from ratsdaten.database import DatabaseProblem, check_version, close, connect, unusable

from .ledger import known_pages, now, other_town, rebase, unfinished

if TYPE_CHECKING:
    from .spiders.allris import Arguments

log = logging.getLogger(__name__)
#: A table that was smaller than this may shrink as it likes.
FEW_ROWS = 20


@dataclass(frozen=True)
class Check:
    """One condition of publishing: its name, whether it holds, and what was found."""

    check: str
    passed: bool
    found: str


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One run a database at a time. Raises DatabaseProblem while another holds it; a dead run holds nothing."""
    if not path.parent.is_dir():
        raise DatabaseProblem(f"The folder {path.parent} does not exist: create it or name another DATABASE.")
    try:
        lock = beside(path, "lock").open("a+")
    except OSError as error:
        raise unusable(path, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DatabaseProblem(
                f"Another run is writing {path} ({lock.read() or 'just begun'}): wait until it has ended."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {now()[:19]} UTC")
        lock.flush()
        yield


def published(settings: BaseSettings) -> Path:
    """The file DATABASE names; a link's target, which is to be replaced and not the link."""
    path = Path(settings["DATABASE"])
    return path.resolve() if path.is_symlink() else path


def beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """The published file, as a reader opens it."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        yield Database(connection)


def prepare(path: Path, arguments: Arguments) -> None:
    """Make the copy this run works on, or keep that of a run cut off which the same command goes on with.

    Raises DatabaseProblem; the published file is not touched but for being made if there is none.
    """
    work = beside(path, "work")
    left = any(Path(f"{path}{log}").exists() for log in ("-wal", "-journal"))
    if left or not path.exists() or not path.stat().st_size:  # of a run that was cut off; or it is new
        close(connect(path))
    try:
        with reading(path) as db:
            check_version(db, path)
            _same_town(db, path, arguments.base_url)
            _clock(db, path)
            if arguments.mode == "update" and not known_pages(db):
                raise DatabaseProblem(
                    f"{path} holds no page yet, so there is nothing to update: run a full crawl first."
                )
            if arguments.mode == "probe":
                return
            if not (work.exists() and _goes_on(work, arguments)):
                _copy(db, work)
        with closing(connect(work)) as db:
            rebase(db, arguments.base_url)
    except (sqlite3.Error, OSError) as error:
        raise unusable(path, error) from error


def _copy(source: Database, work: Path) -> None:
    """All or nothing, so that a copy cut off is never taken for a run's."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{work}{suffix}").unlink(missing_ok=True)
    begun = work.with_suffix(".copy")
    begun.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(begun)) as target:
            source.conn.backup(target)
        begun.replace(work)
    except BaseException:
        begun.unlink(missing_ok=True)
        raise


def _goes_on(work: Path, arguments: Arguments) -> bool:
    """Whether the copy that a run cut off has left is this command's to go on with."""
    try:
        with closing(connect(work)) as db:
            _same_town(db, work, arguments.base_url)
            damage = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if damage != "ok":
                raise DatabaseProblem(f"{work} is damaged ({damage})")
            left = unfinished(db)
    except (DatabaseProblem, sqlite3.Error) as problem:
        log.warning("The copy of the run that was cut off is given up: %s", problem)
        return False
    if left is None or left.is_of(arguments):
        return left is not None
    if left.reason != "failed":
        raise DatabaseProblem(
            f"A full crawl begun at {left.started_at[:16]} UTC was cut off: give its command again to go on with it, "
            f"or delete {work} to give it up."
        )
    return False


def _same_town(db: Database, path: Path, base_url: str) -> None:
    if town := other_town(db, base_url):
        raise DatabaseProblem(f"{path} holds {town}: name another file for {base_url} (-s DATABASE=…).")


def _clock(db: Database, path: Path) -> None:
    """Pages are ordered by the time of their visit: a clock gone back would mix them up."""
    last = db.execute("SELECT max(started_at, coalesce(finished_at, '')) FROM crawls ORDER BY id DESC").fetchone()
    if last and last[0] > now():
        raise DatabaseProblem(
            f"This machine's clock says {now()[:16]} UTC, but {path} was written at {last[0][:16]} UTC: "
            "set the clock, or go back to an older copy of the file if that time was wrong."
        )


def check(db: Database, path: Path, max_loss: float) -> list[Check]:
    """What must hold before ``db`` takes the place of ``path``. Raises sqlite3.Error."""
    damage = db.execute("PRAGMA integrity_check(3)").fetchall()
    dangling = db.execute('SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1').fetchall()
    checks = [
        Check("integrity", damage == [("ok",)], "; ".join(line for (line,) in damage)),
        Check("foreign keys", not dangling, ", ".join(f"{n} in {table}" for table, n in dangling) or "all hold"),
    ]
    with reading(path) as old:
        counted = {f"rows of {table}": table for table in _tables(old)}
        counted["downloaded files"] = "files WHERE sha256 IS NOT NULL"  # else they would be swept from the store
        for name, rows in counted.items():
            counting = f"SELECT count(*) FROM {rows}"
            [before], [after] = old.execute(counting).fetchone(), db.execute(counting).fetchone()
            lost = before - after
            if lost > 0:
                fine = lost <= max(FEW_ROWS, max_loss * before)
                checks.append(Check(name, fine, f"{after:,} instead of {before:,}"))
    return checks


def _tables(db: Database) -> list[str]:
    """Those that mirror the source: they say where each row is from, or hang on such a row."""
    sql = """
        SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.sql LIKE 'CREATE TABLE%' AND c.name IN ('source_url', 'agenda_item_id', 'vote_id')
         ORDER BY 1
    """
    return [name for (name,) in db.execute(sql)]


def publish(db: Database, path: Path) -> None:
    """Close the copy and put it in the published file's place, at once and for good. Raises sqlite3.Error, OSError."""
    work = beside(path, "work")
    close(db)
    for log_of in (work, path):  # SQLite would apply a log that lies beside it to the new file
        if Path(f"{log_of}-wal").exists():
            raise OSError(f"{log_of} is open elsewhere for writing")
    _sync(work)
    work.replace(path)
    _sync(path.parent)
    for left in ("failed", "rejected"):  # the latter may hold what has been withdrawn since
        beside(path, left).unlink(missing_ok=True)


def reject(db: Database, path: Path) -> Path:
    """Put the copy aside for a person to look at; the next run starts from the published file."""
    close(db)
    return beside(path, "work").replace(beside(path, "rejected"))


def note_failure(path: Path, mode: str, sentence: str) -> None:
    """Tell /status beside the published file, which stays as it is."""
    note = {"mode": mode, "failed_at": now(), "sentence": sentence}
    try:
        beside(path, "failed").write_text(json.dumps(note, ensure_ascii=False), "utf-8")
    except OSError as error:
        log.error("The failure could not be noted: %s", error)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
