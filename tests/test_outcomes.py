"""What became of items and papers: read from the Beschlussart, never from advice. All rows are invented."""

import pytest

from ratsdaten.database import connect
from ratsdaten.outcomes import OUTCOMES, outcome, role
from scraper.derive import derive

PHRASES = {
    "accepted": "ungeändert beschlossen|Beschlossen|einstimmig beschlossen|mit Stimmenmehrheit beschlossen|"
    "einstimmig bei 2 Enthaltungen beschlossen|UNGEAENDERT BESCHLOSSEN|genehmigt.|gewählt",
    "accepted_amended": "geändert beschlossen|geändert beschlossen / überwiesen|in geänderter Fassung beschlossen",
    "rejected": "abgelehnt|mehrheitlich abgelehnt|nicht beschlossen",
    "recommended": "empfohlen|dem Rat empfohlen",
    "not_recommended": "nicht empfohlen|zur Ablehnung empfohlen",
    "noted": "zur Kenntnis genommen|Kenntnis  genommen",
    "referred": "überwiesen|an Fachausschuss verwiesen|verwiesen in den Hauptausschuss",
    "deferred": "vertagt|vertagt / verbleibt|zurückgestellt|von der Tagesordnung abgesetzt",
    "withdrawn": "zurückgezogen|zurückgezogen / erledigt",
    "settled": "erledigt|entfällt",
    "answered": "beantwortet",
    "unknown": "einstimmig|nicht|beschlossen mit Auflagen|ohne Beschluss|abgelehnt oder beschlossen||Punkt 1"
    "|bei Stimmengleichheit abgelehnt",
}


@pytest.mark.parametrize(
    ("phrase", "expected"), [(phrase, name) for name, phrases in PHRASES.items() for phrase in phrases.split("|")]
)
def test_a_phrase_is_read_whole_or_not_at_all(phrase, expected):
    assert outcome(phrase) == expected


def test_roles():
    assert [role(text) for text in ("Entscheidung", "Vorberatung", "Kenntnisnahme", "Vorentscheidung")] == [
        "decides", "advises", "is_informed", "unknown",
    ]  # fmt: skip


@pytest.fixture
def db(tmp_path):
    db = connect(tmp_path / "town.db")
    db.table("organizations").insert_all(
        [
            {"id": "pa1", "name": "Rat der Stadt", "organization_type": "Rat"},
            {"id": "au2", "name": "Bauausschuss", "organization_type": "Ausschuss"},
        ]
    )
    db.table("meetings").insert_all(
        [
            {"id": 1, "organization_id": "au2", "date": "2020-01-01"},
            {"id": 2, "organization_id": "pa1", "date": "2020-02-01"},
        ]
    )
    return db


def item(db, number, meeting, result, paper=None, text=None, public=1):
    if paper:
        db.table("papers").insert({"id": paper}, ignore=True)
    db.table("agenda_items").insert(
        {"id": number, "meeting_id": meeting, "public": public, "result": result, "paper_id": paper,
         "resolution_text": text, "source_url": "http://127.0.0.1/"}
    )  # fmt: skip


def consult(db, paper, number, date, role=None, result=None, body=None):
    db.table("papers").insert({"id": paper}, ignore=True)
    key = f"vo{paper}-{db.table('consultations').count + 1}"
    db.table("consultations").insert(
        {"id": key, "paper_id": paper, "agenda_item_id": number, "date": date, "role": role, "result": result,
         "organization_name": body}
    )  # fmt: skip


def outcomes(db, table="agenda_items"):
    derive(db)
    return {row["id"]: row["outcome"] for row in db.table(table).rows}


def test_advice_is_never_a_decision(db):
    for number, (role_, result) in enumerate(
        [("Vorberatung", "ungeändert beschlossen"), ("Vorberatung", "geändert beschlossen"), ("Anhörung", "abgelehnt"),
         ("Kenntnisnahme", "beschlossen"), ("Entscheidung", "beschlossen"), ("Vorberatung", "vertagt")], 1
    ):  # fmt: skip
        item(db, number, 1, result, paper=number)
        consult(db, number, number, "2020-01-01", role_)
    assert list(outcomes(db).values()) == [
        "recommended", "recommended", "not_recommended", "noted", "accepted", "deferred",
    ]  # fmt: skip


