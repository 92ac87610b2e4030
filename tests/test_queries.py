"""The canned queries of metadata.yml answer what their titles ask: a few invented ballots, counted by hand."""

import re
from pathlib import Path

import pytest
import pytest_asyncio
import yaml
from conftest import insert_ballot
from datasette.app import Datasette

from ratsdaten.database import close, connect
from scraper.derive import derive

ROOT = Path(__file__).parent.parent
METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
QUERIES = METADATA["plugins"]["towns"]["queries"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEETINGS = {
    1: ("2019-05-07", "pa1"),
    2: ("2021-03-02", "pa1"),
    3: ("2005-04-05", "au2"),
    4: ("2999-01-01", "pa1"),
    5: ("1999-06-01", "pa1"),
}
#: Item -> meeting, Beschlussart, paper.
ITEMS = {
    11: (1, "geändert beschlossen", 71),
    21: (2, "beschlossen", 72),
    22: (2, "abgelehnt", 73),
    23: (2, "beschlossen", None),
    24: (2, "mit Bauchschmerzen beschlossen", None),
    25: (2, None, None),
    31: (3, "beschlossen", 71),
    32: (3, "zur Kenntnis genommen", None),
    51: (5, "beschlossen", None),
    41: (4, None, None),
}
#: Ballot -> totals, then each group's figures: yes, no, abstain.
BALLOTS = {
    "to11-1": ((5, 6, 2), {"SPD": (5, 0, 0), "CDU": (0, 6, 0), "Grüne": (0, 0, 2)}),
    "to11-2": ((8, 5, 0), {"SPD": (0, 5, 0), "CDU": (6, 0, 0), "Grüne": (2, 0, 0)}),
    "to21-1": ((12, 1, 0), {"SPD": (5, 0, 0), "CDU": (6, 0, 0), "Grüne": (1, 1, 0)}),
    "to22-1": ((13, 0, 0), {"SPD": (5, 0, 0), "CDU": (6, 0, 0), "Grüne": (2, 0, 0)}),
    "to23-1": ((10, 3, None), {}),
    "to24-1": ((None, None, None), {}),
    "to31-1": ((5, 5, 1), {}),
}
PAPERS = {
    71: ("Antrag", "SPD-Fraktion; CDU-Fraktion"),
    72: ("Antrag-Formular", "SPD-Fraktion"),
    73: ("Antrag", "SPD-Fraktion"),
    74: ("Antrag", "SPD-Fraktion"),
    75: ("Anfrage", "SPD-Fraktion"),
    76: ("Beschlussvorlage", None),
    77: ("Antrag", "FDP-Fraktion"),  # on no agenda yet
}
#: Paper, item, day, role.
CONSULTATIONS = [
    (71, 31, "2005-04-05", "Vorberatung"), (71, 11, "2019-05-07", "Entscheidung"),
    (72, None, "2021-02-10", "Vorberatung"), (72, 21, "2021-03-02", "Entscheidung"),
    (73, None, "2021-02-20", "Vorberatung"), (73, 22, "2021-03-02", "Entscheidung"),
    (73, None, "2021-03-09", "Kenntnisnahme"),  # after the decision: no part of the time before it
    (74, None, None, "Orakel"),
    (76, None, "2021-01-02", "Entscheidung"), (76, 23, "2021-03-02", "Entscheidung"),  # nobody advised on it
]  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name in ("metadata.yml", "towns.toml", "plugins", "templates", "static"):
        (folder / name).symlink_to(ROOT / name)
    db = connect(folder / "demo.db")
    url = {"source_url": "http://127.0.0.1/allris/", "fetched_at": "2025-01-01T00:00:00+00:00"}
    db.table("organizations").insert_all(
        [{"id": "pa1", "name": "Rat", "organization_type": "Rat"}, {"id": "au2", "name": "Bauausschuss"}]
    )
    db.table("meetings").insert_all(
        {"id": key, "date": date, "organization_id": body, "name": f"Sitzung {key}"}
        for key, (date, body) in MEETINGS.items()
    )
    db.table("papers").insert_all(
        {"id": key, "paper_type": kind, "author": author, "date": "2020-01-01"}
        for key, (kind, author) in PAPERS.items()
    )
    db.table("agenda_items").insert_all(
        {"id": key, "meeting_id": meeting, "position": key % 10, "number": str(key % 10), "public": 1,
         "name": f"Punkt {key}", "result": result, "paper_id": paper,
         "vote_text": "Abstimmungsergebnis: 12 von 13" if key == 25 else None, **url}
        for key, (meeting, result, paper) in ITEMS.items()
    )  # fmt: skip
    db.table("consultations").insert_all(
        {"id": f"vo{paper}-{place}", "paper_id": paper, "agenda_item_id": item, "date": day, "role": role}
        for place, (paper, item, day, role) in enumerate(CONSULTATIONS)
    )
    for key, (totals, counts) in BALLOTS.items():
        unanimous = 1 if key == "to24-1" else None
        insert_ballot(db, key, totals, counts, unanimous=unanimous, raw_text=f"Wortlaut {key}")
    derive(db)
    close(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


async def ask(site, query, *columns, **parameters):
    """The rows of a canned query as JSON, only ``columns`` of them."""
    answer = await site.client.get(f"/demo/{query}.json", params={"_shape": "array", **parameters})
    assert answer.status_code == 200, answer.text
    return [tuple(row[column] for column in columns) for row in answer.json()]


@pytest.mark.parametrize("name", QUERIES)
async def test_every_query_answers_as_page_json_and_csv(site, name):
    parameters = {"stichwort": "Punkt"} if name == "beschluesse_zum_stichwort" else {}
    found = (await site.client.get(f"/demo/{name}.json", params={"_shape": "array", **parameters})).json()
    assert found
    page = await site.client.get(f"/demo/{name}", params=parameters)
    assert page.status_code == 200 and QUERIES[name]["title"] in page.text
    table = await site.client.get(f"/demo/{name}.csv", params=parameters)
    assert table.text.splitlines()[0] == ",".join(found[0])


@pytest.mark.parametrize("name", QUERIES)
async def test_the_page_says_what_each_parameter_means(site, name):
    page = (await site.client.get(f"/demo/{name}")).text
    for parameter in set(re.findall(r":([a-z_]+)", QUERIES[name]["sql"])):
        field = re.search(rf'name="{parameter}"[^>]* aria-describedby="(\w+)"', page)
        assert field and re.search(rf'id="{field[1]}">[^<]+<', page), parameter


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("text", ["'", '"', "1; drop table votes", "' or 1=1 --", "\0", "ä", "%"])
async def test_no_parameter_is_an_error(site, name, text):
    parameters = dict.fromkeys(re.findall(r":([a-z_]+)", QUERIES[name]["sql"]), text)
    answer = await site.client.get(f"/demo/{name}.json", params={"_shape": "array", **parameters})
    assert answer.status_code == 200


async def test_one_ballot(site):
    columns = ("fraktion", "ja", "nein", "enthaltung", "farbe")
    assert await ask(site, "abstimmung", *columns, abstimmung="to11-1") == [
        ("gesamt", 5, 6, 2, None),
        ("SPD", 5, 0, 0, "#e3000f"), ("CDU", 0, 6, 0, "#6b7785"), ("Grüne", 0, 0, 2, "#3f8f37"),
    ]  # fmt: skip
    assert await ask(site, "abstimmung", "datenlage", "einstimmig", "wortlaut", abstimmung="to24-1") == [
        ("words", 1, "Wortlaut to24-1")
    ]
    assert (await ask(site, "abstimmung", "abstimmung", "gremium", "betreff"))[0] == ("to21-1", "Rat", "Punkt 21")
    assert await ask(site, "abstimmung", "abstimmung", abstimmung="to99-1") == []


async def test_ballots_of_a_meeting(site):
    columns = ("abstimmung", "ja", "nein", "enthaltung", "stimmen_je_fraktion")
    assert await ask(site, "abstimmungen_einer_sitzung", *columns, sitzung=1) == [
        ("to11-1", 5, 6, 2, "SPD 5/0/0, CDU 0/6/0, Grüne 0/0/2"),
        ("to11-2", 8, 5, 0, "SPD 0/5/0, CDU 6/0/0, Grüne 2/0/0"),
    ]  # fmt: skip
    assert [key for (key,) in await ask(site, "abstimmungen_einer_sitzung", "abstimmung")] == [
        "to21-1", "to22-1", "to23-1", "to24-1",
    ]  # fmt: skip


async def test_contested_ballots_closest_first(site):
    assert await ask(site, "umstrittene_abstimmungen", "abstimmung", "abstand") == [
        ("to31-1", 0), ("to11-1", 1), ("to11-2", 3), ("to23-1", 7), ("to21-1", 11),
    ]  # fmt: skip
    assert await ask(site, "umstrittene_abstimmungen", "abstimmung", von="2019", bis="2019-05") == [
        ("to11-1",), ("to11-2",),
    ]  # fmt: skip
    assert await ask(site, "umstrittene_abstimmungen", "abstimmung", gremium="au2") == [("to31-1",)]


async def test_split_groups(site):
    assert await ask(site, "gespaltene_fraktionen", "abstimmung", "fraktion") == [("to21-1", "Grüne")]
    assert await ask(site, "gespaltene_fraktionen", "abstimmung", fraktion="spd") == []


async def test_who_votes_with_whom(site):
    columns = ("fraktion_a", "fraktion_b", "abstimmungen", "gleich", "prozent")
    assert sorted(await ask(site, "uebereinstimmung", *columns, mindestens=1)) == [
        ("CDU", "Grüne", 2, 1, 50.0), ("CDU", "SPD", 3, 1, 33.3), ("Grüne", "SPD", 2, 0, 0.0),
    ]  # fmt: skip
    assert sorted(await ask(site, "uebereinstimmung", *columns, mindestens=4, auswahl="alle")) == [
        ("CDU", "Grüne", 3, 2, None), ("CDU", "SPD", 4, 2, 50.0), ("Grüne", "SPD", 3, 1, None),
    ]  # fmt: skip
    assert await ask(site, "uebereinstimmung", "prozent", bis="2020") == [(None,)] * 3  # fewer than ten
    assert await ask(site, "uebereinstimmung_zweier_fraktionen", "jahr", *columns) == [
        ("2021", "CDU", "SPD", 1, 1, 100.0), ("2019", "CDU", "SPD", 2, 0, 0.0),
    ]  # fmt: skip
    turned = {"fraktion_a": "spd", "fraktion_b": "grüne", "auswahl": "alle"}
    assert await ask(site, "uebereinstimmung_zweier_fraktionen", "jahr", *columns, **turned) == [
        ("2021", "Grüne", "SPD", 1, 1, 100.0), ("2019", "Grüne", "SPD", 2, 0, 0.0),
    ]  # fmt: skip


async def test_the_ballots_behind_an_agreement(site):
    columns = ("abstimmung", "stimmte", "stimmte_b", "mehrheit")
    assert await ask(site, "abstimmungsverhalten", *columns, fraktion_b="Grüne") == [
        ("to21-1", "ja", "geteilt", "ja"), ("to11-1", "ja", "enthalten", "nein"), ("to11-2", "nein", "ja", "ja"),
    ]  # fmt: skip


async def test_a_period_that_is_none_finds_nothing(site):
    assert await ask(site, "gewinnerseite", "fraktion", von="gestern", mindestens="viele") == []


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".excel.csv", ".jsonl"])
async def test_german_days_move_to_the_days_of_the_tables(site, form):
    address = f"/demo/umstrittene_abstimmungen{form}"
    answer = await site.client.get(address, params={"von": "7.5.2019", "bis": "31.12.2019", "gremium": ""})
    assert answer.status_code == 302
    assert answer.headers["location"] == "?von=2019-05-07&bis=2019-12-31&gremium="
    assert "to11-1" in (await site.client.get(address + answer.headers["location"])).text
    assert (await site.client.get(address, params={"von": "31.02.2019"})).status_code == 200  # no day


