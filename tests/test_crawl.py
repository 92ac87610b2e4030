"""Whole crawls of the look-alike, as a user starts them: what is stored, changed, resumed and refused."""

from __future__ import annotations

import json
import random
import re
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import ROOT, command, crawl, rows, serve

from demo import Fault, Revision, Site, Town
from demo import serve as look_alike
from ratsdaten.database import SCHEMA_VERSION, close, connect
from ratsdaten.search import escape_fts
from scraper.derive import derive
from scraper.items import Visit
from scraper.ledger import other_town
from scraper.pages import parse
from scraper.writer import Writer

TODAY = date(2026, 3, 2)
RANGE = {"since": "2001-01-01", "until": "2026-12-31"}
RECENT = {"since": "2025-10-01", "until": "2026-04-30"}
TABLES = (
    *("organizations", "persons", "memberships", "meetings", "papers", "agenda_items", "consultations"),
    *("files", "meeting_files", "agenda_item_files", "paper_files"),
)


def town(**differences: int) -> Town:
    return Town(seed=1, size="small", today=TODAY, revision=Revision(**differences))


def content(database: Path) -> dict[str, list[dict]]:
    """Every row as a reader sees it; only the time of the visit and surrogate numbers left out."""
    found = {}
    for table in TABLES:
        stored = rows(database, f"SELECT * FROM {table}")
        left_out = {"fetched_at"} | ({"id"} if table == "memberships" else set())
        plain = [{k: v for k, v in row.items() if k not in left_out} for row in stored]
        found[table] = sorted(plain, key=lambda row: json.dumps(row, default=str))
    return found


def squeezed(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


@pytest.fixture(scope="module", params=["embedded", "standalone"])
def crawled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Site, str]]:
    """One full crawl per dialect."""
    database = tmp_path_factory.mktemp(request.param) / "town.db"
    with look_alike(town(), dialect=request.param) as site:
        run = crawl(site.base_url, database, **RANGE)
        assert run.returncode == 0, run.stderr[-3000:]
        yield database, site, request.param


def test_meetings_and_agendas_are_as_printed(crawled: tuple[Path, Site, str]) -> None:
    database, _, dialect = crawled
    stored = {row["id"]: row for row in rows(database, "SELECT * FROM meetings")}
    truth = {meeting.id: meeting for meeting in town().meetings()}
    assert truth.keys() <= stored.keys()
    for meeting in truth.values():
        row = stored[meeting.id]
        assert (row["date"], row["start_time"], row["end_time"]) == (meeting.date, meeting.start_time, meeting.end_time)
        assert row["cancelled"] == meeting.cancelled
        items = rows(
            database, "SELECT * FROM agenda_items WHERE meeting_id = ? AND position > 0 ORDER BY position", meeting.id
        )
        if not meeting.linked:
            assert items == []
            continue
        assert (row["name"], row["status"]) == (meeting.printed_name(dialect), meeting.status)
        assert (row["organization_id"], row["location"]) == (meeting.organization_id, meeting.location or None)
        listed = town().items(meeting)
        assert [row["id"] for row in items] == [item.id for item in listed]
        for row, item in zip(items, listed, strict=True):
            assert (row["number"], row["public"], row["supplement"]) == (item.number, item.public, item.supplement)
            assert row["name"] == ("(nichtöffentlich)" if item.masked else " ".join(item.name.split()))
            assert row["paper_id"] == item.paper_id
            assert row["result"] == (None if item.result in ("", "(offen)") else item.result)


def test_texts_lose_no_letter(crawled: tuple[Path, Site, str]) -> None:
    database, site, _ = crawled
    count = 0
    for row in rows(database, "SELECT * FROM agenda_items WHERE source_url LIKE '%to020%'"):
        item = site.town.item(row["id"])
        for key, column in {"WP": "minutes_text", "BS": "resolution_text", "AE": "vote_text"}.items():
            assert squeezed(row[column]) == squeezed(item.section(key)), row["source_url"]
            count += bool(row[column])
    for row in rows(database, "SELECT * FROM papers WHERE source_url LIKE '%vo020%'"):
        sections = [squeezed(section.text) for section in site.town.paper(row["id"]).sections]
        stored = squeezed(row["text"])  # the order of sections is the dialect's
        assert len(stored) == sum(map(len, sections)), row["source_url"]
        assert all(section in stored for section in sections), row["source_url"]
        count += 1
    assert count > 200


