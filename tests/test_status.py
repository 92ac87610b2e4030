"""/status and /status.json: what they say of a database's age, gaps and removals. All of it is invented."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
import pytest_asyncio
from conftest import configuration
from datasette.app import Datasette

from ratsdaten import clock
from ratsdaten.database import close, connect
from ratsdaten.site.status import facts, status

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime.now(UTC)
BASE = "http://127.0.0.1/allris/"
SECRET = f"{BASE}to020.asp?TOLFDNR=4711"


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat()


def run(**columns: object) -> dict[str, object]:
    usual = {"mode": "update", "arguments": "{}", "started_at": ago(hours=6), "finished_at": ago(hours=5)}
    return usual | {"reason": "finished", "pages": 300} | columns


def pages(kind: str, number: int, error: str | None = None, **columns: object) -> list[dict[str, object]]:
    usual = {"kind": kind, "found_at": ago(days=300), "fetched_at": ago(hours=5), "http_status": 200}
    urls = [f"{BASE}{kind}.asp?N={n}" for n in range(number)]
    return [{"url": url, "error": error and f"{url}: {error}"} | usual | columns for url in urls]


def fill(path: Path, *runs: dict[str, object], more: Sequence[dict[str, object]] = ()) -> None:
    db = connect(path)
    db.table("crawls").insert_all(runs or [run()])
    db.table("pages").insert_all([*pages("to020", 100), *more])
    close(db)


def judged(path: Path, now: datetime = NOW) -> tuple[str, list[str]]:
    conn = sqlite3.connect(path)
    data = status(facts(conn, now), now).data
    conn.close()
    return data["state"], [reason["code"] for reason in data["reasons"]]


# ---- the state ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "state", "codes"),
    [
        ([run()], "ok", []),
        ([run(finished_at=ago(hours=37))], "warning", ["old"]),
        ([run(finished_at=ago(hours=73))], "failing", ["old"]),
        ([run(finished_at=ago(hours=73)), run(mode="urls", pages=1)], "failing", ["old"]),  # one page is not all
        ([run(finished_at=ago(hours=73)), run(mode="probe")], "failing", ["old"]),
        ([run(finished_at=None, reason=None, started_at=ago(days=9))], "failing", ["no_run", "bad_run"]),
        ([run(), run(finished_at=None, reason=None)], "ok", []),  # on its way
        ([run(), run(finished_at=None, reason="shutdown")], "warning", ["bad_run"]),
        ([run(report=json.dumps([{"check": "integrity", "passed": False, "found": "x"}]))], "warning", ["bad_run"]),
        ([run(report="{not JSON")], "ok", []),
        ([run(finished_at=ago(hours=-30))], "warning", ["clock"]),
        ([run(finished_at="gestern")], "failing", ["no_run"]),
        ([run(mode="full", arguments='{"since": "2001-01-01"}')], "ok", []),  # all that was ever asked for
        ([run(mode="full", arguments='{"until": "2001-01-01"}')], "failing", ["no_run"]),
        (
            [run(mode="full", finished_at=ago(hours=37)), run(mode="full", arguments='{"since": "2026-01-01"}')],
            "warning",
            ["old"],
        ),
    ],
)
async def test_the_state_follows_from_the_last_runs(tmp_path, runs, state, codes):
    fill(tmp_path / "demo.db", *runs)
    assert judged(tmp_path / "demo.db") == (state, codes)


@pytest.mark.parametrize(
    ("more", "state", "codes"),
    [
        (pages("to010", 2, error="HTTP 500"), "ok", []),
        (pages("to010", 3, error="HTTP 500"), "warning", ["errors"]),
        (pages("to010", 30, error="HTTP 500"), "failing", ["errors"]),
        (pages("to010", 30, error="refused (Zugriff verweigert)"), "ok", []),  # is no error
        (pages("to010", 30, error="HTTP 404", withdrawn_at=ago(days=1)), "ok", []),
        (pages("vo020", 5, fetched_at=ago(days=221)), "ok", []),
        (pages("vo020", 6, fetched_at=ago(days=221)), "warning", ["overdue"]),
        (pages("vo020", 6, fetched_at=None, found_at=ago(days=221)), "warning", ["overdue"]),
        (pages("vo020", 6, fetched_at=ago(days=219)), "ok", []),
        (pages("vo020", 6, fetched_at=ago(days=900), withdrawn_at=ago(days=1)), "ok", []),
    ],
)
async def test_the_state_follows_from_what_is_unread_or_late(tmp_path, more, state, codes):
    fill(tmp_path / "demo.db", more=more)
    assert judged(tmp_path / "demo.db") == (state, codes)


async def test_recent_meetings_are_looked_at_every_few_days(tmp_path):
    fill(tmp_path / "demo.db", more=pages("to010", 2, fetched_at=ago(days=4)))
    assert judged(tmp_path / "demo.db") == ("ok", [])
    db = connect(tmp_path / "demo.db")
    days = ((NOW - timedelta(days=89)).date(), (NOW + timedelta(days=9)).date())
    urls = [row["url"] for row in db.query("SELECT url FROM pages WHERE kind = 'to010'")]
    db.table("meetings").insert_all(
        {"id": n, "date": day.isoformat(), "source_url": url} for n, (day, url) in enumerate(zip(days, urls))
    )
    close(db)
    assert judged(tmp_path / "demo.db") == ("warning", ["overdue_recent"])


async def test_an_empty_database_is_told_so(tmp_path):
    close(connect(tmp_path / "demo.db"))
    assert judged(tmp_path / "demo.db") == ("failing", ["no_run"])


# ---- what stands there -------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    folder = tmp_path_factory.mktemp("site")
    path = configuration(folder)
    url = f"{BASE}to020.asp?TOLFDNR=1"
    fill(
        path,
        run(mode="full", rows_added=900, report=json.dumps([{"check": "integrity", "passed": True, "found": ""}, 5])),
        more=[
            *pages("vo020", 3, fetched_at="2026-01-01T00:00:00+00:00"),
            {"url": url, "kind": "to020", "fetched_at": ago(hours=5), "error": f"{url}: not understood, expected <b>"},
            {"url": f"{url}2", "kind": "to020", "fetched_at": ago(hours=5), "error": f"{url}2: refused (geheim)"},
            {"url": SECRET, "kind": "to020", "fetched_at": ago(hours=5), "error": f"{SECRET}: HTTP 404",
             "withdrawn_at": "2026-03-04T00:00:00+00:00"},
        ],
    )  # fmt: skip
    db = connect(path)
    db.table("phrases").insert({"kind": "result", "phrase": "vertüdelt", "meaning": "unknown"})
    db.table("meetings").insert({"id": 1, "date": "2024-05-06"})
    db.table("agenda_items").insert({"id": 1, "meeting_id": 1, "vote_state": "unread"})
    db.table("votes").insert({"id": "to1-1", "agenda_item_id": 1, "position": 1, "consistent": 0, "date": "2024-05-06"})
    db.table("files").insert_all(
        [
            {"id": "do1", "text_source": "embedded", "text": "x", "checked_at": ago(days=1)},
            {"id": "do2", "text_source": "none", "checked_at": ago(days=1)},
            {"id": "do3", "problem": "3 von 40 Seiten <kaputt>", "checked_at": ago(days=1)},
            {"id": "do5", "problem": "1 von 2 Seiten <kaputt>", "checked_at": ago(days=1)},
            {"id": "do4"},
        ]
    )
    close(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


async def get(site: Datasette, path: str) -> str:
    answer = await site.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[-600:])
    return str(answer.text)


async def test_a_monitor_reads_the_whole_state(site):
    found = json.loads(await get(site, "/status.json"))
    assert (found["state"], found["reasons"]) == ("ok", []) and 4.9 < found["age_hours"] < 5.5
    assert "erfunden" in found["notice"]
    (run,) = found["runs"]
    assert (run["rows_added"], run["good"]) == (900, True)
    assert run["checks"] == [{"check": "integrity", "label": "Datei unbeschädigt", "passed": True, "found": ""}]
    assert found["pages"] == {"pages": 105, "unread": 0, "errors": 1, "not_public": 1}
    kinds = {kind["kind"]: kind for kind in found["pages_by_kind"]}
    assert list(kinds) == ["to020", "vo020"] and kinds["vo020"]["label"] == "Vorlagen"
    assert kinds["vo020"]["median"] == kinds["vo020"]["oldest"][:10] == "2026-01-01"
    assert {row["reason"]: row["pages"] for row in found["errors_by_reason"]} == {"not_understood": 1, "not_public": 1}
    assert [row["error"] for row in found["latest_errors"]] == ["not understood, expected <b>"]
    assert found["unknown_phrases"]["results"] == 1
    assert found["votes"] == {"unread": 1, "inconsistent": 1}
    assert (found["files"]["files"], found["files"]["with_text"]) == (5, 1)
    reasons = {row["label"]: row["files"] for row in found["files"]["without_text"]}
    assert reasons == {"kein Text im Dokument": 1, "… von … Seiten <kaputt>": 2, "noch nicht geladen": 1}
    assert {"year": "2024", "meetings": 1, "agenda_items": 1, "papers": 0, "votes": 1} in found["growth_by_year"]


async def test_removals_are_counted_and_nothing_of_them_is_told(site):
    page, data = await get(site, "/status"), await get(site, "/status.json")
    assert "4711" not in page and "4711" not in data
    assert json.loads(data)["removals"]["by_month"] == [
        {"month": "2026-03", "kind": "to020", "pages": 1, "label": "Tagesordnungspunkte"}
    ]


async def test_people_read_the_same_in_german(site):
    html = await get(site, "/status")
    page = lxml.html.fromstring(html)
    words = " ".join(page.xpath("//main")[0].text_content().split())
    for said in ("Zustand: in Ordnung", "anders aufgebaut als bekannt", "03.2026", "1 von 1 Prüfung bestanden"):
        assert said in words, said
    assert "Seiten &lt;kaputt&gt;" in html
    footer = page.xpath("//footer[@class='fuss']//a/@href")
    assert "/status" in footer and "/aenderungen" in footer
    for link in page.xpath("//h2[@id='gelesen']/following-sibling::ul[1]//a/@href"):
        await get(site, link)


async def test_the_answer_is_quick_and_made_anew_by_the_clock(site, monkeypatch):
    first = json.loads(await get(site, "/status.json"))
    begun = time.perf_counter()
    for _ in range(20):
        await get(site, "/status.json")
    assert (time.perf_counter() - begun) / 20 < 0.05

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=40))
    later = json.loads(await get(site, "/status.json"))
    assert (first["state"], later["state"]) == ("ok", "warning")  # though the database is the same
