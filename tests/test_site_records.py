"""The pages of the records: meetings, agenda items, papers, and the old addresses. All data here are invented."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from conftest import ROOT, insert_ballot
from datasette.app import Datasette

from ratsdaten import clock
from ratsdaten.database import close, connect
from ratsdaten.site.ballots import ballot_line, unsaid
from ratsdaten.site.documents import VIEW, parted
from ratsdaten.site.papers import parts
from ratsdaten.site.rich import sections, unlabelled
from scraper.derive import derive

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEEN = {"source_url": "http://127.0.0.1/allris/to020.asp?TOLFDNR=1", "fetched_at": "2025-01-02T03:04:05+00:00"}
TODAY, TOMORROW, LATER = ((clock.today() + timedelta(days)).isoformat() for days in (0, 2, 9))
MARKUP = "Radweg <script>alert(1)</script> & „Brücke“"
LONG = "Frau Erfunden fragt nach den Kosten. " * 120

ROWS = {
    "persons": [{"id": 7, "name": "Petra Erfunden", **SEEN}],
    "organizations": [
        {"id": "pa1", "name": "Rat der Stadt Lindenrath", "organization_type": "Rat"},
        {"id": "au5", "name": "Verkehrsausschuss", "organization_type": "Ausschuss"},
    ],
    "meetings": [
        {"id": 10, "organization_id": "au5", "name": "des Verkehrsausschusses", "date": "2021-06-08", **SEEN},
        {"id": 11, "organization_id": "pa1", "name": "des Rates", "date": "2021-06-29", "start_time": "17:00",
         "room": "Ratssaal", "status": "öffentlich/nichtöffentlich", **SEEN},
        {"id": 12, "organization_id": "pa1", "name": "des Rates", "date": "2021-09-28", "cancelled": 1, **SEEN},
        {"id": 13, "organization_id": "pa1", "name": "des Rates", "date": TOMORROW, "start_time": "16:00", **SEEN},
        {"id": 14, "name": "der Jury - entfällt", "date": "2009-03-02", **SEEN},
        {"id": 15, "organization_id": "pa1", "name": "des Rates", "date": LATER, "cancelled": 1, **SEEN},
        {"id": 16, "organization_id": "pa1", "name": "des Rates", "date": TODAY, **SEEN},
    ],
    "papers": [
        {"id": 77, "reference": "2021/0402", "name": MARKUP, "paper_type": "Antrag", "author": "SPD-Fraktion",
         "lead": "FB 53", "date": "2021-06-01", "text": "Text",
         "text_html": '<section id="BV"><p>Beschlussvorschlag:</p><p>Gebaut wird.</p></section>\n'
                      '<section id="SV"><p>Weil <b>viele</b> fahren.</p></section>', **SEEN},
        {"id": 78, "reference": "2020/0007", "name": "Erste", "paper_type": "Vorlage", "date": "2020-01-07", **SEEN},
        {"id": 79, "reference": "2020/0007", "name": "Zweite", "paper_type": "Vorlage", "date": "2020-01-08", **SEEN},
        {"id": 80, "reference": "500", "name": "Nur Ziffern", "paper_type": "Vorlage", **SEEN},
    ],
    "agenda_items": [
        {"id": 9000, "meeting_id": 10, "position": 1, "number": "3", "public": 1, "name": "Radweg", "paper_id": 77,
         "result": "ungeändert beschlossen", **SEEN},
        {"id": 9001, "meeting_id": 11, "position": 1, "number": "4.1", "public": 1, "name": MARKUP, "paper_id": 77,
         "supplement": 1, "result": "geändert beschlossen", "minutes_text": LONG, "minutes_html": f"<p>{LONG}</p>",
         "resolution_html": "<p>Beschluss:</p><p>Der Radweg wird <b>gebaut</b>.</p><script>alert(1)</script>", **SEEN},
        {"id": 9002, "meeting_id": 11, "position": 2, "number": "5", "public": 1, "name": "Bericht", **SEEN},
        {"id": 9003, "meeting_id": 11, "position": 3, "number": "1", "public": 0, "name": "Grundstück", **SEEN},
        {"id": 9004, "meeting_id": 13, "position": 1, "number": "1", "public": 1, "name": "Haushalt", "paper_id": 77,
         **SEEN},
        {"id": 9005, "meeting_id": 10, "position": 2, "number": "4", "public": 1, "name": "Nur Summen",
         "result": "abgelehnt", **SEEN},
        {"id": 9006, "meeting_id": 15, "position": 1, "number": "1", "public": 1, "name": "Fällt weg", **SEEN},
        {"id": 9007, "meeting_id": 16, "position": 1, "number": "1", "public": 1, "name": "Von heute", **SEEN},
        {"id": 9008, "meeting_id": 10, "position": 3, "number": "5", "public": 1, "name": "Widerspruch", "paper_id": 78,
         "result": "beschlossen", **SEEN},
        {"id": 9009, "meeting_id": 10, "position": 4, "number": "6", "public": 1, "name": "Nicht zu lesen",
         "result": "beschlossen", "vote_text": "Mit 5 von 8 Stimmen.", **SEEN},
    ],
    "consultations": [
        {"id": "vo77-1", "paper_id": 77, "organization_name": "Verkehrsausschuss", "date": "2021-06-08",
         "role": "Vorberatung", "status": "Erledigt"},
        {"id": "vo77-2", "paper_id": 77, "organization_id": "pa1", "meeting_id": 11, "agenda_item_id": 9001,
         "date": "2021-06-29", "role": "Entscheidung", "result": "geändert beschlossen"},
        {"id": "vo77-3", "paper_id": 77, "organization_name": "Beirat", "role": "Kenntnisnahme", "status": "Geplant"},
        {"id": "vo78-1", "paper_id": 78, "organization_id": "au5", "meeting_id": 10, "agenda_item_id": 9008,
         "date": "2021-06-08", "role": "Entscheidung"},
        {"id": "vo78-2", "paper_id": 78, "organization_name": "Beirat", "date": TODAY, "role": "Kenntnisnahme"},
    ],
    "files": [
        {"id": "to9001-1", "name": "Lageplan", "mime_type": "application/pdf", "size": 460800, "page_count": 3,
         "modified": "2021-06-01T14:30:05", "text": "Erste <b>Seite</b>\fZweite\f\f", "text_source": "ocr", **SEEN},
        {"id": "to9001-2", "name": "Gutachten", "text": "\f".join(f"{n} {LONG}" for n in range(1, 101)),
         "page_count": 100, "text_source": "embedded", **SEEN},
        {"id": "to9001-3", "name": "Ohne Seiten", "text": LONG * 40, "text_source": "embedded", **SEEN},
        {"id": "si11-1", "name": "Gescannt", "text_source": "none", "problem": "Die Datei ist verschlüsselt.",
         "source_url": None},
        {"id": "do5", "name": "Vorlage", "url": "http://127.0.0.1/allris/do027.asp?DOLFDNR=5", **SEEN},
        {"id": "do9"}, {"id": "do10", "problem": "Keine PDF-Datei: Sie wird nicht gelesen."},
        {"id": "do6", "name": "Fremd", "url": "javascript:alert(1)", "source_url": None},
    ],
    "agenda_item_files": [{"agenda_item_id": 9001, "file_id": f"to9001-{n}"} for n in (1, 2, 3)],
    "paper_files": [{"paper_id": 77, "file_id": "do5"}, {"paper_id": 77, "file_id": "do6"}],
    "meeting_files": [{"meeting_id": 11, "file_id": "do5"}, {"meeting_id": 11, "file_id": "si11-1"}],
    "revisions": [
        {"id": 1, "table_name": "agenda_items", "row_id": "9001", "observed_at": "2021-08-01T10:00:00+00:00",
         "changed": json.dumps({"minutes_html": [None, "x"], "minutes_text": [None, "x"], "result": ["a", "b"]})},
        {"id": 2, "table_name": "files", "row_id": "to9001-1", "observed_at": "2021-07-01T10:00:00+00:00",
         "changed": json.dumps({"name": ["Lageplan (Entwurf)", "Lageplan"]})},
    ],
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    folder = tmp_path_factory.mktemp("site")
    fill(folder / "demo.db")
    return await started(folder)


async def started(folder: Path) -> Datasette:
    for name in ("metadata.yml", "towns.toml", "settings.json", "plugins", "templates", "static"):
        (folder / name).symlink_to(ROOT / name)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


def fill(path: Path) -> None:
    db = connect(path)
    for table, found in ROWS.items():
        for row in found:
            db.table(table).insert(row)
    groups = {"CDU": (0, 9, 1), "SPD": (12, 0, 0)}
    insert_ballot(db, "to9001-1", (5, 17, 0), {}, subject="Änderungsantrag:", source="text", raw_text="5 dafür")
    insert_ballot(
        db, "to9001-2", (12, 9, 1), groups, subject="Antrag", source="table", raw_text="dafür:\t12 <b>", unanimous=0
    )
    insert_ballot(db, "to9000-1", (None, None, None), {}, source="text", raw_text="einstimmig", unanimous=1)
    insert_ballot(db, "to9005-1", (4, 8, None), {}, source="text", raw_text="4 : 8")
    insert_ballot(db, "to9008-1", (12, 10, 1), groups, source="table", consistent=0)
    derive(db)
    close(db)


async def get(site: Datasette, path: str, status: int = 200) -> str:
    answer = await site.client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.text[-600:])
    return str(answer.text)


async def moved(site: Datasette, path: str) -> tuple[int, str]:
    answer = await site.client.get(path)
    return answer.status_code, answer.headers.get("location", "")


async def data(site: Datasette, path: str) -> dict:
    return json.loads(await get(site, f"{path}.json"))


def words(page: str) -> str:
    """What people read of a page."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


