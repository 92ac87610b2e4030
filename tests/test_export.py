"""Taking the data along: what comes is complete, says what it is, and costs no memory, through real HTTP."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from http.client import IncompleteRead
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
import yaml
from conftest import ROOT, configuration, served, started_with
from datasette.app import Datasette
from embedding_town import fill
from frictionless import Package

from ratsdaten.database import close, connect
from ratsdaten.export.download import Download
from ratsdaten.export.forms import FORMS, excel_cell
from ratsdaten.export.reading import reading
from ratsdaten.export.tables import INDEX

TABLES = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["plugins"]["towns"]["tables"]
TABLES = {name: entry for name, entry in TABLES.items() if name not in INDEX}
PAPERS, ITEMS = 2500, 12_000
#: Texts of a hostile or careless source, all invented.
ODD = [
    "=HYPERLINK(\"http://evil.example\";\"hier\")", "+49 1234", "-", "@SUM(A1)", "\t=1+1", "＝1",
    'Straße; „Brücke", \'Weg\'', "zwei\nZeilen", "2.1", "01.02.", "2021/04", "0402", "😀 Ä", "a\0b",
    "x" * 40_000, " ", "NULL",
]  # fmt: skip
SELECTION = "select id, name from papers where id <= 2000 order by name desc"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site: its database no longer changes (inspect-data.json)."""
    folder = tmp_path_factory.mktemp("export")
    db = connect(configuration(folder))
    fill(db)
    names = [*ODD, *(f"Vorlage {number}" for number in range(len(ODD), PAPERS))]
    db.table("papers").insert_all(
        {"id": number, "reference": f"2024/{number:04}", "name": name, "date": "2024-05-06", "paper_type": "Antrag"}
        for number, name in enumerate(names, 1)
    )
    text = "Der Rat beschließt den „Radweg“. " * 120  # 4 kB, some 50 MB in all
    db.table("agenda_items").insert_all(
        {"id": number, "meeting_id": 99001, "public": 1, "name": f"Punkt {number}", "minutes_text": text}
        for number in range(1, ITEMS + 1)
    )
    close(db)
    subprocess.run(
        [sys.executable, "-m", "datasette", "inspect", "demo.db", "--inspect-file", "inspect-data.json"],
        cwd=folder, check=True,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def address(folder: Path):
    with served(folder) as found:
        yield "http://127.0.0.1:" + found.rpartition(":")[2]


@pytest.fixture(scope="module")
def database(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{folder / 'demo.db'}?mode=ro", uri=True)


def get(address: str, path: str, **headers: str) -> bytes:
    with urlopen(Request(address + path, headers=headers)) as answer:
        return answer.read()


def read_csv(content: bytes, **how: str) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), **how))


def as_text(rows) -> list[list[str]]:
    return [["" if value is None else str(value) for value in row] for row in rows]


@pytest.mark.parametrize("table", ["papers", "votes", "vote_counts", "meeting_files"])
def test_a_whole_table_in_every_form(address, database, table):
    cursor = database.execute(f'select * from "{table}"')
    columns, rows = [column[0] for column in cursor.description], cursor.fetchall()
    assert read_csv(get(address, f"/daten/{table}.csv")) == [columns, *as_text(rows)]
    assert len(read_csv(get(address, f"/daten/{table}.excel.csv"), delimiter=";")) == len(rows) + 1
    objects = [dict(zip(columns, row)) for row in rows]
    assert json.loads(get(address, f"/daten/{table}.json")) == objects
    assert [json.loads(line) for line in get(address, f"/daten/{table}.jsonl").decode().split("\n")[:-1]] == objects


