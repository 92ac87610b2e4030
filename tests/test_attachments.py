"""Files of pages, from the look-alike's server into the database: fetched when due, read apart, never in the way."""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from conftest import crawl, rows
from hostile_pdfs import hostile
from sqlite_utils import Database
from twisted.python.failure import Failure

from demo import Fault, Site, Town, pdf
from demo import serve as look_alike
from demo.records import File
from ratsdaten.search import escape_fts
from scraper import attachments, extract, ocr, release
from scraper.items import Download, Visit
from scraper.store import place, sweep

TODAY = date(2026, 3, 2)
WHEN = {"since": "2025-10-01", "until": "2026-04-30"}
LATER = "2026-03-01T10:00:00"
ON = "ATTACHMENTS=1"


def town() -> Town:
    return Town(seed=1, size="small", today=TODAY)


def files(database: Path) -> dict[str, dict]:
    return {row["id"]: row for row in rows(database, "SELECT * FROM files")}


def asked(site: Site) -> int:
    """Requests for files since the last time."""
    count = sum(n for target, n in site.requests.items() if "do027" in target or "___tmp" in target)
    site.requests.clear()
    return count


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Site]]:
    database = tmp_path_factory.mktemp("files") / "town.db"
    with look_alike(town()) as site:
        run = crawl(site.base_url, database, ON, **WHEN)
        assert run.returncode == 0, run.stderr[-3000:]
        yield database, site


@pytest.fixture
def copied(crawled: tuple[Path, Site], tmp_path: Path) -> Iterator[tuple[Path, Site]]:
    """That database and its files once more, beside a server that may be changed."""
    database = tmp_path / "town.db"
    shutil.copy(crawled[0], database)
    shutil.copytree(crawled[0].with_suffix(".files"), database.with_suffix(".files"))
    with look_alike(town()) as site:
        yield database, site


def test_every_file_is_kept_by_its_content_and_read(crawled: tuple[Path, Site]) -> None:
    database, _ = crawled
    known = {f.id: f for p in town().papers() for f in (*p.files, *p.documents)}
    known |= {f.id: f for m in town().meetings() for f in (*m.files, *(f for i in town().items(m) for f in i.files))}
    stored = files(database)
    assert len(stored) > 60 and {known[key].oddity for key in stored} >= {"", "eingescannt", "verschlüsselt"}
    for key, row in stored.items():
        file = known[key]
        assert row["checked_at"] and (row["sha256"] is None) == (file.oddity == "falsches Format"), row
        if row["sha256"]:
            kept = (database.with_suffix(".files") / place(row["sha256"])).read_bytes()
            assert hashlib.sha256(kept).hexdigest() == row["sha256"] and len(kept) == row["size"]
        if file.oddity:
            assert row["problem"] and row["text"] is None
            continue
        pages = row["text"].split("\f")
        assert (row["problem"], row["text_source"], row["page_count"]) == (None, "embedded", len(pages))
        for page, lines in zip(pages, town().file_pages(file), strict=True):
            # a hyphen at the end of a line joins: "Lindenrath-" "Nord"
            assert re.sub(r"\s", "", page) == re.sub(r"\s", "", "".join(lines))
    assert any("\f" in (row["text"] or "") for row in stored.values())


def test_their_text_is_found(crawled: tuple[Path, Site]) -> None:
    database, _ = crawled
    found = rows(
        database, "SELECT count(*) AS n FROM files_fts WHERE files_fts MATCH ?", escape_fts("Bürgerversammlung")
    )
    assert found[0]["n"] > 10


def test_printed_sizes_stay_beside_real_ones_and_nothing_is_fetched_twice(crawled: tuple[Path, Site]) -> None:
    database, site = crawled
    before, _ = files(database), asked(site)
    failed = sum(row["sha256"] is None for row in before.values())
    assert any(row["printed_size"] not in (None, row["size"]) for row in before.values())
    assert crawl(site.base_url, database, ON, **WHEN).returncode == 0
    assert asked(site) == failed  # those that were no PDF are tried again
    ignored = {"fetched_at", "checked_at"}
    for key, row in files(database).items():
        assert {c: v for c, v in row.items() if c not in ignored} == {
            c: v for c, v in before[key].items() if c not in ignored
        }
    assert rows(database, "SELECT * FROM revisions WHERE table_name = 'files'") == []


def attachments_as(site: Site, change: Callable[[File], File | None]) -> None:
    """The site's town with other attachments from now on; None: no longer shown."""
    changed = town()
    made = changed._attachments
    changed._attachments = lambda *a: tuple(n for f in made(*a) if (n := change(f)))  # type: ignore[method-assign]
    site.town = changed