# ---- agenda items ------------------------------------------------------------------------------


async def test_an_item_shows_its_ballots_with_picture_table_and_raw_words(site: Datasette) -> None:
    page = await get(site, "/top/9001")
    read = words(page)
    for said in ("12 dafür, 9 dagegen, 1 Enthaltung", "1. Änderungsantrag", "2. Antrag", "im Original: „geändert besc"):
        assert said in read
    assert 'id="abstimmung-1"' in page and 'id="abstimmung-2"' in page
    assert 'src="/einbetten/abstimmung/to9001-2.svg?breite=640"' in page
    assert 'property="og:image" content="http://localhost/einbetten/abstimmung/to9001-2.png"' in page
    assert "SPD 12 0 0 CDU 0 9 1" in read  # as they sit
    assert "dafür:\t12 &lt;b&gt;" in page
    assert '"/einbetten?abstimmung=to9001-2"' in page


async def test_an_item_shows_resolution_minutes_paper_files_and_neighbours(site: Datasette) -> None:
    page = await get(site, "/top/9001")
    read = words(page)
    assert "<p>Der Radweg wird <b>gebaut</b>.</p>" in page and "<p>Beschluss:</p>" not in page
    assert "<summary>Wortprotokoll lesen (720 Wörter)</summary>" in page
    assert 'href="/vorlage/2021/0402"' in page and 'href="/sitzung/11"' in page
    assert "durch Nachtrag" in read and "Tagesordnungspunkt 4.1" in read
    assert "Lageplan PDF · 461 KB · 3 Seiten · auf der Originalseite" in read and 'href="/dokument/to9001-1"' in page
    assert 'href="http://127.0.0.1/allris/do027.asp?DOLFDNR=5"' in page and 'href="/dokument/do5"' in page
    assert "Nächster Punkt: 5 Bericht" in read and "Voriger Punkt" not in read
    assert "Wortprotokoll Vorher keine Angabe Nachher x Beschlussart Vorher a Nachher b" in read