async def test_who_is_on_the_winning_side(site):
    columns = ("fraktion", "abstimmungen", "gewonnen", "prozent")
    assert await ask(site, "gewinnerseite", *columns, mindestens=1) == [
        ("CDU", 3, 3, 100.0), ("Grüne", 2, 1, 50.0), ("SPD", 3, 1, 33.3),
    ]  # fmt: skip


async def test_success_of_motions(site):
    columns = ("fraktion", "antraege", "angenommen", "abgelehnt", "uebrige", "offen", "prozent")
    assert await ask(site, "erfolg_der_antraege", *columns) == [
        ("SPD", 4, 2, 1, 0, 1, 66.7), ("CDU", 1, 1, 0, 0, 0, 100.0), ("FDP", 1, 0, 0, 0, 1, None),
    ]  # fmt: skip


async def test_outcomes_by_year(site):
    assert await ask(site, "ergebnisse_nach_jahr", "jahr", "ergebnis", "anzahl") == [
        ("2021", "angenommen", 2), ("2021", "abgelehnt", 1), ("2021", "offen, kein Ergebnis vermerkt", 1),
        ("2021", "nicht erkannt", 1), ("2019", "geändert angenommen", 1),
        ("2005", "empfohlen", 1), ("2005", "zur Kenntnis genommen", 1), ("1999", "angenommen", 1),
    ]  # fmt: skip