def test_papers_and_their_way_are_as_printed(crawled: tuple[Path, Site, str]) -> None:
    database, _, _ = crawled
    papers = {row["id"]: row for row in rows(database, "SELECT * FROM papers")}
    truth = {paper_id: town().paper(paper_id) for paper_id in town().paper_ids()}
    assert papers.keys() == truth.keys()
    for paper in truth.values():
        row = papers[paper.id]
        assert (row["reference"], row["name"]) == (paper.reference, " ".join(paper.name.split()))
        assert (row["paper_type"], row["status"]) == (paper.paper_type, paper.status)
        assert (row["author"], row["lead"]) == ("; ".join(paper.elected_authors) or None, paper.lead or None)
        lines = rows(database, "SELECT * FROM consultations WHERE paper_id = ?", paper.id)
        lines.sort(key=lambda line: int(line["id"].rpartition("-")[2]))
        assert [
            (line["organization_name"], line["role"], line["date"], line["meeting_id"], line["agenda_item_id"])
            for line in lines
        ] == [
            (
                c.organization_name,
                c.role or None,
                s and s.date,
                s.meeting_id if s and s.linked else None,
                s.agenda_item_id if s and s.linked else None,
            )
            for c in paper.consultations
            for s in (c.sessions or (None,))
        ]
        assert all(line["organization_id"] for line in lines if line["meeting_id"])
        files = rows(
            database, "SELECT f.* FROM files f JOIN paper_files ON file_id = f.id WHERE paper_id = ?", paper.id
        )
        shown = [file for file in (*paper.files, *paper.documents) if file.public]
        assert sorted(f["id"] for f in files) == sorted(f.id for f in shown)
        names = {file.id: file.name for file in paper.files}
        assert all(f["name"] == names[f["id"]] for f in files if f["id"] in names)


def test_votes_are_as_printed(crawled: tuple[Path, Site, str]) -> None:
    """Every stored figure is the truth; what the words leave open may be missing."""
    database, site, _ = crawled
    stored = rows(database, "SELECT * FROM votes ORDER BY agenda_item_id, position")
    assert len(stored) > 20
    by_item: dict[int, list[dict]] = {}
    for vote in stored:
        by_item.setdefault(vote["agenda_item_id"], []).append(vote)
    for number, votes in by_item.items():
        truth = [vote for vote in site.town.item(number).votes if vote.section == "AE"]
        assert len(votes) == len(truth), number
        for vote, true in zip(votes, truth, strict=True):
            assert vote["yes"] in (None, true.yes) and vote["no"] in (None, true.no), number
            assert vote["abstain"] in (None, true.abstain) and vote["raw_text"]
            counts = rows(database, "SELECT * FROM vote_counts WHERE vote_id = ?", vote["id"])
            for count in counts:
                expected = next(c for c in true.counts if c.group == count["group_name"])
                assert count["yes"] in (None, expected.yes) and count["no"] in (None, expected.no)
    assert rows(database, "SELECT count(*) AS n FROM vote_counts")[0]["n"] > 50


def test_people_have_their_terms(crawled: tuple[Path, Site, str]) -> None:
    database, site, _ = crawled
    for organization in site.town.organizations():
        [row] = rows(database, "SELECT * FROM organizations WHERE id = ?", organization.id)
        assert (row["name"], row["end_date"]) == (organization.name, organization.end_date)
        members = rows(
            database,
            """SELECT person_id, role, affiliation FROM memberships
                WHERE organization_id = ? AND (end_date IS NULL OR end_date >= '2026-03-02')""",
            organization.id,
        )
        printed = [(m.person_id, m.role or None, m.affiliation or None) for m in site.town.members(organization)]
        stored = [(m["person_id"], m["role"], m["affiliation"]) for m in members]
        assert sorted(stored, key=str) == sorted(printed, key=str), organization.id
    person = next(p for p in site.town.persons() if len(site.town.memberships(p.id)) > 1)
    stored = rows(database, "SELECT role, start_date, end_date FROM memberships WHERE person_id = ?", person.id)
    truth = [(m.role, m.start_date, m.end_date) for m in site.town.memberships(person.id)]
    assert sorted(((m["role"], m["start_date"], m["end_date"]) for m in stored), key=str) == sorted(truth, key=str)