def first_attachment(database: Path) -> str:
    """The same in every run; rows stand in the order of their answers."""
    return min(key for key, row in files(database).items() if key.startswith("vo") and row["text"])


def test_a_changed_attachment_is_fetched_anew(copied: tuple[Path, Site]) -> None:
    database, site = copied
    key, before = first_attachment(database), files(database)
    attachments_as(
        site, lambda f: replace(f, modified="2026-03-01T10:00:00", title="Neu gefasst") if f.id == key else f
    )
    assert crawl(site.base_url, database, ON, **WHEN).returncode == 0
    after = files(database)[key]
    assert after["text"].startswith("Neu gefasst") and after["sha256"] != before[key]["sha256"]
    [revision] = rows(database, "SELECT * FROM revisions WHERE table_name = 'files'")
    assert '"modified"' in revision["changed"] and "text" not in revision["changed"]


def due_after_a_week(database: Path) -> list[tuple[str, str, int]]:
    """What an update would ask for if nothing were recent."""
    sql = Path(release.__file__).with_name("due.sql").read_text("utf-8")
    return Database(database).execute(sql, {"recent": "9", "minutes": "9", "week": "9"}).fetchall()


def test_of_a_changed_file_that_cannot_be_fetched_nothing_is_left(copied: tuple[Path, Site]) -> None:
    database, site = copied
    key = first_attachment(database)
    attachments_as(site, lambda f: replace(f, modified=LATER) if f.id == key else f)
    site.faults = [Fault("___tmp", "status:500")]
    run = crawl(site.base_url, database, ON, **WHEN)
    assert run.returncode == 0, run.stderr[-3000:]
    row = files(database)[key]
    assert (row["sha256"], row["text"], row["page_count"]) == (None, None, None) and "500" in row["problem"]
    urgency = {url: urgency for url, _, urgency in due_after_a_week(database)}
    failed = {row["source_url"] for row in files(database).values() if "500" in (row["problem"] or "")}
    locked = {row["source_url"] for row in files(database).values() if row["problem"] == extract.ENCRYPTED}
    assert {urgency[url] for url in failed} == {3} and {urgency[url] for url in locked - failed} == {4}
    assert "; files: 0 downloaded, " in run.stderr


def test_a_document_is_fetched_again_when_its_page_changes_until_that_succeeds(copied: tuple[Path, Site]) -> None:
    database, site = copied
    paper = next(p for p in town().papers() if f"do{8_000_000 + p.id * 2}" in files(database))
    key = paper.documents[0].id
    before = files(database)[key]
    site.town = town()
    site.town._changed = {("vo020", paper.id)}  # type: ignore[assignment]
    pages, content = site._pages, site._pages.content
    pages.content = lambda f, name: pdf.text([["Neuer Stand"]]) if f.id == key else content(f, name)
    site.faults = [Fault("do027", "status:500")]
    assert crawl(site.base_url, database, ON, **WHEN).returncode == 0
    assert files(database)[key]["sha256"] == before["sha256"], "an outage loses nothing"
    site.faults = []
    assert crawl(site.base_url, database, ON, **WHEN).returncode == 0
    assert files(database)[key]["text"] == "Neuer Stand"


def test_losing_most_files_is_not_published(copied: tuple[Path, Site], tmp_path: Path) -> None:
    database, _ = copied
    work = Database(shutil.copy(database, tmp_path / "work.db"))
    assert all(check.passed for check in release.check(work, database, 0.2))
    work.execute("UPDATE files SET sha256 = NULL, text = NULL")
    assert [check.check for check in release.check(work, database, 0.2) if not check.passed] == ["downloaded files"]


def test_citizens_are_not_shown_what_went_wrong_inside(caplog: pytest.LogCaptureFixture) -> None:
    pipeline = object.__new__(attachments.AttachmentsPipeline)
    pipeline.stats = MagicMock()
    visit = Visit("https://ris.example/vo020", "vo020", 200, LATER, downloads={"do1": Download()})
    pipeline.item_completed([(False, Failure(OSError("/srv/inside")))], visit, MagicMock())
    assert visit.downloads["do1"].problem == attachments.LOST and "/srv/inside" in caplog.text