async def test_foreign_text_is_never_markup(site: Datasette) -> None:
    for path in ("/top/9001", "/sitzung/11", "/vorlage/2021/0402", "/vorlagen"):
        page = await get(site, path)
        assert "<script>alert" not in page and "javascript:" not in page
        assert "&lt;script&gt;alert(1)" in page


async def test_a_figure_nobody_names_is_never_a_nought(site: Datasette) -> None:
    read = words(await get(site, "/top/9005"))
    assert "4 dafür, 8 dagegen" in read and "Gesamt 4 8 nicht genannt" in read
    assert "nur Gesamtzahlen, keine Stimmen je Fraktion" in read
    assert (await data(site, "/top/9005"))["votes"][0]["abstain"] is None
    only_words = await get(site, "/top/9000")
    assert "einstimmig" in words(only_words) and "keine Ja- und Nein-Stimmen, nur Worte" in words(only_words)
    assert "<img" not in only_words and "og:image" not in only_words


async def test_items_to_come_or_not_public_say_so(site: Datasette) -> None:
    assert "Noch nicht behandelt" in words(await get(site, "/top/9004"))
    closed = words(await get(site, "/top/9003"))
    assert "Dieser Punkt wird nichtöffentlich beraten" in closed and "noch keine Niederschrift" not in closed
    assert "noch keine Niederschrift veröffentlicht" in words(await get(site, "/top/9002"))