def test_keys_hold_and_search_finds(crawled: tuple[Path, Site, str]) -> None:
    database, _, _ = crawled
    assert rows(database, "PRAGMA foreign_key_check") == []
    [paper] = rows(database, "SELECT id, name FROM papers WHERE name IS NOT NULL LIMIT 1")
    word = max(re.findall(r"\w+", paper["name"]), key=len)
    found = rows(database, "SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?", escape_fts(word))
    assert paper["id"] in {row["rowid"] for row in found}


def test_no_employee_reaches_database_or_log(crawled: tuple[Path, Site, str], tmp_path: Path) -> None:
    """Neither who processes a paper nor who wrote it as an employee; minutes as published are not touched."""
    database, site, _ = crawled
    run = crawl(site.base_url, tmp_path / "again.db", LOG_LEVEL := "LOG_LEVEL=DEBUG", **RECENT)
    assert run.returncode == 0, LOG_LEVEL
    texts = ("minutes_html", "minutes_text", "resolution_html", "resolution_text", "text", "text_html")
    stored = "\n".join(
        str({k: v for k, v in row.items() if k not in texts})
        for table in (*TABLES, "pages", "revisions", "crawls")
        for row in rows(database, f"SELECT * FROM {table}")
    )
    for name in site.town.staff_names:
        family = name.split()[-1]
        assert family not in stored and family not in run.stderr + run.stdout, name


def test_a_second_crawl_changes_nothing_and_a_changed_page_one_row(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town()) as site:
        assert crawl(site.base_url, database, **RANGE).returncode == 0
        before = content(database)
        again = crawl(site.base_url, database, **RANGE)
        assert "rows: 0 new, 0 changed, 0 removed" in again.stderr
        assert content(database) == before
        assert rows(database, "SELECT * FROM revisions") == []

        site.town = town(changed=5)
        changed = crawl(site.base_url, database, **RANGE)
        assert "rows: 0 new, 5 changed, 0 removed" in changed.stderr
        tables = {"to020": "agenda_items", "vo020": "papers", "to010": "meetings"}
        revisions = rows(database, "SELECT * FROM revisions")
        assert sorted((r["table_name"], r["row_id"]) for r in revisions) == sorted(
            (tables[kind], str(number)) for kind, number, _ in site.town.changed_pages
        )
        after = content(database)
        assert sum(row not in before[table] for table in TABLES for row in after[table]) == 5
        for revision in revisions:
            [row] = rows(database, f"SELECT * FROM {revision['table_name']} WHERE id = ?", revision["row_id"])
            for column, (old, new) in json.loads(revision["changed"]).items():
                assert row[column] == new != old


def test_a_changed_role_is_a_change_not_a_new_membership(tmp_path: Path) -> None:
    with look_alike(town()) as site:
        url = f"{site.base_url}au020.asp?AULFDNR=12"
        with urlopen(url) as response:
            body = response.read()
    db = connect(tmp_path / "town.db")
    writer = Writer(db)
    writer.store(Visit(url, "au020", 200, "2026-03-02T00:00:00+00:00", parse(body, url)))
    before = db.execute("SELECT count(*) FROM memberships").fetchone()
    changed = body.replace(b"<div>Ausschussmitglied</div>", "<div>Vorsitz für ein Jahr</div>".encode(), 1)
    writer.store(Visit(url, "au020", 200, "2026-03-03T00:00:00+00:00", parse(changed, url)))
    assert db.execute("SELECT count(*) FROM memberships").fetchone() == before
    [(table, change)] = db.execute("SELECT table_name, changed FROM revisions").fetchall()
    assert table == "memberships" and json.loads(change) == {"role": ["Ausschussmitglied", "Vorsitz für ein Jahr"]}
    close(db)


