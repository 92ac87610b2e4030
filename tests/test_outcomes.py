"""What became of items and papers: read from the Beschlussart, never from advice. All rows are invented."""

import pytest

from ratsdaten.database import connect
from ratsdaten.outcomes import OUTCOMES, outcome, recommends, role
from scraper.derive import derive

PHRASES = {
    "accepted": "ungeändert beschlossen|Beschlossen|einstimmig beschlossen|mit Stimmenmehrheit beschlossen|"
    "einstimmig bei 2 Enthaltungen beschlossen|UNGEAENDERT BESCHLOSSEN|genehmigt.|gewählt",
    "accepted_amended": "geändert beschlossen|geändert beschlossen / überwiesen|in geänderter Fassung beschlossen",
    "rejected": "abgelehnt|mehrheitlich abgelehnt|bei Stimmengleichheit abgelehnt|nicht beschlossen",
    "recommended": "empfohlen|dem Rat empfohlen|beschlossen/empfohlen",
    "not_recommended": "nicht empfohlen|zur Ablehnung empfohlen",
    "noted": "zur Kenntnis genommen|Kenntnis  genommen",
    "referred": "überwiesen|an Fachausschuss verwiesen|verwiesen in den Hauptausschuss|an Rat verwiesen",
    "deferred": "vertagt|vertagt / verbleibt|zurückgestellt|von der Tagesordnung abgesetzt",
    "withdrawn": "zurückgezogen|zurückgezogen / erledigt",
    "settled": "erledigt|entfällt",
    "answered": "beantwortet",
    "unknown": "einstimmig|nicht|beschlossen mit Auflagen|ohne Beschluss|abgelehnt oder beschlossen||Punkt 1"
    "|beschlossen / abgelehnt|nicht an den Rat verwiesen",
}


@pytest.mark.parametrize(
    ("phrase", "expected"), [(phrase, name) for name, phrases in PHRASES.items() for phrase in phrases.split("|")]
)
def test_a_phrase_is_read_whole_or_not_at_all(phrase, expected):
    assert outcome(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Entscheidung", "decides"),
        ("zur Vorberatung", "advises"),
        ("Empfehlung an Rat", "advises"),
        ("Vorberatung/Empfehlung", "advises"),
        ("Kenntnisnahme und Beratung", "advises"),
        ("Kenntnisnahme", "is_informed"),
        ("Vorentscheidung", "unknown"),
        ("Vorberatung/Entscheidung", "unknown"),
    ],
)
def test_a_role_is_read_whole_or_in_parts_that_agree(phrase, expected):
    assert role(phrase) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Bezirksvertretung empfiehlt dem Bauausschuss, den Weg zu bauen.", True),
        ("Der Ausschuss empfiehlt dem Ausschuss für Planung einstimmig, den Weg zu bauen.", True),
        ("Beschluss: Der Ausschuss empfiehlt dem Haupt- und Personalausschuss, den Weg zu bauen.", True),
        ("Der Ausschuss empfiehlt: Der Rat der Stadt beschließt den Weg.", True),
        ("Der Ausschuss empfiehlt, der Rat möge den Weg beschließen.", True),
        ("Der Ausschuss schlägt dem Rat vor, den Weg zu bauen.", True),
        ("Empfehlung an den Rat: Der Weg wird gebaut.", True),
        ("Der Ausschuss beschließt die von der Jury empfohlene Gestaltung vor dem Rathaus.", False),
        ("Der Ausschuss empfiehlt der Verwaltung, den Weg zu bauen.", False),
        ("Wie die Verwaltung dem Rat empfiehlt, wird der Weg gebaut.", False),
        ("Die Verwaltung empfiehlt dem Ausschuss den Weg. Der Ausschuss beschließt ihn.", False),
    ],
)
def test_advice_is_told_by_whom_it_goes_to(text, expected):
    assert recommends(text) == expected


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


def test_the_station_that_counts_for_a_paper(db):
    consult(db, 1, None, "2020-01-01", "Entscheidung", "beschlossen")  # noted again later: the decision stands
    consult(db, 1, None, "2020-02-01", "Entscheidung", "zur Kenntnis genommen")
    consult(db, 2, None, "2020-02-01", "Entscheidung", "vertagt")
    consult(db, 2, None, "2020-03-01", "Entscheidung", "abgelehnt")
    consult(db, 3, None, "2020-01-01", "Vorberatung", "zurückgezogen")
    consult(db, 3, None, None, "Entscheidung")
    consult(db, 4, None, "2020-02-01", "Entscheidung", "abgelehnt")  # two on one day: the later line
    consult(db, 4, None, "2020-02-01", "Entscheidung", "beschlossen")
    item(db, 5, 2, "beschlossen", paper=5)  # the line has no link: the item of that paper, body and day
    consult(db, 5, None, "2020-02-01", "Entscheidung", body="Rat der Stadt")
    item(db, 6, 1, "beschlossen", paper=6)  # a role we do not understand
    consult(db, 6, 6, "2020-01-01", "Orakel")
    assert outcomes(db, "papers") == {
        1: "accepted", 2: "rejected", 3: "withdrawn", 4: "accepted", 5: "accepted", 6: "unknown",
    }  # fmt: skip


def test_bodies_of_one_name_are_told_apart_by_their_meeting(db):
    db.table("organizations").insert({"id": "au9", "name": "Bauausschuss", "organization_type": "Ausschuss"})
    item(db, 1, 1, "beschlossen", paper=7)
    consult(db, 7, None, "2020-01-01", "Vorberatung", body="Bauausschuss")
    assert outcomes(db) == {1: "recommended"}


def test_deriving_twice_changes_nothing(db):
    item(db, 1, 1, "beschlossen", paper=7)
    consult(db, 7, 1, "2020-01-01", "Vorberatung")
    tables = ("agenda_items", "papers", "phrases", "consultations")
    first = outcomes(db), [list(db.table(table).rows) for table in tables]
    assert (outcomes(db), [list(db.table(table).rows) for table in tables]) == first


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


def test_a_meeting_of_the_calendar_belongs_to_the_one_body_of_its_name(tmp_path):
    db = connect(tmp_path / "town.db")
    db.table("organizations").insert_all([{"id": "pa1", "name": "Rat"}, {"id": "au2", "name": "Bauausschuss"}])
    agenda, calendar = ({"source_url": f"http://127.0.0.1/allris/{page}.asp?X=1"} for page in ("to010", "si010_e"))
    db.table("meetings").insert_all(
        [
            {"id": 1, "name": "des Rates", "organization_id": "pa1", **agenda},
            {"id": 2, "name": "des Rates", "organization_id": None, **calendar},
            {"id": 3, "name": "des Rates - entfällt", "organization_id": None, **calendar},
            {"id": 4, "name": "des Rates der Kinder", "organization_id": None, **calendar},
            {"id": 5, "name": "des Rates", "organization_id": None, **agenda},
        ]
    )

    def bodies():
        derive(db)
        return [body for (body,) in db.execute("SELECT organization_id FROM meetings ORDER BY id").fetchall()]

    assert bodies() == ["pa1", "pa1", "pa1", None, None]
    db.table("meetings").insert({"id": 6, "name": "des Rates", "organization_id": "au2", **agenda})
    assert bodies() == ["pa1", None, None, None, None, "au2"]
