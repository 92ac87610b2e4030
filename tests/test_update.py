"""Keeping up, as a user starts it: nightly updates, withdrawals, and what must never be taken for a withdrawal."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import OURS, command, configuration, crawl, rows, served
from test_crawl import ROOT, content, last_words

from demo import Fault, Revision, Site, Town
from demo import serve as look_alike

FULL = {"since": "2001-01-01"}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Site]]:
    """A town crawled once, as it is today."""
    database = tmp_path_factory.mktemp("update") / "town.db"
    with look_alike(Town()) as site:
        assert crawl(site.base_url, database, **FULL).returncode == 0
        yield database, site


@pytest.fixture
def crawled(original: tuple[Path, Site], tmp_path: Path) -> Iterator[tuple[Path, Site]]:
    """A copy of its database; the site is as it was again afterwards."""
    database, site = original
    yield shutil.copy(database, tmp_path / "town.db"), site
    site.town, site.faults = Town(), []


def test_an_update_of_an_unchanged_site_changes_nothing_within_its_budget(crawled: tuple[Path, Site]) -> None:
    database, site = crawled
    before = content(database)
    site.requests.clear()
    run = crawl(site.base_url, database, "UPDATE_BUDGET=120", mode="update")
    assert run.returncode == 0, run.stderr
    assert sum(site.requests.values()) <= 120
    assert "rows: 0 new, 0 changed, 0 removed" in run.stderr
    assert content(database) == before


def test_every_page_is_seen_again_in_the_nights_that_are_promised(crawled: tuple[Path, Site]) -> None:
    database, site = crawled
    [begun] = rows(database, "SELECT max(fetched_at) AS at FROM pages")
    nights = 0
    while rows(database, "SELECT 1 FROM pages WHERE fetched_at <= ? AND kind <> 'vo040'", begun["at"]):
        run = crawl(site.base_url, database, "UPDATE_BUDGET=350", mode="update")
        assert run.returncode == 0, run.stderr
        nights += 1
        assert nights <= 8, "646 pages, a quarter of 350 requests is kept for them: 8 nights"


def test_one_update_finds_what_is_new_changed_moved_and_withdrawn(crawled: tuple[Path, Site], tmp_path: Path) -> None:
    """After it the database equals that of a crawl that has never seen the site otherwise."""
    database, site = crawled
    site.town = Town(revision=Revision(changed=8, new=5, withdrawn=6, moved=1))
    run = crawl(site.base_url, database, "UPDATE_BUDGET=5000", mode="update")
    assert run.returncode == 0, run.stderr
    assert crawl(site.base_url, tmp_path / "fresh.db", **FULL).returncode == 0
    assert content(database) == content(tmp_path / "fresh.db")
    gone = {str(number) for _, number in site.town.withdrawn_pages}
    kept = rows(database, "SELECT * FROM pages WHERE withdrawn_at IS NOT NULL")
    assert {page["url"].rpartition("=")[2] for page in kept} == gone
    assert all("refused" in page["error"] and page["content_hash"] is None for page in kept)
    changed = {str(number) for _, number, _ in site.town.changed_pages}
    revised = {revision["row_id"] for revision in rows(database, "SELECT * FROM revisions")}
    assert changed <= revised and not revised & gone


def test_what_is_withdrawn_leaves_no_letter_in_the_file(crawled: tuple[Path, Site]) -> None:
    database, site = crawled
    site.town = Town(revision=Revision(withdrawn=2))
    number = dict(site.town.withdrawn_pages)["vo020"]
    [paper] = rows(database, "SELECT * FROM papers WHERE id = ?", number)
    needle = max(paper["text"].splitlines(), key=len).encode()
    assert needle in database.read_bytes()
    urls = f"{site.base_url}vo020.asp?VOLFDNR={number}"
    # Other papers of the town may say the same words.
    others = rows(database, "SELECT count(*) AS n FROM papers WHERE text LIKE ?", f"%{needle.decode()}%")[0]["n"]
    run = crawl(site.base_url, database, urls=urls)
    assert run.returncode == 0, run.stderr
    assert rows(database, "SELECT 1 FROM papers WHERE id = ? AND text IS NOT NULL", number) == []
    assert database.read_bytes().count(needle) < 2 * others, "still in the free pages"
    assert rows(database, "SELECT 1 FROM papers_fts WHERE rowid = ?", number) == []


OUTAGES = {
    "maintenance": [Fault("asp", "maintenance")],
    "login": [Fault("asp", "login")],
    "redesign": [Fault("asp", "redesign")],
    "all gone": [Fault("asp", "status:404")],
    "server error": [Fault("asp", "status:500")],
    "empty calendar": [Fault("si010", "no-meetings")],
    "papers refused": [Fault("VOLFDNR", "refuse")],
    "minutes gone": [Fault("TOLFDNR", "status:404")],
    "minutes redesigned": [Fault("TOLFDNR", "redesign")],
    "network lost": [Fault("LFDNR", "drop")],
    "texts lost": [Fault("[TV]OLFDNR", "no-texts")],
    "texts of papers lost": [Fault("VOLFDNR", "no-texts")],
    "agendas behind a login": [Fault("SILFDNR", "login", spare=1)],
}


@pytest.mark.parametrize("late", [False, True], ids=["from the start", "later on"])
@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_is_no_withdrawal(crawled: tuple[Path, Site], outage: str, late: bool) -> None:
    """The run stops with a sentence, the published file stays as it is, byte by byte."""
    database, site = crawled
    before = database.read_bytes()
    site.faults = [replace(fault) for fault in OUTAGES[outage]]
    if late:  # once the first look around is over
        for fault in site.faults:
            fault.spare = 4 if fault.pattern in ("si010", "SILFDNR") else 8
    run = crawl(site.base_url, database, "UPDATE_BUDGET=350", mode="update")
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    note = json.loads(database.with_name("town.db.failed").read_text())
    assert note["sentence"] == last_words(run)
    assert database.read_bytes() == before, last_words(run)
    if not late:
        return
    site.faults = []
    assert crawl(site.base_url, database, mode="update").returncode == 0
    assert content(database) == content_of(before, database)
    assert not database.with_name("town.db.failed").exists()


def content_of(data: bytes, beside: Path) -> dict[str, list[dict]]:
    path = beside.with_name("before.db")
    path.write_bytes(data)
    return content(path)


def test_two_runs_at_once_are_refused(crawled: tuple[Path, Site]) -> None:
    database, site = crawled
    site.faults = [Fault("vo040", "hang")]
    site.requests.clear()
    first = subprocess.Popen(command(site.base_url, database, mode="update"), cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while not site.requests:
            pass
        second = crawl(site.base_url, database, mode="update")
        assert second.returncode == 1 and f"Another run is writing {database}" in last_words(second)
    finally:
        first.kill()
        first.wait()


def test_a_copy_that_fails_its_checks_is_not_published(crawled: tuple[Path, Site]) -> None:
    database, site = crawled
    before = database.read_bytes()
    site.town = Town(revision=Revision(withdrawn=40))
    run = crawl(site.base_url, database, "MAX_LOSS=0.05", "UPDATE_BUDGET=5000", mode="update")
    assert run.returncode == 1 and "Not published" in last_words(run)
    assert database.read_bytes() == before
    [last] = rows(database.with_name("town.db.rejected"), "SELECT * FROM crawls ORDER BY id DESC LIMIT 1")
    failed = [check for check in json.loads(last["report"]) if not check["passed"]]
    assert last["reason"] == "rejected" and failed
    assert crawl(site.base_url, database, "MAX_LOSS=0.5", "UPDATE_BUDGET=5000", mode="update").returncode == 0


def test_readers_see_the_new_file_at_once(crawled: tuple[Path, Site], tmp_path: Path) -> None:
    database, site = crawled
    folder = tmp_path / "served"
    folder.mkdir()
    shown = shutil.copy(database, configuration(folder))
    count = "/demo.json?sql=select+count(*)+as+n+from+agenda_items&_shape=array"
    site.town = Town(revision=Revision(new=5))
    with served(folder) as address:
        before = asked(address + count)
        assert crawl(site.base_url, shown, mode="update").returncode == 0
        assert asked(address + count) > before
        assert f"{Town().today.year}" in asked(address + "/sitzungen")


def asked(address: str) -> str:
    with urlopen(address.replace(OURS, "127.0.0.1")) as answer:
        return answer.read().decode()


def test_a_clock_gone_back_is_refused(crawled: tuple[Path, Site]) -> None:
    database, site = crawled
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE crawls SET finished_at = '2199-01-01T00:00:00+00:00'")
    run = crawl(site.base_url, database, mode="update")
    assert run.returncode == 1 and "clock" in last_words(run)


def test_a_town_that_moves_keeps_its_pages(crawled: tuple[Path, Site]) -> None:
    """Here to another port; in life from http to https."""
    database, site = crawled
    before = content(database)
    with look_alike(Town()) as moved:
        run = crawl(moved.base_url, database, mode="update")
        assert run.returncode == 0, run.stderr
        text = json.dumps(before, default=str).replace(site.base_url, moved.base_url)
    assert json.loads(json.dumps(content(database), default=str)) == json.loads(text)
    assert rows(database, "SELECT 1 FROM revisions") == []


def test_an_update_without_a_database_says_so(tmp_path: Path) -> None:
    run = crawl("http://127.0.0.1:9/bi/", tmp_path / "none.db", mode="update")
    assert run.returncode == 1 and "full crawl first" in last_words(run)