@pytest.mark.parametrize("pages_before_death", [30, 300])
def test_a_killed_crawl_is_completed_by_the_next(tmp_path: Path, pages_before_death: int) -> None:
    undisturbed, database, work = (tmp_path / name for name in ("whole.db", "killed.db", "killed.db.work"))
    with look_alike(town()) as site:
        assert crawl(site.base_url, undisturbed, **RANGE).returncode == 0
        whole = sum(site.requests.values())
        process = subprocess.Popen(command(site.base_url, database, **RANGE), cwd=ROOT, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            done = rows(work, "SELECT count(*) AS n FROM pages WHERE fetched_at IS NOT NULL") if _ready(work) else []
            if done and done[0]["n"] >= pages_before_death:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert rows(database, "SELECT count(*) AS n FROM pages") == [{"n": 0}], "readers saw half a run"
        assert rows(work, "PRAGMA foreign_key_check") == []
        assert rows(work, "SELECT finished_at FROM crawls") == [{"finished_at": None}]
        [done] = rows(
            work, "SELECT count(*) AS n FROM pages WHERE fetched_at IS NOT NULL AND kind IN ('to020', 'vo020')"
        )

        asked = -1
        while asked != (asked := sum(site.requests.values())):  # what the dead crawl asked last may still be counted
            time.sleep(0.2)
        site.requests.clear()
        run = crawl(site.base_url, database, **RANGE)
        assert run.returncode == 0, run.stderr
        assert "going on" in run.stderr
        assert sum(site.requests.values()) <= whole - done["n"] + 5, "pages already stored were fetched again"
        assert content(database) == content(undisturbed)


def _ready(database: Path) -> bool:
    try:
        return bool(rows(database, "SELECT 1 FROM crawls"))
    except sqlite3.Error:
        return False


def test_bad_pages_are_named_and_the_rest_is_stored(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    meetings = [m for m in town().meetings() if m.linked and m.date >= RECENT["since"] and m.kind == "public"]
    # The newest agenda is the probe's sample: a probe that does not understand a kind would stop the crawl.
    *_, first, second, third = [i for m in meetings[:-3] for i in town().items(m) if i.has_extract]
    faults = [
        Fault(f"TOLFDNR={first.id}$", "truncate"),
        Fault(f"TOLFDNR={second.id}$", "status:500"),
        Fault(f"TOLFDNR={third.id}$", "broken-once"),
        Fault(f"VOLFDNR={first.paper_id or second.paper_id or third.paper_id}$", "garbage"),
    ]
    with look_alike(town(), faults=faults[:3]) as site:
        run = crawl(site.base_url, database, **RECENT)
    assert run.returncode == 1
    assert run.stderr.strip().splitlines()[-1].startswith("2 pages could not be read")
    errors = {
        row["url"].rpartition("=")[2]: row for row in rows(database, "SELECT * FROM pages WHERE error IS NOT NULL")
    }
    assert errors.keys() >= {str(first.id), str(second.id)}
    assert "cut off" in errors[str(first.id)]["error"] and errors[str(second.id)]["http_status"] == 500
    [broken] = rows(database, "SELECT * FROM agenda_items WHERE id = ?", third.id)
    assert "to020" in broken["source_url"], "a page torn once is read at the second try"
    assert rows(database, "SELECT errors FROM crawls") == [{"errors": 2}]


def test_probe_reports_and_stores_nothing(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town()) as site:
        run = crawl(site.base_url, database, mode="probe", until="2026-04-30")
        asked = sum(site.requests.values())
        assert run.returncode == 0, run.stderr
        for line in ("si010_j.asp: understood", "to010.asp: understood", "kp020.asp: understood", "frame: inside"):
            assert line in run.stderr
        assert asked <= 30
        assert rows(database, "SELECT count(*) AS n FROM meetings") == [{"n": 0}]

        site.faults.append(Fault("to020", "redesign"))
        run = crawl(site.base_url, database, **RECENT)
        assert run.returncode == 1
        assert "to020" in run.stderr.strip().splitlines()[-1]
        assert rows(database, "SELECT count(*) AS n FROM meetings") == [{"n": 0}]


def test_urls_fetches_exactly_those_pages(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town()) as site:
        meeting = next(m for m in town().meetings() if m.linked and m.kind == "public")
        [*items] = town().items(meeting)
        address = f"{site.base_url}to010.asp?SILFDNR={meeting.id}&TOLFDNR={items[0].id}&BES=1"
        run = crawl(site.base_url, database, urls=address)
        assert run.returncode == 0, run.stderr
        assert {path for path in site.requests if "robots" not in path} == {
            address.removeprefix(site.base_url[: site.base_url.index("/", 8)])
        }
        assert rows(database, "SELECT count(*) AS n FROM agenda_items WHERE position > 0") == [{"n": len(items)}]
        [page] = rows(database, "SELECT * FROM pages")
        assert page["url"] == f"{site.base_url}to010.asp?SILFDNR={meeting.id}"


def last_words(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    return run.stderr.strip().splitlines()[-1]


def test_rows_do_not_depend_on_the_order_of_pages(crawled: tuple[Path, Site, str], tmp_path: Path) -> None:
    database, _, _ = crawled
    visits = []
    for page in rows(database, "SELECT url, kind FROM pages WHERE error IS NULL AND url NOT LIKE '%shownext%'"):
        with urlopen(page["url"]) as response:
            body = response.read()
        visits.append(Visit(page["url"], page["kind"], 200, "2026-03-02T00:00:00+00:00", parse(body, page["url"])))
    contents = []
    for seed in range(3):
        random.Random(seed).shuffle(visits)
        db = connect(tmp_path / f"{seed}.db")
        writer = Writer(db)
        for visit in visits:
            writer.store(visit)
        derive(db)
        assert db.execute("SELECT table_name, row_id, changed FROM revisions").fetchall() == []
        close(db)
        contents.append(content(tmp_path / f"{seed}.db"))
    for table in TABLES:
        assert contents[0][table] == contents[1][table] == contents[2][table], table


def test_every_redirect_to_one_login_page_is_noted(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town(), faults=[Fault("to020", "noauth")]) as site:
        meeting = next(m for m in town().meetings() if m.linked and m.kind == "public")
        items = [item.id for item in town().items(meeting)]
        run = crawl(site.base_url, database, urls=",".join(f"{site.base_url}to020.asp?TOLFDNR={n}" for n in items))
    assert run.returncode == 0, run.stderr
    pages = rows(database, "SELECT error FROM pages")
    assert len(pages) == len(items) and all("refused (redirected to noauth.asp)" in page["error"] for page in pages)


def test_a_busy_server_is_left_alone_for_a_while(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town(), faults=[Fault("fr020", "busy", times=2)]) as site:
        run = crawl(site.base_url, database, "BUSY_PAUSE=0.5", **RECENT)
    assert run.returncode == 0, run.stderr
    assert "zu viele Zugriffe" in run.stderr and "waiting 0.5 s" in run.stderr
    assert rows(database, "SELECT * FROM pages WHERE error IS NOT NULL OR fetched_at IS NULL") == []


def test_a_broken_calendar_ends_the_walk(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town(), faults=[Fault(r"si010_j.*YY=20(0|1|20|21|22|23)", "status:404")]) as site:
        run = crawl(site.base_url, database, until="2026-12-31")
    assert run.returncode == 1
    assert rows(database, "SELECT count(*) AS n FROM pages WHERE kind = 'si010'")[0]["n"] < 80


def test_bad_input_ends_with_one_sentence(tmp_path: Path) -> None:
    stranger = {
        "/": b"<html><body>Bakery</body></html>",
        "/si010_e.asp?MM=1&YY=2026": b"<html><body>Bakery</body></html>",
    }
    with serve(stranger) as server:
        assert "is no ALLRIS classic" in last_words(crawl(f"{server}/", tmp_path / "a.db", until="2026-01-31"))
        four = b'<html><head><meta name="description" content="ALLRIS net Version 4.1"></head><body></body></html>'
        stranger["/si010_e.asp?MM=1&YY=2026"] = four
        assert "ALLRIS 4" in last_words(crawl(f"{server}/", tmp_path / "a.db", until="2026-01-31"))
    assert "cannot be reached" in last_words(crawl("http://127.0.0.1:9/bi/", tmp_path / "a.db"))
    with look_alike(town(), faults=[Fault("si010", "refuse")]) as site:
        assert "released none of the calendars" in last_words(crawl(site.base_url, tmp_path / "a.db"))
        site.faults.clear()
        site.robots = "User-agent: *\nDisallow: /\n"
        assert "robots.txt" in last_words(crawl(site.base_url, tmp_path / "a.db"))
        site.robots = None
        missing = tmp_path / "none" / "a.db"
        assert f"{missing.parent} does not exist" in last_words(crawl(site.base_url, missing))
        (tmp_path / "text.db").write_text("no database at all, but long enough to be read as one" * 50)
        assert "cannot be written" in last_words(crawl(site.base_url, tmp_path / "text.db"))
        old = connect(tmp_path / "old.db")
        old.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1 or 99}")
        old.close()
        assert "schema version" in last_words(crawl(site.base_url, tmp_path / "old.db"))
        for arguments, words in [
            ({"since": "gestern"}, "is no date"),
            ({"mode": "quick"}, "mode=quick is unknown"),
            ({"urls": site.base_url + "index.html"}, "no page that can be read"),
            ({"colour": "red"}, "Unknown argument colour"),
            ({"until": "9999-12-31"}, "out of range"),
            ({"urls": " , "}, "urls= is empty"),
            ({"urls": "https://other.example/bi/to010.asp?SILFDNR=1"}, "one town at a time"),
        ]:
            assert words in last_words(crawl(site.base_url, tmp_path / "a.db", **arguments))
    assert "RATSDATEN_CONTACT" in last_words(crawl("https://ratsinfo.invalid/bi/", tmp_path / "a.db", "CONTACT="))


def test_a_page_over_the_size_limit_is_named(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town(), faults=[Fault("TOLFDNR", "huge")]) as site:
        run = crawl(site.base_url, database, urls=f"{site.base_url}to020.asp?TOLFDNR=640,{site.base_url}fr010.asp")
    assert "1 page could not be read" in last_words(run)
    assert rows(database, "SELECT url FROM pages WHERE error IS NOT NULL")[0]["url"].endswith("TOLFDNR=640")
    assert rows(database, "SELECT count(*) AS n FROM organizations")[0]["n"] > 0


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))


