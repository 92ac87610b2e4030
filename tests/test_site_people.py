"""The pages of bodies, people and groups, and the first page, over a small database of invented rows."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio
from conftest import insert_ballot, site_with
from datasette.app import Datasette
from sqlite_utils import Database

from ratsdaten.database import close, connect
from ratsdaten.site.home import examples
from ratsdaten.site.organizations import rank
from ratsdaten.site.terms import TERMS, terms_of
from scraper.derive import derive

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = date.today()
SOON, LATER = ((TODAY + timedelta(days)).isoformat() for days in (7, 14))
SEEN = {"source_url": "http://127.0.0.1/allris/au020.asp", "fetched_at": "2025-01-02T03:04:05+00:00"}
MARKUP = "Ausschuss für <i>Erfundenes</i> & „Brücken“"


def fill(db: Database) -> None:
    """All of it is invented."""
    db.table("organizations").insert_all(
        {"id": key, "name": name, "organization_type": kind, "end_date": end, **SEEN}
        for key, name, kind, end in (
            ("pa1", "Rat der Stadt Lindenrath", "Rat", None),
            ("au2", MARKUP, "Ausschuss", None),
            ("au3", "Ausschuss für Gaslaternen", "Ausschuss", "2009-10-20"),
            ("au9", None, None, None),
            ("fr1", "SPD-Fraktion", "Fraktion", None),
            ("fr2", "Gruppe Piraten/AL", "Gruppe", "2020-10-31"),
        )
    )
    db.table("persons").insert_all(
        {"id": key, "name": f"{given} {family}", "family_name": family, "given_name": given, **SEEN}
        for key, given, family in (
            (1, "Anna", "Ahorn"), (2, "Öznur", "Öhmd"), (3, "Otto", "Pappel"), (4, "Zoe", "Zimt"), (5, "Max", "Mayor"),
        )
    )  # fmt: skip
    db.table("persons").insert({"id": 6, "name": None, "source_url": "https://ris.example/bi/kp020.asp?KPLFDNR=6"})
    db.table("memberships").insert_all(
        {"id": number, "person_id": person, "organization_id": body, "name": name, "role": role, "affiliation": beside,
         "start_date": start, "end_date": end}
        for number, (person, body, name, role, beside, start, end) in enumerate((
            (1, "pa1", "Anna Ahorn", "Stadtverordnete(r)", "SPD-Fraktion", "2025-11-01", None),
            (1, "fr1", "Anna Ahorn", "Fraktionsmitglied", None, "2020-11-01", None),
            (1, "pa1", "Anna Ahorn", "Stadtverordnete(r)", None, "2020-11-01", "2025-10-31"),
            (2, "au2", "Öznur Öhmd", "Vorsitzendes Mitglied", "CDU-Fraktion", "2025-11-01", None),
            (3, "pa1", "Otto Pappel", "Stadtverordnete(r)", None, "2014-06-01", "2020-10-31"),
            (3, "fr2", "Otto Pappel", "Mitglied", None, "2014-06-01", "2020-10-31"),
            (4, "pa1", "Zoe Zimt", "Stadtverordnete(r)", None, "2020-11-01", "2025-10-31"),
            (5, "pa1", "Max Mayor", "Oberbürgermeister", None, "2020-11-01", None),
            (None, "au2", "Uwe Ohnelink", "Ausschussmitglied", None, None, None),
        ), 1)
    )  # fmt: skip
    db.table("meetings").insert_all(
        {"id": key, "organization_id": body, "name": name, "date": day, "start_time": "16:00", "cancelled": cancelled,
         **SEEN}
        for key, body, name, day, cancelled in (
            (11, "pa1", "des Rates", "2021-06-29", 0), (12, "pa1", "des Rates", SOON, 0),
            (13, "pa1", "des Rates", LATER, 1),
            (14, "au3", "der Gaslaternen", "2005-03-04", 0), (15, "fr1", "der SPD-Fraktion", SOON, 0),
            (16, "pa1", "des Rates", "2021-07-06", 1),
        )
    )  # fmt: skip
    db.table("papers").insert_all(
        [
            {"id": 77, "reference": "2021/0402", "name": "Antrag: Radweg an der Fliederstraße", "paper_type": "Antrag",
             "author": "SPD-Fraktion", "date": "2021-06-01", **SEEN},
            {"id": 78, "reference": "2021/0403", "name": "Spielplatz & Radweg", "paper_type": "Vorlage",
             "date": "2021-06-02", **SEEN},
        ]
    )  # fmt: skip
    db.table("agenda_items").insert_all(
        {"id": key, "meeting_id": 11, "position": place, "number": str(place), "public": 1, "name": name,
         "result": result, "paper_id": paper, **SEEN}
        for place, (key, name, result, paper) in enumerate(
            [(9001, "Radweg", "beschlossen", 77), (9002, "Spielplatz", "abgelehnt", 78)], 1
        )
    )  # fmt: skip
    db.table("consultations").insert_all(
        {"id": f"vo{paper}-1", "paper_id": paper, "organization_id": "pa1", "meeting_id": 11, "agenda_item_id": item,
         "date": "2021-06-29", "role": "Entscheidung"}
        for paper, item in ((77, 9001), (78, 9002))
    )  # fmt: skip
    for number in range(1, 13):
        won = (9, 4, 0) if number > 2 else (4, 10, 0)
        spd, cdu = ((9, 0, 0), (0, 4, 0)) if number > 2 else ((0, 9, 0), (4, 1, 0))
        groups = {"SPD": spd, "CDU": cdu} | ({"fraktionslos": (0, 0, 0)} if number == 12 else {})
        insert_ballot(db, f"to9001-{number}", won, groups, source="table")
    derive(db)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    return await site_with(tmp_path_factory.mktemp("site"), fill)


async def page(site, path, status=200):
    answer = await site.client.get(path)
    assert answer.status_code == status, (path, answer.text[-500:])
    return answer.text


async def data(site, path, **parameters):
    answer = await site.client.get(path, params=parameters)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


def readable(text):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


# ---- bodies ----------------------------------------------------------------------------------


async def test_bodies_stand_by_kind_and_dissolved_ones_apart(site):
    found = await data(site, "/gremien.json")
    assert [kind["heading"] for kind in found["kinds"]] == ["Rat", "Ausschüsse", "Weitere Gremien"]
    council = found["kinds"][0]["organizations"][0]
    assert (council["meetings"], council["last_id"], council["next_id"]) == (1, 11, 12)  # none that was cancelled
    assert [body["id"] for kind in found["dissolved"] for body in kind["organizations"]] == ["au3"]
    assert {body["id"]: body["group_name"] for body in found["groups"]} == {"fr1": "SPD", "fr2": "Piraten/AL"}
    text = await page(site, "/gremien")
    assert 'href="/fraktion/spd"' in text and 'href="/fraktion/piraten-al"' in text
    assert "Gremium ohne öffentlichen Namen (au9)" in text
    assert MARKUP not in text and html.escape(MARKUP, quote=False) in text
    rows = list(csv.DictReader(io.StringIO(await page(site, "/gremien.csv"))))
    assert {row["id"] for row in rows} == {"pa1", "au2", "au3", "au9", "fr1", "fr2"}
    assert {row["id"]: row["current"] for row in rows}.items() >= {"pa1": "1", "au3": "0"}.items()


async def test_a_body_shows_meetings_members_papers_and_ballots(site):
    text = await page(site, "/gremium/pa1")
    for path in ("/sitzung/12", "/sitzung/11", "/person/1", "/fraktion/spd", "/vorlage/2021/0402", "/top/9001",
                 "/top/9001#abstimmung-12", "/sitzungen?gremium=pa1", "/abstimmungen?gremium=pa1",
                 "/gremium/pa1.atom", "/gremium/pa1.ics"):  # fmt: skip
        assert f'"{path}"' in text, path
    words = readable(text)
    assert "fällt aus" in words and "ausgefallen" in words
    assert SEEN["source_url"] in text  # where it comes from
    found = await data(site, "/gremium/pa1.json")
    assert found["member_count"] == 2  # Ahorn and the mayor
    assert [year["year"] for year in found["years"]] == ["2021"] and found["years"][0]["ballots"] == 12


async def test_members_by_term(site):
    terms = {term["key"]: term for term in (await data(site, "/gremium/pa1.json"))["terms"]}
    names = {key: sorted({member["name"] for member in term["members"]}) for key, term in terms.items()}
    assert names == {
        "2025": ["Anna Ahorn", "Max Mayor"],
        "2020": ["Anna Ahorn", "Max Mayor", "Zoe Zimt"],
        "2014": ["Otto Pappel"],  # from 01.06.2014, thirteen days before the term: not of the one before
    }


@pytest.mark.parametrize(
    ("start", "end", "keys"),
    [
        ("2014-06-01", "2020-10-31", ["2014"]),
        ("2013-01-01", "2021-06-01", ["2009", "2014", "2020"]),
        (None, "2010-05-05", ["2009"]),  # where only the end is known, its term alone
        ("2020-11-02", "2020-11-09", ["2020"]),  # shorter than the margin
        ("1990-01-01", "1994-01-01", []),
        ("2020-01-01", "2019-01-01", []),  # the source contradicts itself
    ],
)
async def test_terms_of_a_membership(start, end, keys):
    assert [term.key for term in terms_of({"start_date": start, "end_date": end}, "2026-11-22")] == keys


async def test_terms_follow_one_another():
    assert all(one.end_date < two.start_date for one, two in pairwise(TERMS)) and TERMS[-1].end_date is None


async def test_the_chair_comes_first():
    roles = ["Verwaltung", "Ausschussmitglied", "stellvertr. Ausschussmitglied", "Stellvertr. Vorsitz",
             "Vorsitzendes Mitglied"]  # fmt: skip
    members = [{"role": role, "name": "x", "family_name": str(place)} for place, role in enumerate(roles)]
    assert [member["role"] for member in sorted(members, key=rank)] == [
        *("Vorsitzendes Mitglied", "Stellvertr. Vorsitz", "Ausschussmitglied"),
        *("Verwaltung", "stellvertr. Ausschussmitglied"),
    ]


async def test_a_body_known_by_its_number_alone_says_so(site):
    words = readable(await page(site, "/gremium/au9"))
    assert "nicht öffentlich oder noch nicht gelesen" in words
    assert "noch keine Sitzung veröffentlicht" in words and "nennt keine Mitglieder" in words


async def test_a_dissolved_body_has_no_members_of_today(site):
    found = await data(site, "/gremium/au3.json")
    assert found["members"] == [] and found["organization"]["current"] is False
    assert "Dieses Gremium gibt es nicht mehr" in readable(await page(site, "/gremium/au3"))


async def test_other_spellings_lead_to_the_body(site):
    answer = await site.client.get("/gremium/AU2")
    assert (answer.status_code, answer.headers["location"]) == (301, "/gremium/au2")


# ---- people ----------------------------------------------------------------------------------


async def test_people_stand_by_the_alphabet_those_of_today_first(site):
    found = await data(site, "/personen.json")
    assert [person["id"] for person in found["persons"]] == [1, 5, 2, 3, 4]  # Öhmd after Mayor, nobody without a name
    assert found["letters"] == ["A", "M", "O", "P", "Z"]
    assert found["persons"][3]["until"] == "2020-10-31" and found["persons"][3]["groups"] == ["Piraten/AL"]
    text = readable(await page(site, "/personen"))
    assert (
        text.index("Heute in einem Gremium") < text.index("Anna Ahorn") < text.index("Früher") < text.index("Zoe Zimt")
    )


async def test_people_of_a_group_or_letter(site):
    found = await data(site, "/personen.json", fraktion="piraten/al")
    assert [person["id"] for person in found["persons"]] == [3]
    found = await data(site, "/personen.json", buchstabe="o")
    assert [person["id"] for person in found["persons"]] == [2]
    rows = list(csv.DictReader(io.StringIO(await page(site, "/personen.csv?fraktion=SPD"))))
    assert [(row["id"], row["groups"], row["current"]) for row in rows] == [("1", "SPD", "1")]


@pytest.mark.parametrize(
    "query", ["fraktion=%3Cb%3E", "buchstabe=%00", "seite=-1", "seite=99", "fraktion=SPD&buchstabe=Z"]
)
async def test_wrong_filters_of_people_show_everybody_that_is_left(site, query):
    text = await page(site, f"/personen?{query}")
    assert "Anna Ahorn" in text and "<b>" not in text


async def test_a_person_has_roles_with_dates_now_and_before(site):
    text = readable(await page(site, "/person/1"))
    assert "seit 01.11.2025" in text and "01.11.2020 bis 31.10.2025" in text
    found = await data(site, "/person/1.json")
    assert found["current_groups"] == ["SPD"] and len(found["current"]) == 2 and len(found["former"]) == 1
    text = await page(site, "/person/3")
    assert "keine Mitgliedschaft verzeichnet" in readable(text)
    assert "Fraktion oder Gruppe im Lauf der Zeit" in text and 'href="/fraktion/piraten-al"' in text


async def test_a_person_without_a_public_page_says_so(site):
    assert "nicht öffentlich oder noch nicht gelesen" in readable(await page(site, "/person/6"))


# ---- groups ----------------------------------------------------------------------------------


async def test_groups_of_today_and_before(site):
    found = await data(site, "/fraktionen.json")
    assert [group["name"] for group in found["current"]] == ["SPD", "CDU"]
    assert [group["name"] for group in found["former"]] == ["Piraten/AL"]
    assert [group["name"] for group in found["others"]] == ["fraktionslos"]
    assert (found["current"][0]["in_council"], found["current"][0]["ballots"]) == (1, 12)
    text = await page(site, "/fraktionen")
    assert 'href="/fraktion/piraten-al"' in text and 'fill="#e3000f"' in text and "style=" not in text


async def test_a_groups_record_is_counted_from_its_ballots(site):
    found = await data(site, "/fraktion/spd.json")
    assert [(year["year"], year["ballots"], year["won"]) for year in found["years"]] == [("2021", 12, 12)]
    assert [(row["name"], row["ballots"], row["percent"]) for row in found["pairs"]["others"]] == [
        ("CDU", 10, 0.0)
    ]  # in two not as one
    assert found["motions"] == 1 and found["outcomes"] == [{"outcome": "accepted", "motions": 1}]
    assert found["ballots"][0]["position"] == "yes"
    text = await page(site, "/fraktion/spd")
    for path in ("/gremium/fr1", "/person/1", "/vorlage/2021/0402", "/vorlagen?fraktion=SPD",
                 "/abstimmungen?fraktion=SPD", "/fraktion/spd.atom"):  # fmt: skip
        assert f'"{path}"' in text, path
    assert 'href="/fraktion/spd"' in await page(site, "/gremium/fr1")  # and back


async def test_seats_are_counted_where_the_source_tells_the_group(site):
    seats = {row["key"]: row for row in (await data(site, "/fraktion/spd.json"))["seats"]}
    assert (seats["2025"]["seats"], seats["2025"]["members"], seats["2025"]["unknown"]) == (
        1,
        1,
        0,
    )  # without the mayor
    # Ahorn stood in the list of the group, nothing is said of Zimt: at least one.
    assert (seats["2020"]["seats"], seats["2020"]["members"], seats["2020"]["unknown"]) == (1, 2, 1)
    assert "mindestens 1" in readable(await page(site, "/fraktion/spd"))
    seats = {row["key"]: row for row in (await data(site, "/fraktion/piraten-al.json"))["seats"]}
    assert seats["2014"]["seats"] == 1
    assert seats["2020"]["seats"] is None  # of Zimt nobody knows
    assert (await data(site, "/fraktion/cdu.json"))["seats"] == []  # none known


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("SPD", "spd"),
        ("Sozialdemokraten", "spd"),
        ("Piraten%2FAL", "piraten-al"),
        ("Bündnis 90%2FDie Grünen", "gruene"),
    ],
)
async def test_other_spellings_lead_to_the_group(site, key, path):
    answer = await site.client.get(f"/fraktion/{key}")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/fraktion/{path}")


async def test_who_is_no_group_is_not_called_one(site):
    text = readable(await page(site, "/fraktion/fraktionslos"))
    assert "sind keine Fraktion" in text and "Wer stimmt wie oft gleich?" not in text
    assert "Das Stadtoberhaupt ist keine Fraktion" in readable(await page(site, "/fraktion/ob"))


async def test_members_outside_the_council_stand_folded_apart(site):
    text = await page(site, "/fraktion/cdu")
    folded = text[text.index("<details", text.index('id="mitglieder"')) :]
    assert "1 Mitglied in anderen Gremien, nicht im Rat" in folded and 'href="/person/2"' in folded
    assert "Im Rat nennt die Quelle heute niemanden" in text
    assert "in anderen Gremien, nicht im Rat" not in await page(site, "/fraktion/spd")


async def test_an_unknown_term_is_said(site):
    assert "„<1999>“ gibt es hier keine Abstimmungen" in readable(
        await page(site, "/fraktion/spd?wahlperiode=%3C1999%3E")
    )


# ---- the first page --------------------------------------------------------------------------


async def test_home_shows_what_is_new_and_what_comes(site):
    found = await data(site, "/.json")
    assert [(row["paper_id"], row["outcome"]) for row in found["decisions"]] == [(78, "rejected"), (77, "accepted")]
    assert [row["id"] for row in found["coming"]] == [12, 13]  # no meeting of a group among itself
    assert found["figures"]["meetings"] == 6 and found["figures"]["since"] == "2005-03-04"
    text = await page(site, "/")
    for path in ("/vorlage/2021/0402", "/sitzung/12", "/top/9001#abstimmung-12", "/gremien", "/fraktionen",
                 "/abstimmungen", "/statistik", "/daten", "/einbetten", "/suche?q=Fliederstra%C3%9Fe"):  # fmt: skip
        assert f'"{path}"' in text, path
    words = readable(text)
    assert "9 dafür, 4 dagegen, 0 Enthaltungen" in words and "kein Angebot der Stadt" in words


async def test_examples_are_words_of_titles_that_are_about_something():
    titles = ["Antrag: Radwegenetz in der Stadt", "Radwegenetz und Spielplatz", "Beschluss zum Spielplatz", "Schulhöfe",
              "Radwegenetze", "Spielplatz", "Gasometer"]  # fmt: skip
    assert examples(titles) == ["Spielplatz", "Radwegenetz", "Gasometer"]
    assert examples([]) == []


async def test_an_empty_database_has_a_first_page_with_next_steps(tmp_path):
    for name in ("metadata.yml", "towns.toml", "settings.json", "plugins", "templates", "static"):
        (tmp_path / name).symlink_to(ROOT / name)
    close(connect(tmp_path / "demo.db"))
    empty = Datasette(config_dir=tmp_path)
    await empty.invoke_startup()
    for path in ("/", "/gremien", "/personen", "/fraktionen", "/fraktion/spd"):
        assert "<a href=" in readable_main(await page(empty, path)), path


def readable_main(text):
    return text[text.index("<main") : text.index("</main>")]


@pytest.mark.parametrize(
    "path",
    [*("/gremium/zz9", "/gremium/%00", "/gremium/235", "/person/0", "/person/-1", "/person/abc"),
     *("/person/99999999999999999999", "/fraktion/nix", "/fraktion/%3Cscript%3E", "/fraktion/-")],
)  # fmt: skip
async def test_what_does_not_exist_is_a_friendly_404(site, path):
    text = await page(site, path, 404)
    assert "Das gibt es hier nicht" in text and "<script>" not in text
    assert (await site.client.get(f"{path}.json")).json()["status"] == 404