def test_a_withdrawn_file_leaves_tables_index_and_disk(copied: tuple[Path, Site]) -> None:
    database, site = copied
    key = first_attachment(database)
    [row] = rows(database, "SELECT rowid, sha256 FROM files WHERE id = ?", key)
    kept = database.with_suffix(".files") / place(row["sha256"])
    attachments_as(site, lambda f: None if f.id == key else f)
    assert crawl(site.base_url, database, ON, **WHEN).returncode == 0
    assert key not in files(database)
    assert not rows(database, "SELECT rowid FROM files_fts WHERE rowid = ?", row["rowid"])
    sweep(kept.parents[1], Database(database))
    assert not list(kept.parent.glob(f"{row['sha256']}*"))
    left = {row["sha256"] for row in files(database).values()} - {None}
    assert {path.stem for path in kept.parents[1].rglob("*.pdf")} == left


def test_one_content_is_kept_and_read_once(copied: tuple[Path, Site], tmp_path: Path) -> None:
    database, site = copied
    site._pages.content = lambda file, name: pdf.text([["Überall dasselbe"]])
    for path in (database, *database.with_suffix(".files").glob("*")):
        path.unlink() if path.is_file() else shutil.rmtree(path)
    assert crawl(site.base_url, database, ON, **WHEN).returncode == 0
    assert {row["text"] for row in files(database).values()} == {"Überall dasselbe"}
    assert len(list(database.with_suffix(".files").rglob("*.*"))) == 2  # it, and what was read in it


@pytest.mark.parametrize("off", [("ATTACHMENTS=0", {}), (ON, {"urls": "all"})])
def test_files_are_left_alone_when_not_wanted(tmp_path: Path, off: tuple[str, dict[str, str]]) -> None:
    setting, arguments = off
    with look_alike(town()) as site:
        paper = next(p for p in town().papers() if p.files)
        arguments = {"urls": f"{site.base_url}vo020.asp?VOLFDNR={paper.id}"} if arguments else WHEN
        assert crawl(site.base_url, tmp_path / "town.db", setting, **arguments).returncode == 0
        assert asked(site) == 0 and not (tmp_path / "town.files").exists()
    assert all(row["size"] == row["printed_size"] for row in files(tmp_path / "town.db").values())


def test_large_hanging_and_forbidden_files_are_told_and_fail_no_page(tmp_path: Path) -> None:
    with look_alike(town(), faults=[Fault("Bekanntmachung", "hang"), Fault("do027", "huge", 1)]) as site:
        site.robots = f"User-agent: *\nDisallow: {site.root}*Sammeldokument\n"
        run = crawl(site.base_url, tmp_path / "town.db", ON, "FILES_MAXSIZE=5000", "DOWNLOAD_TIMEOUT=1", **WHEN)
        assert run.returncode == 0, run.stderr[-3000:]
    stored = files(tmp_path / "town.db")
    problems = " ".join(row["problem"] or "" for row in stored.values())
    for words in ("größer als", attachments.LOST, "robots.txt"):
        assert words in problems
    assert all(row["size"] <= 5000 for row in stored.values() if row["sha256"])
    assert rows(tmp_path / "town.db", "SELECT * FROM pages WHERE error IS NOT NULL") == []


def test_fifty_hostile_files_do_not_stop_a_crawl(tmp_path: Path) -> None:
    bad = hostile()
    waiting, given = list(bad), {}
    with look_alike(town()) as site:
        usual = site._pages.content

        def content(file: File, name: str) -> bytes:
            if waiting and file.id not in given:
                given[file.id] = waiting.pop()
            return bad[given[file.id]][0] if file.id in given else usual(file, name)

        site._pages.content = content
        run = crawl(
            site.base_url, tmp_path / "town.db", ON, "READ_SECONDS=2", "PROGRESS_INTERVAL=999", timeout=300, **WHEN
        )
    assert run.returncode == 0 and not waiting, run.stderr[-3000:]
    assert "Traceback" not in run.stderr
    stored = files(tmp_path / "town.db")
    for key, name in given.items():
        assert re.search(bad[name][1], stored[key]["problem"] or ""), (name, stored[key]["problem"])
    assert all(row["text"] for key, row in stored.items() if key not in given and row["sha256"] and not row["problem"])
    assert not [row for row in stored.values() if re.search("[\0-\x08\x0e-\x1f]", row["text"] or "")]


# ---- reading ------------------------------------------------------------------------------------