def test_a_full_disk_stops_the_crawl_and_keeps_what_is_stored(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town()) as site:
        # The kernel refuses to let any file grow further, as it does on a full disk.
        run = crawl(site.base_url, database, preexec_fn=_small_files, **RECENT)
        words = last_words(run)
        assert "cannot be written" in words and "make room" in words
        assert rows(database, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert rows(database, "PRAGMA foreign_key_check") == []
        stored = rows(database, "SELECT count(*) AS n FROM agenda_items")[0]["n"]
        run = crawl(site.base_url, database, **RECENT)
        assert run.returncode == 0, run.stderr
        assert rows(database, "SELECT count(*) AS n FROM agenda_items")[0]["n"] > stored


def test_one_file_holds_one_town(tmp_path: Path) -> None:
    db = connect(tmp_path / "town.db")
    sql = "INSERT INTO crawls (mode, arguments, started_at, pages) VALUES ('full', ?, '2026', 9)"
    db.execute(sql, ['{"base_url": "https://www.herne.de/allris/"}'])
    assert other_town(db, "https://ratsinfo.example/bi/") == "https://www.herne.de/allris/"
    assert other_town(db, "https://herne.de/allris/") is None
    db.close()


def test_polite_by_default() -> None:
    from scraper import settings

    assert settings.ROBOTSTXT_OBEY and settings.AUTOTHROTTLE_ENABLED and settings.CONCURRENT_REQUESTS <= 4
    assert not settings.TELNETCONSOLE_ENABLED and not settings.REMOTE_CONTROL_ENABLED


def test_a_moved_meeting_keeps_its_row(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    with look_alike(town()) as site:
        crawl(site.base_url, database, **RECENT)
        site.town = town(moved=1)
        assert crawl(site.base_url, database, **RECENT).returncode == 0
    [(number, day)] = site.town.moved_meetings.items()
    assert rows(database, "SELECT date FROM meetings WHERE id = ?", number) == [{"date": day.isoformat()}]
    assert replace(town().meeting(number)).date != day.isoformat()