async def test_a_day_is_to_come_until_it_is_over_on_every_page(site: Datasette) -> None:
    assert "steht noch bevor" in words(await get(site, "/sitzung/16"))
    assert "Noch nicht behandelt" in words(await get(site, "/top/9007"))
    states = [station["state"] for station in (await data(site, "/vorlage/78"))["stations"]]
    assert states == ["done", "coming"]
    assert next(row for row in (await data(site, "/sitzungen"))["coming"] if row["id"] == 16)["coming"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sitzung/10",
        "/top/9008",
        "/vorlage/78",
        "/gremium/au5",
        "/fraktion/spd",
        "/abstimmungen",
        "/gremium/au5.atom",
    ],
)
async def test_figures_that_do_not_add_up_are_marked_wherever_they_stand(site: Datasette, path: str) -> None:
    read = (await get(site, path)).replace("\N{NO-BREAK SPACE}", " ")
    assert "12 dafür, 10 dagegen, 1 Enthaltung (Summe weicht ab)" in read
    assert read.count("1 Enthaltung (Summe weicht ab)") == read.count("12 dafür, 10 dagegen, 1 Enthaltung")
    assert "12 dafür, 9 dagegen, 1 Enthaltung (" not in read


async def test_an_item_as_data(site: Datasette) -> None:
    found = await data(site, "/top/9001")
    assert found["item"]["meeting_id"] == 11 and found["votes"][1]["groups"][0]["group_name"] == "SPD"
    lines = (await get(site, "/top/9001.csv")).splitlines()
    assert lines[0].startswith("vote_id,agenda_item_id,position,subject,group_name,yes,no,abstain")
    assert "to9001-2,9001,2,Antrag,CDU,0,9,1,0,by_group,1" in lines
    await get(site, "/top/9002.csv", 404)  # no ballot, no table


@pytest.mark.parametrize(
    "path", ["/top/0", "/top/abc", "/top/1e3", "/top/" + "9" * 40, "/sitzung/-1", "/sitzung/999", "/top/%00"]
)
async def test_what_is_no_record_is_a_friendly_404(site: Datasette, path: str) -> None:
    assert "Wie geht es weiter?" in await get(site, path, 404)


# ---- meetings ----------------------------------------------------------------------------------


async def test_a_meeting_shows_its_agenda_with_results_and_ballots(site: Datasette) -> None:
    page = await get(site, "/sitzung/11")
    read = words(page)
    assert "Rat der Stadt Lindenrath, 29.06.2021" in read and "Dienstag, 29.06.2021, 17:00 Uhr" in read
    assert "geändert angenommen 12 dafür, 9 dagegen, 1 Enthaltung · Vorlage 2021/0402 · Nachtrag" in read
    assert 'href="/top/9001#abstimmung-2"' in page
    assert read.index("Nichtöffentlicher Teil") < read.index("Grundstück")
    assert 'href="/top/9003"' not in page  # nothing stands there
    assert "Nächste Sitzung: 28.09.2021 (ausgefallen)" in read
    assert 'href="/sitzung/11.ics"' in page
    assert len((await get(site, "/sitzung/11.csv")).splitlines()) == 4


async def test_meetings_to_come_and_cancelled_ones_say_so(site: Datasette) -> None:
    assert "steht noch bevor" in words(await get(site, "/sitzung/13"))
    past = await get(site, "/sitzung/12")
    assert "Diese Sitzung ist ausgefallen." in words(past) and "Die Sitzung ist ausgefallen" in past
    for path in ("/sitzung/15", "/top/9006"):  # still to come
        assert "Sitzung" in (read := words(await get(site, path))) and "fällt aus" in read and "ausgef" not in read
    read = words(await get(site, "/sitzungen"))
    assert "fällt aus" in read and "ausgefallen" in read and "entfallen" not in read
    assert "Sitzung der Jury" in words(await get(site, "/sitzung/14"))