def test_a_file_is_not_judged_by_the_one_before(tmp_path: Path) -> None:
    bad = hostile()
    for name, problem in (("locked", extract.ENCRYPTED), ("no pages", extract.BROKEN)):
        (tmp_path / "a.pdf").write_bytes(bad[name][0])
        assert extract._read(str(tmp_path / "a.pdf"), math.inf).problem == problem


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Der Rat be\x02schließt", "Der Rat beschließt"),
        ("Haupt\x02und Personalausschuss", "Haupt- und Personalausschuss"),
        ("S\x02Bahn 2020\x02 2021", "S-Bahn 2020 2021"),
        ("a\u00a0\u00a0b\r\n\r\n\r\n\r\nc\u00ad d\x00\x07" + "x" * 30, "a b\n\nc d" + "x" * 30),
        ("u\u0308ber\x0cdie Seite", "über\ndie Seite"),
        ("Federführend: FB 10 Bearbeiter/-in: Muster, Max\nBetreff", "Federführend: FB 10 Bearbeiter/-in:\nBetreff"),
        ("Verfasserin:\nMuster, Maria\nBetreff", "Verfasserin:\nBetreff"),
        ("Verfasser:\nBetreff: Neubau\nText", "Verfasser:\nBetreff: Neubau\nText"),
        ("Verfasser:\nDer Rat beschließt.", "Verfasser:\nDer Rat beschließt."),
        ("Auskunft erteilt:\nFrau Muster, Zimmer 1\nText", "Auskunft erteilt:\nText"),
        ("Text\nBearbeiter/in Frau Dr. von Muster\nText", "Text\nBearbeiter/in\nText"),
        ("ein\ud800 Satz\ufffe mit\0 Fehlern" + "x" * 30, "ein Satz mit Fehlern" + "x" * 30),
        ("\uf0b7\uf0b7\uf0b7 a", None),
        ("", ""),
    ],
)
def test_text_of_a_page(raw: str, text: str | None) -> None:
    assert extract.tidy(raw) == text


def test_what_is_kept_of_a_reading_is_used_again_and_mended_where_it_was_cut_off(tmp_path: Path) -> None:
    async def read() -> tuple[extract.Reading, ...]:
        reader = extract.Reader(5, ocr=False)
        path = tmp_path / "a.pdf"
        path.write_bytes(pdf.text([["Eins"], ["Zwei"]]))
        first = await asyncio.gather(reader.read(path), reader.read(path))
        path.write_bytes(b"")
        again = await reader.read(path)
        reader.kept(path).write_text('{"page_co')
        mended = await reader.read(path)
        await reader.close()
        return (*first, again, mended)

    one, two, again, mended = asyncio.run(read())
    assert one is two and one == again == extract.Reading(2, "Eins\fZwei", "embedded")
    assert mended.problem == extract.BROKEN


@pytest.mark.parametrize(
    "ends, first, then",
    [
        ("echo ready; read x; printf '{\"half'; kill -KILL $$", f"{extract.KILLED} {extract.AGAIN}", extract.KILLED),
        ("echo ready; read x; printf '{\"half'; kill -SEGV $$", extract.CRASHED, extract.CRASHED),
        ("echo ready; read x; exec sleep 99", f"{extract.TOO_SLOW} {extract.AGAIN}", extract.TOO_SLOW),
        ("exit 1", extract.UNREAD, extract.UNREAD),
    ],
)
def test_what_may_be_the_machines_fault_is_tried_twice(
    ends: str, first: str, then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path, python = tmp_path / "a.pdf", tmp_path / "python"
    path.write_bytes(pdf.text([["Eins"]]))
    python.write_text(f"#!/bin/sh\n{ends}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    async def read() -> list[str | None]:
        reader = extract.Reader(-2.4, ocr=False)  # 0.4 seconds by the clock
        found = [(await reader.read(path)).problem for _ in range(3)]
        await reader.close()
        return found

    assert asyncio.run(read()) == [first, then, then]
    assert caplog.text.count("does not start") == (then == extract.UNREAD)


async def recognised(path: Path) -> extract.Reading:
    reader = extract.Reader(5, ocr=True)
    try:
        return await reader.read(path)
    finally:
        await reader.close()


def test_recognising_fewer_pages_loses_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "recognise", lambda path: ["Neu"])
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf.text([[], ["Zwei"]]))

    assert asyncio.run(recognised(path)) == extract.Reading(2, "Neu\fZwei", "ocr")


@pytest.mark.skipif(ocr.missing() is not None, reason=str(ocr.missing()))
def test_scanned_pages_are_recognised(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf.scanned([["Der Rat beschließt den Haushalt."], ["Größere Schäden am Übergang."]]))

    reading = asyncio.run(recognised(path))
    assert (reading.text_source, reading.problem, reading.page_count) == ("ocr", None, 2)
    first, second = (reading.text or "").split("\f")[:2]
    assert "beschließt den Haushalt" in first and "Größere Schäden" in second


def test_missing_tools_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "tesseract-ocr-deu (apt)" in (ocr.missing() or "")