async def test_time_to_decision(site):
    columns = ("jahr", "vorlagen", "median_tage", "laengstes_viertel_ab_tagen")
    assert await ask(site, "dauer_bis_zur_entscheidung", *columns) == [("2021", 2, 15.0, 20), ("2019", 1, 5145.0, 5145)]


async def test_activity(site):
    columns = ("jahr", "gremium", "sitzungen", "tagesordnungspunkte", "mit_vorlage", "abstimmungen")
    assert await ask(site, "aktivitaet", *columns) == [
        ("2021", "Rat", 1, 5, 2, 4), ("2019", "Rat", 1, 1, 1, 2), ("2005", "Bauausschuss", 1, 2, 1, 1),
        ("1999", "Rat", 1, 1, 0, 0),
    ]  # fmt: skip


async def test_what_the_minutes_tell(site):
    columns = ("zeitraum", "punkte", "nach_fraktionen", "teilweise", "nur_summen", "nur_worte", "nicht_lesbar",
               "ohne_abstimmung")  # fmt: skip
    assert await ask(site, "datenlage", *columns) == [
        ("seit 2014", 6, 3, 0, 1, 1, 1, 0), ("2004 bis 2013", 2, 0, 0, 1, 0, 0, 1), ("bis 2003", 1, 0, 0, 0, 0, 0, 1),
    ]  # fmt: skip


async def test_unknown_words_are_listed(site):
    assert await ask(site, "unbekannte_bezeichnungen", "art", "bezeichnung", "anzahl") == [
        ("Aufgabe in der Beratungsfolge", "Orakel", 1), ("Beschlussart", "mit Bauchschmerzen beschlossen", 1),
    ]  # fmt: skip