async def test_the_list_of_meetings(site: Datasette) -> None:
    read = words(await get(site, "/sitzungen"))
    assert read.index("Kommende Sitzungen") < read.index("Bisherige Sitzungen") < read.index("September 2021")
    assert read.index("September 2021") < read.index("Juni 2021") < read.index("März 2009")
    chosen = await data(site, "/sitzungen")
    assert [row["id"] for row in chosen["coming"] + chosen["meetings"]] == [16, 13, 15, 12, 11, 10, 14]
    only = json.loads(await get(site, "/sitzungen.json?jahr=2021&gremium=pa1"))
    assert [row["id"] for row in only["meetings"]] == [12, 11] and only["coming"] == []
    coming = json.loads(await get(site, "/sitzungen.json?zeit=kommend"))
    assert [row["id"] for row in coming["coming"]] == [16, 13, 15]
    both = json.loads(await get(site, "/sitzungen.json?zeit=kommend&jahr=2021"))
    assert both["chosen"] == {"jahr": "2021"} and "nur ohne Jahr" in both["hints"][0]


async def test_items_with_a_ballot_are_counted_alike_everywhere(site: Datasette) -> None:
    listed = next(row for row in (await data(site, "/sitzungen"))["meetings"] if row["id"] == 10)
    assert listed["item_count"] == 4 and listed["ballot_count"] == 3  # one is told, but not to be read
    assert (await data(site, "/sitzung/10"))["counts"]["ballots"] == 3
    past = (await data(site, "/gremium/au5"))["past"]
    assert [row["items_with_ballot"] for row in past] == [3]


async def test_a_list_as_table_is_all_that_fits_and_a_first_crawl_claims_nothing(tmp_path: Path) -> None:
    db = connect(tmp_path / "demo.db")
    days = [(clock.today() + timedelta(days)).isoformat() for days in range(-40, 20)]
    db.table("meetings").insert_all({"id": key, "name": "des Rates", "date": day} for key, day in enumerate(days, 1))
    db.table("papers").insert_all({"id": key, "paper_type": "Antrag", "date": days[0]} for key in range(1, 41))
    db.table("papers").insert({"id": 41, "paper_type": "Vorlage", "date": days[0]})
    db.table("agenda_items").insert({"id": 1, "meeting_id": 1, "position": 1, "public": 1, "name": "Punkt"})
    for key in ("to1-1", "to1-2"):
        insert_ballot(db, key, (5, 3, 0), {})  # as the crawler leaves them before it derives anything
    close(db)
    site = await started(tmp_path)
    for path, number in [
        ("/sitzungen.csv", 60), ("/sitzungen.csv?seite=2", 60), ("/sitzungen.csv?zeit=kommend", 20),
        ("/vorlagen.csv", 41), ("/vorlagen.csv?art=Antrag&seite=2", 40),
    ]:  # fmt: skip
        found = list(csv.DictReader((await get(site, path)).splitlines()))
        assert len(found) == len({row["id"] for row in found}) == number, path
        assert {row.get("coming", "0") for row in found} <= {"0", "1"}
    for path in ("/top/1", "/abstimmungen"):
        assert "5 dafür, 3 dagegen" in (page := await get(site, path)).replace("\N{NO-BREAK SPACE}", " ")
        assert "weiter abgestimmt" not in page


@pytest.mark.parametrize(
    "query",
    ["seite=-1", "seite=9999", "seite=x", "jahr=1066", "gremium=%22%3E%3Cscript%3E", "zeit=nie",
     "jahr=2009&gremium=pa1", "jahr=%00", "q=" + "a" * 10_000],
)  # fmt: skip
async def test_no_selection_breaks_a_list(site: Datasette, query: str) -> None:
    for path in ("/sitzungen", "/vorlagen"):
        page = await get(site, f"{path}?{query}")
        assert "<script>" not in page
    if query in ("jahr=1066", "zeit=nie"):
        assert "gibt es hier nicht; gezeigt wird ohne diese Auswahl" in words(await get(site, f"/sitzungen?{query}"))
    if query == "jahr=2009&gremium=pa1":
        assert "Zu dieser Auswahl gibt es keine Sitzung" in words(await get(site, f"/sitzungen?{query}"))


# ---- papers ------------------------------------------------------------------------------------