def test_excel_reads_what_is_written_and_runs_nothing(address):
    content = get(address, "/daten/papers.excel.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = read_csv(content, delimiter=";")
    name = lines[0].index("name")
    cells = [line[name] for line in lines[1 : len(ODD) + 1]]
    assert all(len(line) == len(lines[0]) for line in lines)
    assert not any(re.match(r"\s*[=+\-@＝]", cell) for line in lines for cell in line)
    assert cells[2] == "'-" and cells[6:8] == ODD[6:8] and cells[8:12] == [f"'{text}" for text in ODD[8:12]]
    assert len(cells[14]) < 32_767 and "gekürzt" in cells[14]


@pytest.mark.parametrize(
    ("value", "cell"),
    [(-3, -3), (2.5, "2,5"), (None, None), ("2024-05-06", "2024-05-06"), ("2021/0402", "2021/0402"), ("17:00", "17:00"),
     ("2.1", "'2.1"), ("1.234", "'1.234"), ("-5", "'-5"), ("Ö 2.1", "Ö 2.1"), (b"\x00\xff", "00ff"), ("", "")],
)  # fmt: skip
def test_a_cell_for_excel(value, cell):
    assert excel_cell(value) == cell


def test_datasettes_tables_come_complete_with_filter_order_and_labels(address, database):
    expected = database.execute("select id from papers where paper_type = 'Antrag' order by name desc, id").fetchall()
    assert len(expected) > 2000
    for query in ("paper_type=Antrag&_sort_desc=name", "paper_type=Antrag&_sort_desc=name&_size=max&_dl=1&_stream=1"):
        lines = read_csv(get(address, f"/demo/papers.csv?{query}"))
        place = lines[0].index("id")
        assert [line[place] for line in lines[1:]] == [str(key) for (key,) in expected]
    named = read_csv(get(address, "/demo/agenda_items.csv?_labels=on&_size=max&_col=meeting_id&id__lte=2000"))
    assert named[0][:3] == ["id", "meeting_id", "meeting_id_label"]
    assert len(named) == 2001 and named[1][1] == "99001" and named[1][2]
    assert len(read_csv(get(address, "/demo/papers.csv?_size=10"))) == 11
    assert len(read_csv(get(address, "/demo/papers.excel.csv?id__gt=1500"), delimiter=";")) == PAPERS - 1500 + 2


def test_queries_come_complete(address, database):
    rows = as_text(database.execute(SELECTION))
    assert len(rows) == 2000
    assert read_csv(get(address, f"/demo.csv?sql={quote(SELECTION)}"))[1:] == rows
    assert get(address, f"/demo.jsonl?sql={quote(SELECTION)}").count(b"\n") == 2000
    ballot = json.loads(get(address, "/demo/abstimmung.json?abstimmung=to990001-1&_shape=array"))
    assert [line[0] for line in read_csv(get(address, "/demo/abstimmung.csv?abstimmung=to990001-1"))[1:]] == [
        row["abstimmung"] for row in ballot
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/daten/nichts.csv", 404), ("/daten/papers.pdf", 404), ("/daten/nichts.zip", 404), ("/daten/nichts", 404),
     ("/demo/nichts.csv", 404), ("/demo/papers.csv?_sort=nichts", 400), ("/demo.csv?sql=drop+table+papers", 400),
     ("/demo.csv?sql=select+nichts", 400), ("/demo.csv", 400), ("/demo.jsonl?sql=", 400),
     ("/demo/papers.csv?_size=-1", 400), ("/demo/papers.csv?_next=%00&_where=1=", 400), ("/daten/papers%00.csv", 404),
     ("/daten/%22%3E%3Cscript%3E.csv", 404)],
)  # fmt: skip
def test_what_cannot_be_had_is_said(address, path, status):
    with pytest.raises(HTTPError) as refused:
        get(address, path)
    assert refused.value.code == status
    assert "<script>" not in refused.value.read().decode()


def test_files_are_only_read(address):
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(address + "/daten/papers.csv", method="POST"))
    assert refused.value.code == 405
    with urlopen(Request(address + "/daten/papers.csv", method="HEAD")) as answer:
        assert answer.read() == b"" and "papers.csv" in answer.headers["Content-Disposition"]
        etag = answer.headers["ETag"]
    with pytest.raises(HTTPError) as known:
        get(address, "/daten/papers.csv", **{"If-None-Match": etag})
    assert known.value.code == 304


def test_the_zip_is_a_valid_data_package_of_all_tables(address, database, tmp_path):
    (tmp_path / "demo.zip").write_bytes(get(address, "/daten/demo.zip"))
    with zipfile.ZipFile(tmp_path / "demo.zip") as files:
        assert files.testzip() is None
        assert files.read("datapackage.json") == get(address, "/daten/datapackage.json")
        files.extractall(tmp_path)
    assert {path.stem for path in tmp_path.glob("*.csv")} == set(TABLES)
    for name in ("papers", "agenda_items"):  # the validator would take minutes for all of these
        lines = read_csv((tmp_path / f"{name}.csv").read_bytes())
        assert len(lines) == database.execute(f"select count(*) from {name}").fetchone()[0] + 1
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(lines[:1] + lines[-100:])
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:5]


@pytest.mark.parametrize("path", ["/abstimmungen", "/sitzungen", "/vorlagen", "/gremien", "/daten", "/top/990001"])
def test_every_list_of_ours_is_there_for_excel(address, path):
    assert f'href="{path}.excel.csv"' in get(address, path).decode()
    plain, excel = get(address, f"{path}.csv"), get(address, f"{path}.excel.csv")
    assert excel.startswith(b"\xef\xbb\xbf")
    read = read_csv(excel.removeprefix(b"\xef\xbb\xbf"), delimiter=";")
    assert read == [[str(excel_cell(value)) for value in row] for row in read_csv(plain)]
    assert len(read) > 1 and len(read[0]) > 1


def test_the_package_tells_types_keys_and_meaning(address, database):
    package = json.loads(get(address, "/daten/datapackage.json"))
    found = {resource["name"]: resource for resource in package["resources"]}
    assert set(found) == set(TABLES)
    assert "licenses" not in package  # the source states none
    for name, resource in found.items():
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert list(fields) == list(TABLES[name]["columns"])
        assert [field["description"] for field in fields.values()] == [
            text.strip() for text in TABLES[name]["columns"].values()
        ]
        keys = {row[3]: row[2] for row in database.execute(f"pragma foreign_key_list({name})")}
        assert keys == {
            key["fields"]: key["reference"]["resource"] for key in resource["schema"].get("foreignKeys", [])
        }
    assert found["vote_counts"]["schema"]["primaryKey"] == ["vote_id", "group_name"]
    assert {field["name"]: field["type"] for field in found["meetings"]["schema"]["fields"]}["date"] == "date"


