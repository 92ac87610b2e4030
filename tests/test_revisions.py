"""What the source changed silently: on records' pages, /aenderungen, /aenderung/<id>, in the feed. All invented."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import time

import feedparser
import lxml.html
import pytest
import pytest_asyncio
from conftest import configuration
from datasette.app import Datasette

from ratsdaten.database import close, connect
from ratsdaten.site.comparison import compare
from ratsdaten.site.page import rows
from ratsdaten.site.revisions import all_revisions, between, pairs

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEEN = {"source_url": "http://127.0.0.1/allris/to020.asp?TOLFDNR=1", "fetched_at": "2025-01-02T03:04:05+00:00"}
LONG = " ".join(f"Wort{n}" for n in range(300))
MINUTES = [f"{LONG} <script>alert(1)</script> & alt. {LONG}", f"{LONG} <b>neu</b> & besser. {LONG}"]
MALFORMED = [
    *("", "{", "[]", "null", '{"name": 5}', '{"name": ["a"]}', '{"name": [{}, []]}', '{"name": ["\\ud800", NaN]}'),
    *("[" * 5000, '{"name": [1e999, 123456789012345678901234567890]}', '{"paper_id": ["\\ud800", 1]}', b"\xff\xfe"),
]

ROWS = {
    "organizations": [{"id": "au5", "name": "Verkehrsausschuss", "organization_type": "Ausschuss", **SEEN}],
    "persons": [{"id": 7, "name": "Petra Erfunden", **SEEN}],
    "memberships": [{"id": 1, "person_id": 7, "organization_id": "au5", **SEEN}],
    "meetings": [{"id": 10, "organization_id": "au5", "name": "Ausschuss", "date": "2021-06-08", "room": "12", **SEEN}],
    "papers": [
        {"id": 77, "reference": "2021/0402", "slug": "2021/0402", "name": "Radweg", **SEEN},
        {"id": 78, "reference": "2021/0403", "slug": "2021/0403", "name": "Kanal", **SEEN},
    ],
    "agenda_items": [
        {"id": 1, "meeting_id": 10, "position": 1, "public": 1, "name": "Radweg bauen", "minutes_text": MINUTES[1],
         "result": "beschlossen", **SEEN},
        {"id": 2, "meeting_id": 10, "position": 2, "public": 0, "name": None, **SEEN},
        {"id": 3, "meeting_id": 10},  # withdrawn, but a paper still names it
        {"id": 4, "meeting_id": 10, "position": 3, "public": 1, "name": "Von anderswo", **SEEN},
    ],
    "consultations": [{"id": "vo77-1", "paper_id": 77, "organization_id": "au5", "date": "2021-06-08", **SEEN}],
    "files": [{"id": "do5", "name": "Lageplan", **SEEN}],
    "revisions": [
        {"table_name": table, "row_id": row, "observed_at": f"2025-03-{day:02}T22:30:00+00:00", "changed": changed}
        for day, (table, row, changed) in enumerate([
            ("agenda_items", "1",
             {"minutes_text": MINUTES, "minutes_html": ["x", "y"], "result": ["vertagt", "beschlossen"]}),
            ("meetings", "10", {"room": ["104", "12"], "cancelled": [1, 0], "date": ["2021-06-09", "2021-06-08"]}),
            ("agenda_items", "2", {"name": ["Geheim: Grundstück", None], "public": [1, 0]}),
            ("agenda_items", "3", {"minutes_text": ["Zurückgezogen", None]}),
            ("papers", "99", {"text": ["Zurückgezogen", "auch"]}),
            ("papers", "77", {"text_html": ["<p>a</p>", "<b>a</b>"], "lead": [None, "FB 53"], "slug": ["a", "b"]}),
            ("consultations", "vo77-1", {"result": [None, "empfohlen"], "agenda_item_id": [None, 1]}),
            ("persons", "7", {"family_name": ["Erfunden", "Neu"]}),
            ("memberships", "1", {"role": ["Mitglied", "Vorsitz"]}),
            ("organizations", "au5", {"name": ["Bauausschuss", "Verkehrsausschuss"]}),
            ("files", "do5", {"size": [1000, 450000]}),
            ("unknown_table", "1", {"name": ["a", "b"]}),
        ], 1)
    ],
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    folder = tmp_path_factory.mktemp("site")
    db = connect(configuration(folder))
    for table, found in ROWS.items():
        for row in found:
            if isinstance(row.get("changed"), dict):
                row = row | {"changed": json.dumps(row["changed"])}
            db.table(table).insert(row)
    for changed in MALFORMED:
        db.table("revisions").insert(
            {"table_name": "agenda_items", "row_id": "4", "observed_at": "2025-01-01", "changed": changed}
        )
    close(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


async def get(site: Datasette, path: str, status: int = 200) -> str:
    answer = await site.client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.text[-600:])
    return str(answer.text)


async def listed(site: Datasette, query: str = "") -> list[tuple[str, str]]:
    found = json.loads(await get(site, f"/aenderungen.json{query}"))["changes"]
    return [(change["table_name"], change["row_id"]) for change in found if change["row_id"] != "4"]


# ---- side by side ------------------------------------------------------------------------------


def said(pieces) -> list[tuple[str, object]]:
    return [(piece.kind, piece.words or piece.text) for piece in pieces]


async def test_words_are_compared_and_what_is_the_same_is_folded():
    old, new = compare("am 3. Mai um 17 Uhr", "am 4. Mai um 18 Uhr")
    assert said(old) == [
        *(("same", "am "), ("changed", "3. "), ("same", "Mai um "), ("changed", "17 "), ("same", "Uhr")),
    ]
    assert "".join(piece.text for piece in new) == "am 4. Mai um 18 Uhr"
    old, new = compare(f"{LONG} alt {LONG}", f"{LONG} neu {LONG}")
    assert [kind for kind, _ in said(old)] == ["folded", "same", "changed", "same", "folded"]
    assert old[0].words == 288 and new[2].text == "neu "
    assert compare(None, "neu") == ([], compare("", "neu")[1])
    (piece,) = compare("a\nb", "a b")[0]
    assert piece.kind == "same"  # only a line break


async def test_a_text_is_cut_where_there_is_no_room_and_says_so():
    (shown, cut) = compare(None, LONG, most=20)[1]
    assert len(shown.text.split()) == 20 and (cut.kind, cut.words) == ("cut", 280)


async def test_huge_texts_take_no_time():
    begun = time.perf_counter()
    compare("ja nein " * 100_000, "nein ja " * 100_000)
    compare("ja nein\n" * 7_000, "nein ja\n" * 7_000)
    assert time.perf_counter() - begun < 2


# ---- on a record's page ------------------------------------------------------------------------


async def test_an_item_shows_its_changes_side_by_side_and_escaped(site):
    html = await get(site, "/top/1")
    section = lxml.html.fromstring(html).xpath("//section[@aria-labelledby='aenderungen']")[0]
    words = " ".join(section.text_content().split())
    assert "Bemerkt am 01.03.2025, 23:30 Uhr" in words  # local time
    assert [node.text for node in section.xpath(".//dt")] == ["Vorher", "Nachher"] * 2
    assert [node.text for node in section.xpath(".//del")][-1] == "vertagt"
    assert [node.text for node in section.xpath(".//ins")][-1] == "beschlossen"
    assert "<script>alert(1)" not in html and "<del>&lt;script&gt;alert(1)&lt;/script&gt; </del>" in html
    assert section.xpath(".//details/summary[contains(., 'Wortprotokoll')]")
    assert "Wörter unverändert" in words
    assert section.xpath(".//h3/a/@href") == ["/aenderung/1"]


async def test_a_meeting_and_a_paper_show_theirs_in_words(site):
    meeting = json.loads(await get(site, "/sitzung/10.json"))
    assert [(f["label"], f["old"], f["new"]) for f in meeting["changes"][0]["fields"]] == [
        *(("Raum", "104", "12"), ("Ausfall", "ja", "nein"), ("Datum", "09.06.2021", "08.06.2021")),
    ]
    paper = json.loads(await get(site, "/vorlage/2021/0402.json"))
    assert paper["changes_total"] == 2
    consultation, own = paper["changes"]
    assert consultation["context"] == "Verkehrsausschuss, 08.06.2021"
    assert consultation["fields"][1]["new"] == "Radweg bauen"  # the item it refers to by number
    assert [f["label"] for f in own["fields"]] == ["Federführung"] and own["layout"] == ["Text"]
    assert "Nur anders gestaltet" in await get(site, "/vorlage/2021/0402")


async def test_what_is_not_public_any_more_is_not_told(site):
    for path in (
        "/top/2",
        "/aenderung/3",
        "/aenderungen",
        "/aenderungen.csv",
        "/aenderungen.atom",
        "/aenderung/3.json",
    ):
        assert "Geheim" not in await get(site, path)
    assert "nichtöffentlich" in await get(site, "/aenderung/3")
    for gone in (4, 5, 12):
        assert "Zurückgezogen" not in await get(site, f"/aenderung/{gone}", 404)


@pytest.mark.parametrize("path", ["/top/4", "/top/4.json", "/aenderungen", "/aenderungen.json", "/aenderungen.csv"])
async def test_a_malformed_change_of_a_foreign_file_breaks_nothing(site, path):
    await get(site, path)


async def test_only_pairs_of_plain_values_are_read():
    assert pairs('{"a": ["x", null], "b": [1, 2], "c": [1], "d": [[], 1], "e": [1.5, 2]}') == {
        "a": ("x", None),
        "b": (1, 2),
        "e": ("1.5", 2),
    }
    assert all(pairs(text) == {} for text in MALFORMED[:7] if isinstance(text, str))


# ---- all of them -------------------------------------------------------------------------------


async def test_the_list_has_the_latest_first_without_what_is_gone(site):
    assert await listed(site) == [
        *(("files", "do5"), ("organizations", "au5"), ("memberships", "1"), ("persons", "7")),
        *(("consultations", "vo77-1"), ("papers", "77"), ("agenda_items", "2"), ("meetings", "10")),
        ("agenda_items", "1"),
    ]
    page = lxml.html.fromstring(await get(site, "/aenderungen"))
    links = page.xpath("//main//ul[@class='liste']/li/a/@href")
    assert links[:2] == ["/aenderung/11", "/aenderung/10"]
    assert page.xpath("//link[@type='application/atom+xml']/@href") == ["/aenderungen.atom"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?art=sitzung", [("meetings", "10")]),
        ("?art=SITZUNG&von=2025-03-02&bis=03.03.2025", [("meetings", "10")]),
        ("?von=2025-03-11&art=dokument", [("files", "do5")]),
        ("?bis=2025-03-01", [("agenda_items", "1")]),
        ("?bis=2024", []),
    ],
)
async def test_the_list_is_filtered_by_kind_and_by_local_days(site, query, found):
    assert await listed(site, query) == found


async def test_what_is_not_offered_is_said(site):
    page = await get(site, "/aenderungen?art=quatsch&von=gestern&bis=2025-13&seite=900000")
    assert page.count('class="problem"') == 4


async def test_periods_are_local_days():
    assert between("2025-03", "2025-03-30") == ("2025-02-28T23:00:00+00:00", "2025-03-30T22:00:00+00:00")
    assert between("2025", "9999") == ("2024-12-31T23:00:00+00:00", "~")
    assert between("", "2024-12") == ("", "2024-12-31T23:00:00+00:00")


async def test_a_change_has_its_page_and_a_table(site):
    page = await get(site, "/aenderung/2")
    assert "noindex" in page and 'href="/sitzung/10"' in page and "Ausfall" in page
    (first, *_) = csv.DictReader(io.StringIO(await get(site, "/aenderung/1.csv")))
    assert first["field"] == "Wortprotokoll" and first["old"] == MINUTES[0]
    (short,) = [
        row
        for row in csv.DictReader(io.StringIO(await get(site, "/aenderungen.csv")))
        if row["field"] == "Wortprotokoll"
    ]
    assert short["old"].endswith("…") and len(short["old"]) < 400
    for path in ("/aenderung/0", "/aenderung/abc", "/aenderung/99999999999999999999"):
        await get(site, path, 404)


async def test_the_feed_tells_of_silent_changes(site):
    feed = feedparser.parse(await get(site, "/aenderungen.atom?art=sitzung"))
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.link.endswith("/aenderung/2") and entry.updated == "2025-03-02T22:30:00+00:00"
    assert "Raum: bisher 104, jetzt 12" in entry.summary
    assert len(feedparser.parse(await get(site, "/aenderungen.atom")).entries) > 9


async def test_the_list_stays_quick_with_many(tmp_path):
    db = connect(tmp_path / "demo.db")
    db.table("agenda_items").insert_all({"id": n, "name": f"Punkt {n}", **SEEN} for n in range(1000))
    db.table("revisions").insert_all(
        {"table_name": "agenda_items", "row_id": str(n % 1000), "observed_at": f"2025-{n:06}", "changed": "{}"}
        for n in range(100_000)
    )
    close(db)
    conn = sqlite3.connect(tmp_path / "demo.db")
    for arguments in ({}, {"art": "top"}, {"von": "2020"}, {"seite": "3000"}):
        begun = time.perf_counter()
        assert len(all_revisions(conn, "", arguments).data["changes"]) == 30
        assert time.perf_counter() - begun < 0.5
    plan = conn.execute(
        "explain query plan select id from revisions where table_name = 'a' and row_id = 'b'"
    ).fetchone()
    assert "revisions_row" in plan[3] and rows(conn, "revisions_of_row", table_name="agenda_items", row_id="5")