async def test_a_paper_shows_its_way_texts_and_files(site: Datasette) -> None:
    page = await get(site, "/vorlage/2021/0402")
    read = words(page)
    assert "entschieden am 29.06.2021" in read and "SPD-Fraktion ( SPD )" in read
    way = [
        station["item"] and station["item"]["id"] for station in (await data(site, "/vorlage/2021/0402"))["stations"]
    ]
    assert way == [
        9000,
        9001,
        9004,
        None,
    ]  # found by body and day, linked, in no line of the Beratungsfolge, no day yet
    assert read.index("08.06.2021") < read.index("29.06.2021 ·") < read.index("Noch kein Termin")
    assert "empfohlen im Original: „ungeändert beschlossen“ einstimmig" in read
    assert "Steht noch aus: Geplant" in read and "nicht in der Beratungsfolge" in read
    assert "Beschlussvorschlag Gebaut wird. " in read and "Sachverhalt Weil viele fahren." in read
    assert 'href="/top/9001#abstimmung-2"' in page
    states = [station["state"] for station in (await data(site, "/vorlage/2021/0402"))["stations"]]
    assert states == ["done", "done", "coming", "coming"]


@pytest.mark.parametrize(
    ("asked", "status", "target"),
    [
        ("/vorlage/77", 301, "/vorlage/2021/0402"),
        ("/vorlage/77.json", 301, "/vorlage/2021/0402.json"),
        ("/vorlage/2021/402", 302, "/vorlage/2021/0402"),
        ("/vorlage/2021-0402", 302, "/vorlage/2021/0402"),
        ("/vorlage/2021%2F00402", 302, "/vorlage/2021/0402"),
        ("/vorlage/500", 302, "/vorlage/80"),
        ("/vorlage/80", 200, ""),
        ("/vorlage/78", 200, ""),
        ("/vorlage/2021/0402/", 200, ""),
        ("/vorlage/2021/9999", 404, ""),
        ("/vorlage/x", 404, ""),
        ("/vorlage/'%22;--", 404, ""),
        ("/vorlage/" + "2021/" * 300, 404, ""),
    ],
)
async def test_a_paper_is_found_as_people_write_its_reference(
    site: Datasette, asked: str, status: int, target: str
) -> None:
    assert await moved(site, asked) == (status, target)


async def test_one_reference_of_several_papers_leads_to_all(site: Datasette) -> None:
    page = await get(site, "/vorlage/2020/0007")
    assert 'href="/vorlage/78"' in page and 'href="/vorlage/79"' in page
    assert "Welche suchen Sie?" in page and "noindex" in page


async def test_the_list_of_papers(site: Datasette) -> None:
    assert [row["id"] for row in (await data(site, "/vorlagen"))["papers"]] == [77, 79, 78, 80]
    for query, found in [
        ("fraktion=spd", [77]),
        ("fraktion=SPD", [77]),
        ("art=vorlage&jahr=2020", [79, 78]),
        ("ergebnis=accepted_amended", [77]),
        ("ergebnis=rejected", []),
    ]:
        answer = json.loads(await get(site, f"/vorlagen.json?{query}"))
        assert [row["id"] for row in answer["papers"]] == found, query
    empty = await get(site, "/vorlagen?ergebnis=rejected")
    assert "Alle Vorlagen zeigen" in empty and "noindex" in empty
    assert "SPD" in words(await get(site, "/vorlagen?fraktion=SPD"))


async def test_only_years_that_have_something_are_offered(site: Datasette) -> None:
    assert (await data(site, "/vorlagen"))["choices"]["jahr"] == ["2021", "2020"]
    years = (await data(site, "/sitzungen"))["choices"]["jahr"]
    assert years[-2:] == ["2021", "2009"] and years[0] == max(LATER, TOMORROW)[:4]


async def test_a_line_of_another_systems_beratungsfolge_breaks_no_page(tmp_path: Path) -> None:
    db = connect(tmp_path / "demo.db")
    db.table("papers").insert({"id": 1, "name": "Fremd"})
    db.table("consultations").insert_all(
        {"id": key, "paper_id": 1, "organization_name": key} for key in ("b", "vo1-10", "vo1-9", "a")
    )
    close(db)
    stations = (await data(await started(tmp_path), "/vorlage/1"))["stations"]
    assert [station["id"] for station in stations] == ["a", "b", "vo1-9", "vo1-10"]


# ---- documents ---------------------------------------------------------------------------------