def test_memory_stays_flat_and_nothing_is_missing(address, folder):
    mine = str(folder).encode()
    (server,) = [
        process for process in Path("/proc").glob("[0-9]*")
        if process.name != str(os.getpid()) and mine in started_with(process)
    ]  # fmt: skip

    def peak() -> int:
        return int(re.search(r"VmHWM:\s+(\d+)", (server / "status").read_text()).group(1)) // 1024

    get(address, "/daten/votes.csv")
    (server / "clear_refs").write_text("5")  # the peak starts anew
    before = peak()
    sizes = [len(get(address, f"/{path}")) for path in ("daten/agenda_items.csv", "demo/agenda_items.csv", "demo.db")]
    assert min(sizes) > 45_000_000
    assert peak() - before < 20


def test_a_download_that_breaks_off_is_known_to_be_incomplete(address):
    sql = """with recursive n(i) as (select 1 union all select i + 1 from n limit 200000)
             select i, json(iif(i = 190000, '{', '"Ein Text, damit es mehrere Stücke werden"')) from n"""
    with pytest.raises(IncompleteRead):
        get(address, f"/demo.csv?sql={quote(sql)}")


def test_a_file_shows_one_state_whatever_is_written_meanwhile(tmp_path):
    db = connect(configuration(tmp_path))
    db.table("papers").insert_all({"id": number} for number in range(5000))
    datasette = Datasette(config_dir=tmp_path)
    with reading(datasette, datasette.get_database("demo")) as conn:
        pieces = FORMS["jsonl"].write(["id"], conn.execute("select id from papers"))
        rest = conn.execute("select count(*) from papers")
        db.table("papers").delete_where("id > 100")
        assert sum(piece.count(b"\n") for piece in pieces) == 5000
        assert rest.fetchone()[0] == 5000
    close(db)


async def test_a_reader_who_leaves_ends_the_work():
    made, closed = [], asyncio.Event()
    loop = asyncio.get_running_loop()

    def endless():
        try:
            while True:
                made.append(1)
                yield b"x"
        finally:
            loop.call_soon_threadsafe(closed.set)

    class Gone:
        path = "/daten/endlos.csv"

        @staticmethod
        async def receive():
            return {"type": "http.disconnect"}

    class Start:
        status, content_type = 200, "text/csv"
        headers: dict[str, str] = {}  # noqa: RUF012

    async def send(_):
        await asyncio.sleep(0)

    await asyncio.wait_for(Download(Start(), b"x", endless(), Gone()).asgi_send(send), 5)
    if made:
        await asyncio.wait_for(closed.wait(), 5)
    assert len(made) < 10


def examples(page: str, language: str) -> list[str]:
    return [html.unescape(code) for code in re.findall(rf'<code class="sprache-{language}">(.*?)</code>', page, re.S)]


def test_the_examples_of_the_page_work_as_printed(address, database, tmp_path):
    page = get(address, "/daten").decode()
    (sql,) = examples(page, "sql")
    expected = database.execute(sql).fetchall()
    assert expected
    (link,) = re.findall(r'href="(/demo\?sql=[^"]+)"', page)
    assert json.loads(get(address, html.unescape(link).replace("?", ".json?") + "&_shape=arrays"))["rows"] == [
        list(row) for row in expected
    ]
    outputs = [
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for code in examples(page, "python")
    ]
    assert outputs[0] == "2024 4\n" and len(outputs) == 2 and "2024-05-06" in outputs[1]
    (selection,) = examples(page, "adresse")
    assert len(read_csv(get("", selection))) == 5


def test_the_page_lists_every_table_with_its_rows_and_links_that_work(address, database):
    page = get(address, "/daten").decode()
    for name, entry in TABLES.items():
        assert f'id="{name}"' in page and html.escape(entry["title"], quote=False) in page
    rows = {row["name"]: int(row["rows"]) for row in csv.DictReader(io.StringIO(get(address, "/daten.csv").decode()))}
    assert rows == {name: database.execute(f'select count(*) from "{name}"').fetchone()[0] for name in TABLES}
    links = {html.unescape(link).partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', page)}
    assert {"/demo.db", "/daten/demo.zip", "/daten/papers.excel.csv"} <= links
    wrong = []
    for link in links:
        with urlopen(Request(address + link, method="HEAD" if link.startswith("/daten/") else "GET")) as answer:
            wrong += [link] if answer.status != 200 else []
    assert wrong == []


async def test_where_the_file_may_change_the_page_says_what_to_take_instead(tmp_path):
    close(connect(configuration(tmp_path)))
    datasette = Datasette(config_dir=tmp_path)
    page = (await datasette.client.get("/daten")).text
    assert "/demo.db" not in page and "Die SQLite-Datei selbst gibt es" in page
    assert (await datasette.client.get("/daten/demo.zip")).content.startswith(b"PK")