def test_a_line_without_a_link_tells_the_role_by_paper_body_and_day(db):
    item(db, 1, 1, "beschlossen", paper=7)
    consult(db, 7, None, "2020-01-01", "Vorberatung", body="Bauausschuss")
    assert outcomes(db) == {1: "recommended"}


def test_a_committees_text_may_say_that_it_only_recommends(db):
    advice = "Beschluss: Der Bauausschuss empfiehlt einstimmig dem Rat der Stadt, den Weg zu bauen."
    item(db, 1, 1, "beschlossen", text=advice)
    item(db, 2, 2, "beschlossen", text=advice)  # the council quotes it and decides
    item(db, 3, 1, "beschlossen", text="Der Bauausschuss beschließt den Weg.")
    assert outcomes(db) == {1: "recommended", 2: "accepted", 3: "accepted"}


def test_no_result_is_open_and_what_is_not_public_says_nothing(db):
    item(db, 1, 1, None)
    item(db, 2, 1, None, public=0)
    item(db, 3, 1, "nach Beratung offen gelassen")
    assert outcomes(db) == {1: "open", 2: None, 3: "unknown"}
    assert db.table("phrases").get(("result", "nach Beratung offen gelassen", "unknown"))


def test_the_deciding_body_wins_for_a_paper(db):
    item(db, 1, 1, "abgelehnt", paper=7)
    item(db, 2, 2, "ungeändert beschlossen", paper=7)
    consult(db, 7, 1, "2020-03-01", "Vorberatung")  # later, and still advice
    consult(db, 7, 2, "2020-02-01", "Entscheidung")
    item(db, 3, 1, "beschlossen", paper=8)
    consult(db, 8, 3, "2020-01-01", "Vorberatung")
    consult(db, 8, None, None, "Entscheidung")
    item(db, 4, 1, "beschlossen", paper=9)  # nobody is said to decide, and the council is still to come
    consult(db, 9, 4, "2020-01-01")
    consult(db, 9, None, None)
    consult(db, 10, None, "2020-02-01", "Entscheidung", "abgelehnt")  # its item is not public
    item(db, 5, 1, "zur Kenntnis genommen", paper=11)  # the paper's page is not public
    assert outcomes(db, "papers") == {7: "accepted", 8: "open", 9: "open", 10: "rejected", 11: "noted"}
    assert {row["id"]: row["decided"] for row in db.table("papers").rows} == {
        7: "2020-02-01", 8: None, 9: None, 10: "2020-02-01", 11: None,
    }  # fmt: skip


def test_deriving_twice_changes_nothing(db):
    item(db, 1, 1, "beschlossen", paper=7)
    consult(db, 7, 1, "2020-01-01", "Vorberatung")
    first = outcomes(db)
    changes = db.conn.total_changes
    assert outcomes(db) == first
    assert db.conn.total_changes - changes == 2 * db.table("phrases").count  # the list of phrases is made anew


def test_a_members_group_is_what_the_roster_prints_or_whose_roster_it_is(db):
    db.table("organizations").insert({"id": "fr3", "name": "SPD-Fraktion", "organization_type": "Fraktion"})
    for number, (body, affiliation) in enumerate(
        [("au2", "CDU-Fraktion"), ("au2", "Stadtverwaltung"), ("fr3", None), ("fr3", "Schatzmeister")], 1
    ):
        db.table("memberships").insert({"id": number, "organization_id": body, "affiliation": affiliation})
    derive(db)
    assert [row["group_name"] for row in db.table("memberships").rows] == ["CDU", None, "SPD", "SPD"]


def test_every_outcome_is_in_the_database_with_its_german_word(db):
    assert [row["name"] for row in db.table("outcomes").rows] == [entry.name for entry in OUTCOMES]
    assert all(row["label"] and row["color"].startswith("#") for row in db.table("outcomes").rows)
