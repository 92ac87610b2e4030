"""Real ALLRIS pages, served over HTTP and crawled as a user would: the database holds every expected fact."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import crawl, serve

Query = Callable[..., list[dict]]


@pytest.fixture(scope="module")
def expected(real_pages: Path) -> dict[str, dict]:
    return json.loads((real_pages / "expected.json").read_text("utf-8"))["pages"]


@pytest.fixture(scope="module")
def databases(
    real_pages: Path, expected: dict[str, dict], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Query]:
    """One crawl with ``urls=`` per town; each page of the town in it."""
    towns: dict[str, dict[str, bytes]] = {}
    for facts in expected.values():
        parts = urlsplit(facts["url"])
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        towns.setdefault(facts["instance"], {})[path] = (real_pages / facts["page"]).read_bytes()
    found = {}
    for town, bodies in towns.items():
        database = tmp_path_factory.mktemp(town) / "town.db"
        with serve(bodies) as server:
            base = server + next(iter(bodies)).rpartition("/")[0] + "/"
            run = crawl(base, database, urls=",".join(server + path for path in bodies))
        assert run.returncode == 0, run.stderr
        connection = sqlite3.connect(database)
        connection.row_factory = sqlite3.Row
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        found[town] = lambda sql, *values, c=connection: [dict(row) for row in c.execute(sql, values)]
    return found


def pages_of(*kinds: str) -> list[str]:
    folder = Path(__file__).parents[2] / "shared" / "allris" / "pages" / "expected.json"
    if not folder.exists():
        return []
    pages = json.loads(folder.read_text("utf-8"))["pages"]
    return [name for name, facts in pages.items() if facts["kind"] in kinds]


def without_blanks(*texts: str | None) -> str:
    return hashlib.sha1(re.sub(r"\s", "", "".join(text or "" for text in texts)).encode()).hexdigest()


def organization_id(committee: dict) -> str:
    return {"AULFDNR": "au", "PALFDNR": "pa", "FRLFDNR": "fr"}[committee["id_param"]] + str(committee["id"])


def check_meeting(query: Query, number: int, facts: dict) -> None:
    [row] = query(
        "SELECT m.*, o.name AS body FROM meetings m JOIN organizations o ON o.id = organization_id WHERE m.id = ?",
        number,
    )
    assert (row["organization_id"], row["body"]) == (organization_id(facts["committee"]), facts["committee"]["name"])
    fields = {"date": "date", "status": "status", "occasion": "occasion", "location": "location"}
    fields |= {"room": "room", "start_time": "start", "end_time": "end"}
    assert {c: row[c] for c in fields if facts[fields[c]]} == {c: facts[f] for c, f in fields.items() if facts[f]}


@pytest.mark.parametrize("name", pages_of("to010"))
def test_agenda(name: str, expected: dict[str, dict], databases: dict[str, Query]) -> None:
    facts = expected[name]
    query = databases[facts["instance"]]
    number = int(facts["url"].partition("SILFDNR=")[2])
    check_meeting(query, number, facts)
    if facts["name"]:
        assert query("SELECT name FROM meetings WHERE id = ?", number) == [{"name": facts["name"]}]
    rows = query(
        """SELECT i.id, number, public, supplement, i.name, result, paper_id, reference
             FROM agenda_items i LEFT JOIN papers p ON p.id = paper_id
            WHERE meeting_id = ? AND position IS NOT NULL ORDER BY position""",
        number,
    )
    assert rows == [
        {
            "id": item["tolfdnr"],
            "number": item["number"],
            "public": int(item["public"]),
            "supplement": int(item["supplement"]),
            "name": item["title"],
            "result": item["result"],
            "paper_id": item["paper"] and item["paper"]["volfdnr"],
            "reference": item["paper"] and item["paper"]["reference"],
        }
        for item in facts["agenda"]
    ]
    files = query("SELECT f.* FROM files f JOIN meeting_files ON file_id = f.id WHERE meeting_id = ?", number)
    titles = {f"do{d['dolfdnr']}": re.sub(r" \(Öffnet.*", "", d["title"]) for d in facts["documents"]}
    assert {file["id"]: file["name"] for file in files} == titles


@pytest.mark.parametrize("name", pages_of("to020"))
def test_excerpt(name: str, expected: dict[str, dict], databases: dict[str, Query]) -> None:
    facts = expected[name]
    query = databases[facts["instance"]]
    check_meeting(query, facts["meeting"]["silfdnr"], facts)
    [row] = query("SELECT * FROM agenda_items WHERE id = ?", int(facts["url"].partition("TOLFDNR=")[2]))
    assert row["meeting_id"] == facts["meeting"]["silfdnr"]
    for column, fact in {"number": "number", "public": "public", "name": "title", "result": "result"}.items():
        assert row[column] == facts[fact], column
    for code, column in {"WP": "minutes", "BS": "resolution", "AE": "vote"}.items():
        section = facts["sections"].get(code)
        assert bool(row[f"{column}_text"]) == bool(section and not section["empty"]), code
        if row[f"{column}_text"]:
            assert without_blanks(row[f"{column}_text"]) == section["sha1_nospace"]
            assert row[f"{column}_html"].count("<table") == section["tables"]
            assert "style=" not in row[f"{column}_html"] and "class=" not in row[f"{column}_html"]
    paper = facts["paper"]
    assert row["paper_id"] == (paper and paper["volfdnr"])
    if paper:
        [stored] = query("SELECT * FROM papers WHERE id = ?", paper["volfdnr"])
        columns = {"reference": "reference", "name": "title", "status": "status", "paper_type": "kind", "lead": "lead"}
        assert {c: stored[c] for c in columns} == {c: paper[f] for c, f in columns.items()}
        assert stored["author"] == paper["author"]


@pytest.mark.parametrize("name", pages_of("vo020"))
def test_paper(name: str, expected: dict[str, dict], databases: dict[str, Query]) -> None:
    facts = expected[name]
    query = databases[facts["instance"]]
    number = int(facts["url"].partition("VOLFDNR=")[2])
    [row] = query("SELECT * FROM papers WHERE id = ?", number)
    columns = {
        "reference": "reference",
        "name": "subject",
        "status": "status",
        "paper_type": "paper_kind",
        "lead": "lead",
    }
    assert {c: row[c] for c in columns} == {c: facts[f] for c, f in columns.items()}
    assert row["author"] == ("; ".join(facts["authors"]) or None)
    hashes = [section["sha1_nospace"] for section in facts["sections"].values() if not section["empty"]]
    parts = re.findall(r'<section id="(\w\w)">(.*?)</section>', row["text_html"], re.S)
    assert [code for code, _ in parts] == [code for code, s in facts["sections"].items() if not s["empty"]]
    if len(hashes) == 1:
        assert without_blanks(row["text"]) == hashes[0]
    for section in facts["sections"].values():
        flat = " ".join(row["text"].split())
        assert section["first80"] in flat and section["last80"].strip() in flat

    lines = query("SELECT * FROM consultations WHERE paper_id = ? ORDER BY id", number)
    empty = {"date": None, "meeting_id": None, "tolfdnr": None, "result": None}
    assert [
        (c["organization_name"], c["role"], c["status"], c["date"], c["meeting_id"], c["agenda_item_id"], c["result"])
        for c in lines
    ] == [
        (c["committee"], c["role"], s.get("status", c["status"]), s["date"], s["meeting_id"], s["tolfdnr"], s["result"])
        for c in facts["consultations"]
        for s in (c["sessions"] or [empty])
    ]
    files = query(
        "SELECT f.* FROM files f JOIN paper_files ON file_id = f.id WHERE paper_id = ? ORDER BY f.number", number
    )
    assert {f["id"] for f in files if f["id"].startswith("do")} == {f"do{d['dolfdnr']}" for d in facts["documents"]}
    attachments = [f for f in files if f["id"].startswith("vo")]
    assert [(f["name"], f["number"]) for f in attachments] == [(a["name"], a["number"]) for a in facts["attachments"]]
    for file, fact in zip(attachments, facts["attachments"], strict=True):
        day, _, time = fact["timestamp"].partition(" ")
        assert file["modified"] == f"{'-'.join(reversed(day.split('.')))}T{time}"
        figure, unit = fact["size_raw"].split()
        assert file["size"] == round(float(figure.replace(",", ".")) * 1024 ** ["B", "KB", "MB"].index(unit))


@pytest.mark.parametrize("name", pages_of("au020", "fr020", "pa020"))
def test_roster(name: str, expected: dict[str, dict], databases: dict[str, Query]) -> None:
    facts = expected[name]
    query = databases[facts["instance"]]
    number = facts["kind"][:2] + facts["url"].rpartition("=")[2]
    assert query("SELECT name FROM organizations WHERE id = ?", number) == [{"name": facts["name"]}]
    rows = query(
        """SELECT person_id AS kplfdnr, coalesce(p.name, m.name) AS name, role, affiliation
             FROM memberships m LEFT JOIN persons p ON p.id = person_id WHERE organization_id = ? ORDER BY m.id""",
        number,
    )
    assert rows == facts["members"]


@pytest.mark.parametrize("name", pages_of("si010"))
def test_calendar(name: str, expected: dict[str, dict], databases: dict[str, Query]) -> None:
    facts = expected[name]
    rows = databases[facts["instance"]]("SELECT * FROM meetings")
    stored = {row["id"]: row for row in rows}
    for entry in facts["entries"]:
        row = stored[entry["silfdnr"]]
        assert (row["name"], row["date"], row["room"]) == (entry["name"], entry["date"], entry["room"])
        assert (row["start_time"], row["end_time"]) == (entry["start"], entry["end"])
        assert row["cancelled"] == entry["cancelled"]


def test_paper_list(expected: dict[str, dict], databases: dict[str, Query]) -> None:
    facts = expected["hhnord_extra-vo040"]
    rows = databases["hamburg_nord"]("SELECT id, reference, name, date, paper_type FROM papers")
    assert {row["id"]: row for row in rows} == {
        r["volfdnr"]: {
            "id": r["volfdnr"],
            "reference": r["reference"],
            "name": r["subject"],
            "date": r["date"],
            "paper_type": r["paper_kind"],
        }
        for r in facts["rows"]
    }


def test_group_list(expected: dict[str, dict], databases: dict[str, Query]) -> None:
    rows = databases["hamburg_nord"]("SELECT id, name, end_date FROM organizations WHERE id LIKE 'fr%'")
    assert sorted((row["id"], row["name"], row["end_date"]) for row in rows) == sorted(
        (f"fr{r['id']}", r["name"], r["ended"]) for r in expected["hhnord_extra-fr010"]["rows"]
    )


def test_no_employee_is_stored(databases: dict[str, Query], real_pages: Path) -> None:
    """Whoever stands after Bearbeiter/-in, and Verfasser where no group or elected person, is nowhere in the file."""
    text = (real_pages / "hildesheim-to020.html").read_text("utf-8")
    clerks = re.findall(r"(?:Bearbeiter/-in|Verfasser):</td><td[^>]*>\s*([^<]+?)\s*</td>", text)
    assert clerks
    dump = "\n".join(str(row) for row in databases["hildesheim"]("SELECT * FROM papers, pages"))
    assert not [name for name in clerks if name in dump]