async def test_a_document_shows_what_it_is_where_it_belongs_and_its_text_by_page(site: Datasette) -> None:
    page = await get(site, "/dokument/to9001-1")
    read = words(page)
    assert "Gehört zu TOP 4.1, Rat der Stadt Lindenrath, 29.06.2021 : Radweg" in read and 'href="/top/9001"' in page
    assert "Art PDF Größe 461 KB Seiten 3 Zuletzt geändert 01.06.2021, 14:30 Uhr" in read
    assert "Texterkennung, die Fehler haben kann" in read and "Stand 02.01.2025" in read
    assert "gelten dort nur für die Dauer eines Besuchs" in read and f'href="{SEEN["source_url"]}"' in page
    assert [f'id="seite-{n}"' in page for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert "Erste &lt;b&gt;Seite&lt;/b&gt;" in page and "Seite 3 Auf dieser Seite steht kein Text." in read
    assert 'name="seite"' not in page
    lines = list(csv.DictReader(io.StringIO(await get(site, "/dokument/to9001-1.csv"))))
    assert [line["text"] for line in lines] == ["Erste <b>Seite</b>", "Zweite", ""]
    assert "01.07.2021" in read and "(Entwurf)" in read  # what it was called before
    found = await data(site, "/dokument/do5")
    assert [owner["path"] for owner in found["belongs_to"]] == ["/vorlage/2021/0402", "/sitzung/11"]
    assert 'href="http://127.0.0.1/allris/do027.asp?DOLFDNR=5" rel="external">Datei öffnen' in await get(
        site, "/dokument/do5"
    )


async def test_a_long_document_comes_in_parts_that_stay_light(site: Datasette) -> None:
    seen: list[int] = []
    path: str | None = "/dokument/to9001-2"
    while path:
        assert len(gzip.compress((await get(site, path)).encode())) < 45_000
        part = json.loads(await get(site, path.replace("to9001-2", "to9001-2.json")))
        seen += [page["number"] for page in part["pages"]]
        path = part["next"] and f"/dokument/to9001-2?seite={part['next']['first']}"
    assert seen == list(range(1, 101))
    inside = await get(site, f"/dokument/to9001-2?seite={seen[55]}")
    assert f'<h3 id="seite-{seen[55]}">' in inside and "Zurück: Seiten" in inside
    for wrong in ("0", "-1", "x", "9" * 50):
        assert '<h3 id="seite-1">' in await get(site, f"/dokument/to9001-2?seite={wrong}")
    assert "So viele Seiten gibt es nicht" in await get(site, "/dokument/to9001-2?seite=101")


async def test_a_text_without_pages_comes_in_whole_words(site: Datasette) -> None:
    page = await get(site, "/dokument/to9001-3")
    assert '<h3 id="seite-2">Abschnitt 2</h3>' in page
    sections = list(csv.DictReader(io.StringIO(await get(site, "/dokument/to9001-3.csv"))))
    assert "".join(section["text"] for section in sections) == LONG * 40
    assert all(section["text"].endswith(" ") and not section["page"] for section in sections)


async def test_a_document_without_text_says_why(site: Datasette) -> None:
    read = words(await get(site, "/dokument/si11-1"))
    assert "ließ sich kein Text lesen. Die Datei ist verschlüsselt." in read
    assert "Der Text liegt hier nicht vor. Keine PDF-Datei: Sie" in words(await get(site, "/dokument/do10"))
    assert "Text ist noch nicht ausgelesen" in words(await get(site, "/dokument/do5"))
    assert "Wo die Datei zu öffnen ist, sagt die Quelle nicht" in words(await get(site, "/dokument/do9"))
    assert f'href="{SEEN["source_url"]}"' in await get(site, "/dokument/do6")  # its paper's page
    for path in ("/dokument/do6", "/vorlage/2021/0402"):
        assert "javascript:" not in await get(site, path)
    for path in ("/dokument/nix", "/dokument/%00", "/dokument/do5/x"):
        await get(site, path, 404)
    await get(site, "/dokument/do5.csv", 404)


@pytest.mark.parametrize("lengths", [[], [0], [5], [VIEW, 1], [VIEW + 1] * 3, [VIEW // 2] * 5, [1, VIEW, 1], [0] * 50])
async def test_parts_hold_every_page_once(lengths: list[int]) -> None:
    views = parted(lengths or [0])
    assert [page for view in views for page in view] == list(range(1, max(len(lengths), 1) + 1))
    assert all(len(view) == 1 or sum(lengths[page - 1] for page in view) <= VIEW for view in views if lengths)


# ---- old addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/allris/to020.asp?TOLFDNR=9001", "/top/9001"),
        ("/bi/TO020.asp?tolfdnr=9001&options=64", "/top/9001"),
        ("/allris/to010.asp?SILFDNR=11&TOLFDNR=9001&BES=1", "/sitzung/11#top-9001"),
        ("/allris/to010_r.asp?SILFDNR=11", "/sitzung/11"),
        ("/allris/vo020.asp?VOLFDNR=77", "/vorlage/2021/0402"),
        ("/allris/kp020.asp?KPLFDNR=7&history=true", "/person/7"),
        ("/allris/au020.asp?AULFDNR=5", "/gremium/au5"),
        ("/allris/pa020.asp?PALFDNR=1", "/gremium/pa1"),
        ("/allris/do027.asp?DOLFDNR=5&options=64", "/dokument/do5"),
        ("/allris/si010_j.asp?MM=6&YY=2021", "/sitzungen?jahr=2021"),
        ("/allris/si010_e.asp", "/sitzungen"),
        ("/allris/vo040.asp?shownext=true", "/vorlagen"),
        ("/allris/", "/"),
    ],
)
async def test_old_addresses_lead_here_for_good(site: Datasette, asked: str, target: str) -> None:
    assert await moved(site, asked) == (301, target)


@pytest.mark.parametrize(
    "asked",
    ["/allris/yy999.asp?X=1", "/allris/vo020.asp?VOLFDNR=5", "/allris/fr020.asp?FRLFDNR=12",
     "/allris/to020.asp?TOLFDNR=x", "/allris/to020.asp", "/bi/___tmp/tmp/1/01-Anlagen/a.pdf",
     "/allris/to010.asp?SILFDNR=" + "9" * 5000],
)  # fmt: skip
async def test_other_old_addresses_are_explained(site: Datasette, asked: str) -> None:
    page = await get(site, asked, 404)
    assert "Wie geht es weiter?" in page


# ---- words -------------------------------------------------------------------------------------


def ballot(yes: int | None, no: int | None, abstain: int | None, unanimous: int | None, state: str) -> dict:
    return {"yes": yes, "no": no, "abstain": abstain, "unanimous": unanimous, "state": state, "consistent": None}


@pytest.mark.parametrize(
    ("vote", "line"),
    [
        (ballot(32, 12, 3, 0, "by_group"), "32 dafür, 12 dagegen, 3 Enthaltungen"),
        (ballot(32, 0, 1, 1, "totals"), "einstimmig, 32 dafür, 1 Enthaltung"),
        (ballot(8, None, None, None, "totals"), "8 dafür, dagegen nicht genannt"),
        (ballot(None, 3, None, None, "totals"), "dafür nicht genannt, 3 dagegen"),
        (ballot(None, None, 2, 1, "words"), "einstimmig, 2 Enthaltungen"),
        (ballot(None, None, None, 0, "words"), "nicht einstimmig"),
        (ballot(None, None, None, None, "by_group_partly"), "Stimmen je Fraktion, ohne Gesamtzahl"),
        (ballot(None, None, None, None, "words"), "nur in Worten festgehalten"),
    ],
)
async def test_a_ballot_in_one_line_says_what_is_told(vote: dict, line: str) -> None:
    assert ballot_line(vote).replace("\N{NO-BREAK SPACE}", " ") == line


async def test_totals_name_their_era() -> None:
    totals = ballot(4, 8, None, None, "totals")
    assert "bis Ende 2013 üblich" in unsaid(totals, "2008-05-06")[0]
    assert "2013" not in unsaid(totals, "2020-05-06")[0]
    assert "weicht" in unsaid({**totals, "consistent": 0, "state": "by_group_partly"}, "2020-05-06")[0]


async def test_rich_text_says_its_heading_once() -> None:
    assert unlabelled("<div><p><b>Beschluss:</b></p><p>Ja.</p></div>", "Beschluss") == "<div><p>Ja.</p></div>"
    kept = "<p>Geänderter Beschluss:</p><p>Ja.</p>"
    assert unlabelled(kept, "Beschluss") == kept
    assert sections("<p>Alt</p>") == [{"heading": "Text", "text_html": "<p>Alt</p>"}]
    assert sections(None) == []


async def test_references_are_compared_by_their_numbers() -> None:
    assert parts("2021/0402") == parts("2021-402") == parts("2021 00402")
    assert parts("V/2021/1") == parts("v 2021-01") != parts("2021/1")
