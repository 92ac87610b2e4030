"""What the search promises, one test a promise, over a few invented rows."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from ratsdaten.database import close, connect
from ratsdaten.search import Search, escape_fts, export, hits, rebuild, refresh, search, suggestions
from ratsdaten.search.language import prepared, word
from ratsdaten.search.lexicon import _keep, lexicon
from ratsdaten.search.query import parse
from ratsdaten.search.snippets import Marker
from scraper.derive import derive

BODIES = [
    {"id": "pa1", "name": "Rat der Stadt Lindenrath", "organization_type": "Rat"},
    {"id": "au2", "name": "Ausschuss für Bildung und Sport", "organization_type": "Ausschuss"},
    {"id": "fr3", "name": "Fraktion Bündnis 90/Die Grünen", "organization_type": "Fraktion"},
]
MEETINGS = [
    {"id": 1, "organization_id": "pa1", "name": "des Rates", "date": "2020-10-31"},
    {"id": 2, "organization_id": "au2", "name": "des Ausschusses für Bildung und Sport", "date": "2023-03-01"},
]
#: id -> reference, title, text, date
PAPERS = {
    1: ("2021/0402", "Sanierung der Grundschulen", "Die Dächer werden erneuert.", "2021-01-01"),
    2: ("2021/0403", "Planung der Schulentwicklung", "Bis 2030.", "2021-02-01"),
    3: ("2021/0404", "Emscherradweg an der Müllerstraße", "Der Weg wird verbreitert.", "2021-03-01"),
    4: ("2021/0405", "Mehr Kita-Plätze im Süden", None, "2021-04-01"),
    5: ("2021/0406", "Haushaltsplan 2022", "Für das Haus am Markt stehen Mittel bereit.", "2021-05-01"),
    6: ("2021/0407", "Ein Haus für die Jugend", "Das Gebäude war ein Museum.", "2021-06-01"),
    7: ("2022/0001", "Neue Straßennamen", "Die neue Straße heißt Fliederweg.", "2022-01-01"),
    8: ("2010/0001", "Neue Straßennamen", "Die neue Straße heißt Fliederweg.", "2010-01-01"),
    9: ("2022/0002", "Lärmschutz", f"{'Viel davor. ' * 40}Der Tunnel wird gebaut. {'Mehr. ' * 60}", "2022-02-01"),
    10: ("2022/0003", "Offene Ganztagsschule", "Über die OB-Wahl wird berichtet.", "2022-03-01"),
}  # fmt: skip
ITEMS = [
    {"id": 11, "meeting_id": 1, "number": "1", "name": "Dachsanierung", "paper_id": 1, "outcome": "accepted"},
    {"id": 12, "meeting_id": 2, "number": "2", "name": "Schwimmbad", "outcome": "rejected"},
    {"id": 13, "meeting_id": 2, "number": "3", "name": "Neubau des Schwimmbads", "outcome": "noted"},
]
PERSONS = [{"id": 21, "name": "Petra Mueller", "family_name": "Mueller"}, {"id": 22, "name": "Ole Erfunden"}]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = connect(tmp_path / "demo.db")
    page = {"source_url": "https://ris.example/"}  # rows of pages of their own
    db.table("organizations").insert_all(BODIES)
    db.table("meetings").insert_all(row | page for row in MEETINGS)
    db.table("papers").insert_all(
        {"id": key, "reference": number, "name": name, "text": text, "date": day, "author": "SPD-Fraktion"} | page
        for key, (number, name, text, day) in PAPERS.items()
    )
    db.table("agenda_items").insert_all(row | page for row in ITEMS)
    db.table("persons").insert_all(row | page for row in PERSONS)
    db.table("votes").insert({"id": "to12-1", "agenda_item_id": 12, "position": 1, "yes": 3, "no": 5})
    derive(db)
    for item in ITEMS:  # derive() reads the outcome from a page that these rows do not have
        db.table("agenda_items").update(item["id"], {"outcome": item["outcome"]})
    refresh(db)
    yield db
    db.close()


def found(db: Database, q: str, **filters: object) -> list[tuple[str, int | str]]:
    return [(hit.kind, hit.id) for hit in search(db.conn, Search(q=q, **filters)).hits]  # type: ignore[arg-type]


def papers(db: Database, q: str) -> list[int | str]:
    return [key for kind, key in found(db, q, kind="papers")]


def marked(runs: tuple[tuple[str, bool], ...]) -> list[str]:
    return [text for text, mark in runs if mark]


@pytest.mark.parametrize("typed", ["Grundschule", "grundschulen", "der Grundschule"])
def test_inflection(db: Database, typed: str) -> None:
    assert papers(db, typed) == [1]


@pytest.mark.parametrize(
    ("form", "other"),
    [
        ("Häuser", "Haus"), ("Museen", "Museum"), ("Kitas", "Kita"), ("saniert", "Sanierung"), ("gebaut", "bauen"),
        ("Gremien", "Gremium"), ("öffentlichem", "öffentliche"), ("beschlossen", "beschließt"), ("Plätze", "Platz"),
        ("abgelehnter", "ablehnen"), ("Gymnasiasten", "Gymnasiast"), ("Ärztinnen", "Arzt"),
        ("Architektin", "Architekt"), ("Busse", "Bus"), ("Nachtbusse", "Nachtbus"),
        ("Waren", "Ware"), ("Entsiegelung", "entsiegelt"), ("Regelung", "geregelt"), ("gesammelt", "sammeln"),
        ("ehrenamtlichen", "ehrenamtlich"), ("Gene", "Gen"),
    ],
)  # fmt: skip
def test_forms_of_one_word_are_one(form: str, other: str) -> None:
    assert word(form).normal == word(other).normal


@pytest.mark.parametrize(
    "spelt", ["Schüler:innen", "Schüler*innen", "Schüler_innen", "Schüler/-innen", "Schüler(innen)"]
)
def test_men_and_women_in_one_word(spelt: str) -> None:
    assert prepared(f"für {spelt} da") == prepared("für Schüler da")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Schüler", "Schule"),
        ("Bürger", "Burg"),
        ("Kurs", "Kur"),
        ("Zeitung", "Zeit"),
        ("Bauer", "Bau"),
        ("Eisen", "Eis"),
        ("Buße", "Busse"),
        ("wegen", "Weg"),
        ("seit", "Seite"),
        ("nach", "nächste"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert word(one).normal != word(other).normal


def test_a_word_finds_the_compounds_it_is_part_of(db: Database) -> None:
    assert set(papers(db, "Schule")) == {1, 2, 10}
    assert papers(db, "Radweg") == papers(db, "Radwege") == [3]  # after a name that no dictionary knows


def test_a_compound_finds_its_parts_near_each_other(db: Database) -> None:
    assert papers(db, "Schulentwicklungsplanung") == [2]
    assert found(db, "Grundschulsanierung")[0] == ("papers", 1)


@pytest.mark.parametrize(
    "atom",
    [
        "Haushalt",
        "Bahnhof",
        "Friedhof",
        "Karate",
        "Ausschuss",
        "gesamt",
        "Beratung",
        "Anlieger",
        "Transport",
        "Feststellung",
        "Bußgeld",
    ],
)
def test_words_that_only_look_like_compounds_stay_whole(atom: str) -> None:
    assert len(word(atom).leaves) == 1


@pytest.mark.parametrize("place", ["Vorplatz", "Innenhof", "Hinterhof", "Nebengebäude", "Untergeschoss"])
def test_a_place_may_be_the_last_part_of_a_compound(place: str) -> None:
    assert word(place).normal in word(f"Rathaus{place.lower()}").parts


def test_a_word_found_whole_comes_before_a_part(db: Database) -> None:
    assert papers(db, "Haus") == [6, 5]
    assert papers(db, "Haushalt") == [5]


@pytest.mark.parametrize(
    "typed", ["Müllerstraße", "Muellerstrasse", "MÜLLERSTRASSE", "Mu\u0308llerstr.", "Müller\u00adstraße"]
)
def test_umlauts_and_sharp_s(db: Database, typed: str) -> None:
    assert papers(db, typed) == [3]


@pytest.mark.parametrize(
    "typed", ["Rübenkamperstraße", "Rübenkamper Straße", "Ruebenkamper Str.", "Rübenkamper-Strasse"]
)
@pytest.mark.parametrize("spelt", ["Rübenkamperstraße", "Rübenkamper Straße", "Rübenkamperstr.", "Rübenkamper-Str."])
def test_streets_are_found_however_their_names_are_parted(db: Database, typed: str, spelt: str) -> None:
    db.table("papers").update(9, {"name": spelt})
    rebuild(db)
    assert papers(db, typed) == [9]


@pytest.mark.parametrize("typed", ["Kita-Plätze", "Kitaplätze", "Kita Plätze", "Kitaplatz", "Kitaplaetze"])
def test_hyphens(db: Database, typed: str) -> None:
    assert papers(db, typed) == [4]


def test_phrases(db: Database) -> None:
    assert papers(db, '"neue Straße"') == papers(db, "„neue Straßen“") == [7, 8]
    assert papers(db, '"Straße neue"') == []


def test_exclusion(db: Database) -> None:
    assert papers(db, "Haus -Haushalt") == [6]
    assert papers(db, 'Schule -"Planung der Schulentwicklung" -Grundschule') == [10]
    assert set(papers(db, "-Schule -Straße")) == {4, 5, 6, 9}


@pytest.mark.parametrize("typed", ["2021/0402", "2021/402", "Vorlage Nr. 2021/0402", "402/2021", "2021-0402"])
def test_references(db: Database, typed: str) -> None:
    assert found(db, typed) == [("papers", 1), ("agenda_items", 11)]


def test_a_supplement_that_is_not_there_leads_to_its_paper(db: Database) -> None:
    answer = search(db.conn, Search(q="2021/0402-1", kind="papers"))
    assert [hit.id for hit in answer.hits] == [1] and answer.relaxed
    db.table("papers").update(9, {"reference": "2021/0402-1"})
    rebuild(db)
    assert papers(db, "2021/0402-1") == papers(db, "2021/402/1") == [9]


@pytest.mark.parametrize("typed", ["8", "2021"])
def test_the_number_of_a_paper_is_no_number_in_its_text(db: Database, typed: str) -> None:
    db.table("papers").update(9, {"reference": "2019/0008"})
    db.table("papers").update(10, {"reference": "2019/2021"})
    rebuild(db)
    assert not {9, 10} & set(papers(db, typed))
    assert papers(db, "2019/8") == papers(db, "Vorlagen-Nr. 2019/0008") == papers(db, "VO/2019/0008") == [9]


def test_two_years_are_no_paper(db: Database) -> None:
    db.table("papers").update(9, {"reference": "2025/0026"})
    db.table("papers").update(10, {"text": "Doppelhaushalt 2025/26"})
    db.table("papers").update(8, {"reference": "2025/2026", "text": "Doppelhaushalt 2025/2026"})
    rebuild(db)
    assert set(papers(db, "Haushalt 2025/2026")) == set(papers(db, "Haushalt 2025/26")) == {8, 10}
    assert papers(db, "2025/2026")[0] == 8 and papers(db, "2025/0026")[0] == 9


def test_a_paper_whose_number_was_typed_comes_first_however_old(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "_RANKED", 2)
    answer = search(db.conn, Search(q="2010/0001 Straße Schule Unfindbar"))
    assert (answer.hits[0].id, answer.relaxed) == (8, True)


@pytest.mark.parametrize(
    "typed",
    [
        "31.10.2020",
        "2020-10-31",
        "31.10.20",
        "31. Oktober 2020",
        "31.Okt. 2020",
        "Samstag, 31 Oktober 2020",
        "31/10/2020",
    ],
)
def test_days(db: Database, typed: str) -> None:
    assert found(db, typed) == [("meetings", 1)]


@pytest.mark.parametrize(
    "typed",
    [
        "Ratssitzung 31.10.2020",
        "Sitzung des Rates vom 31.10.2020",
        "Rat Oktober 2020",
        "Rat 10/2020",
        "Rat 10.2020",
        "Rat 2020-10",
    ],
)
def test_a_meeting_is_found_by_its_body_and_its_day(db: Database, typed: str) -> None:
    db.table("papers").update(9, {"name": "Rat", "text": "Sitzung vom 31.10.2020, Tagesordnung im Oktober 2020"})
    rebuild(db)
    assert found(db, typed)[0] == ("meetings", 1)
    assert ("meetings", 1) in found(db, f"Tagesordnung {typed}")


def test_a_day_shows_its_meetings_first(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.table("papers").update(9, {"name": "31.10.2020", "date": "2026-01-01"})
    rebuild(db)
    assert found(db, "31.10.2020") == [("meetings", 1), ("papers", 9)]
    monkeypatch.setattr(hits, "_RANKED", 2)
    assert found(db, "Unfindbar Ausschuss Schule 31.10.2020")[0] == ("meetings", 1)  # not the later ones


def test_a_room_is_not_near_a_body(db: Database) -> None:
    db.table("meetings").update(2, {"room": "Gesamtschule", "location": "Lindenrath"})
    db.table("papers").update(9, {"text": "Der Schulausschuss tagt."})
    rebuild(db)
    assert found(db, "Schulausschuss") == [("papers", 9)]
    assert ("meetings", 2) in found(db, "Gesamtschule")


def test_a_number_and_a_year_are_a_month_unless_they_are_said_to_be_a_paper(db: Database) -> None:
    db.table("papers").update(9, {"reference": "2020/0010"})
    rebuild(db)
    assert found(db, "10/2020") == [("papers", 9), ("meetings", 1)]
    assert found(db, "Vorlage 10/2020") == [("papers", 9)]
    assert ("meetings", 1) in found(db, "Sitzung -10/2020")
    assert found(db, "10/2020 Unfindbar") == [("papers", 9), ("meetings", 1)]
    assert papers(db, "2020/21") == [] and papers(db, "2022/23") == []
    db.table("papers").update(9, {"reference": "2020/0021"})
    rebuild(db)
    assert papers(db, "2020/21") == [9]


def test_a_month_in_words_is_found(db: Database) -> None:
    db.table("papers").update(9, {"text": "Am 3. Oktober 2019 wird gefeiert."})
    rebuild(db)
    for typed in ("Oktober 2019", "Okt. 2019", "3. Oktober", "03.10.2019", "3.10.19"):
        assert papers(db, typed) == [9]
    assert papers(db, "1.2.13") == []


@pytest.mark.parametrize("typed", ["766.700", "766700", "766.700 €", "766.700,00 €", "766 700 Euro", "766700,00"])
def test_an_amount_is_one_number(db: Database, typed: str) -> None:
    db.table("papers").update(9, {"text": "Es kostet 500–766.700 €."})
    db.table("papers").update(10, {"text": "766 Plätze, 700 Stühle."})
    rebuild(db)
    assert papers(db, typed) == [9]


@pytest.mark.parametrize("typed", ["Geh- und Radweg", "Geh-, Lauf- und Radweg", "Geh-/Radweg"])
def test_a_hyphen_stands_for_the_end_of_the_next_word(db: Database, typed: str) -> None:
    db.table("papers").update(8, {"text": "Der Radweg geht bis zur Brücke."})
    db.table("papers").update(9, {"text": "Der Gehweg und der Laufweg; weit davon, am anderen Ufer der Radweg."})
    db.table("papers").update(10, {"text": typed})
    rebuild(db)
    assert set(papers(db, typed)) == {9, 10}
    assert set(papers(db, "Gehweg")) == {9, 10}
    [hit] = [hit for hit in search(db.conn, Search(q="Gehweg")).hits if hit.id == 10]
    assert marked(hit.snippet) == ["Geh"]


@pytest.mark.parametrize("typed", ["Vor- und Nachteile", "Vor‑ und Nachteile"])
def test_half_a_word_is_no_stop_word(db: Database, typed: str) -> None:
    db.table("papers").update(8, {"text": "Die Nachteile"})
    db.table("papers").update(9, {"text": "Nachteile überwiegen die Vorteile."})
    rebuild(db)
    assert papers(db, typed) == [9]


def test_words_that_hyphens_join_count_for_themselves_if_they_are_nowhere_together(db: Database) -> None:
    answer = search(db.conn, Search(q="Museum-30-Zone", kind="papers"))
    assert [hit.id for hit in answer.hits] == [6] and answer.relaxed
    assert marked(answer.hits[0].snippet) == ["Museum"]


def test_a_number_is_no_piece_of_a_date_and_says_nothing_alone(db: Database) -> None:
    db.table("papers").update(9, {"text": "Bis zum 30.06.2024 oder 2024-06-29 in 30 Metern."})
    db.table("papers").update(10, {"text": "Bis zum 30.06.2024."})
    rebuild(db)
    assert papers(db, "30") == [9] and papers(db, "29") == papers(db, "06") == []
    assert set(papers(db, "30.6.2024")) == set(papers(db, "2024")) == {9, 10}
    answer = search(db.conn, Search(q="Tempo 30"))
    assert (answer.total, answer.relaxed) == (0, False)


@pytest.mark.parametrize(
    "votes",
    [
        "\tgesamt\tSPD\tCDU\tOB\ndafür:\t9\t5\t3\t1",
        "dafür: 16 (7 SPD, 3 Grüne, 1 OB) dagegen: 0",
        "SPD CDU OB\n5 3 1",
        "SPD\nOB\n1",
    ],
)
def test_a_column_of_votes_is_not_the_mayor(db: Database, votes: str) -> None:
    db.table("agenda_items").update(13, {"vote_text": votes})
    rebuild(db)
    assert found(db, "OB", kind="agenda_items") == []
    db.table("agenda_items").update(13, {"minutes_text": "Der OB antwortet."})
    rebuild(db)
    assert found(db, "Oberbürgermeister", kind="agenda_items") == [("agenda_items", 13)]


def test_names_come_first(db: Database) -> None:
    assert found(db, "Müller")[0] == ("persons", 21)
    assert found(db, "Rat")[0] == ("organizations", "pa1")
    assert found(db, "Ausschuss für Bildung und Sport")[:2] == [("organizations", "au2"), ("meetings", 2)]
    assert found(db, "Grüne")[0] == ("organizations", "fr3")


def test_abbreviations(db: Database) -> None:
    assert papers(db, "OGS") == [10]
    assert papers(db, "Oberbürgermeister") == papers(db, "OB") == [10]


def test_filters(db: Database) -> None:
    assert found(db, "Schwimmbad") == [("agenda_items", 12), ("agenda_items", 13)]
    assert found(db, "Schwimmbad", votes=True) == found(db, "", outcome="rejected") == [("agenda_items", 12)]
    assert found(db, "", body="pa1", kind="agenda_items") == [("agenda_items", 11)]
    assert found(db, "", since="2022-01-01", until="2022-01-31") == [("papers", 7)]
    assert len(found(db, "", group="SPD", kind="papers")) == len(PAPERS)


def test_counts_are_as_if_their_own_filter_were_off(db: Database) -> None:
    counts = search(db.conn, Search(q="Schwimmbad", outcome="rejected")).counts
    assert {count.value: count.count for count in counts["outcome"]} == {"rejected": 1, "noted": 1}
    assert [(count.label, count.count) for count in counts["kind"]] == [("Tagesordnungspunkte", 1)]
    assert [(count.value, count.count) for count in counts["year"]] == [("2023", 1)]
    everything = search(db.conn, Search())
    assert everything.total == sum(count.count for count in everything.counts["kind"]) == 20


def test_order(db: Database) -> None:
    assert papers(db, "Straßennamen") == [7, 8]  # the recent before the old
    days = [hit.date or "" for hit in search(db.conn, Search(q="Schule", sort="date")).hits]
    assert days == sorted(days, reverse=True)


def test_at_equal_match_the_recent_comes_before_the_old_whatever_it_is(db: Database) -> None:
    name = "Zirkus auf dem Festplatz"
    db.table("meetings").insert({"id": 50, "date": "2021-05-01", "name": "Rat", "source_url": "https://ris.example/"})
    db.table("agenda_items").insert({"id": 60, "meeting_id": 50, "name": name, "source_url": "https://ris.example/"})
    db.table("papers").insert_all(
        [
            {"id": 70, "reference": "2022/0636", "name": name, "date": "2022-05-01"},
            {"id": 71, "reference": "2024/0636", "name": f"{name} nicht", "date": "2024-05-01"},
            {"id": 72, "reference": "2025/0636", "name": f"{name} {'und dies und das ' * 60}", "date": "2025-05-01"},
            {"id": 73, "reference": "2023/0636", "name": None, "text": name, "date": "2023-05-01"},
        ]
    )
    rebuild(db)
    assert [key for _, key in found(db, "Zirkus")] == [71, 70, 60, 72, 73]


def test_of_equal_titles_what_has_a_text_comes_before_a_bare_heading(db: Database) -> None:
    name = "Zirkus auf dem Festplatz"
    items = {60: None, 61: "Es wird berichtet.", 62: None}
    db.table("meetings").insert_all(
        {"id": n, "date": day, "name": "Rat", "source_url": "https://ris.example/"}
        for n, day in ((50, "2022-05-01"), (51, "2999-05-01"))
    )
    db.table("agenda_items").insert_all(
        {
            "id": n,
            "meeting_id": 50 + (n == 62),
            "name": name,
            "minutes_text": text,
            "source_url": "https://ris.example/",
        }
        for n, text in items.items()
    )
    rebuild(db)
    assert [key for _, key in found(db, "Zirkus")] == [62, 61, 60]  # what is to come has no minutes yet


def test_an_item_without_a_meeting_is_found(db: Database) -> None:
    db.table("agenda_items").insert({"id": 60, "name": "Zirkus", "source_url": "https://ris.example/"})
    rebuild(db)
    assert found(db, "Zirkus") == [("agenda_items", 60)]


def test_a_person_comes_before_what_mentions_her_and_a_paper_before_its_files(db: Database) -> None:
    db.table("papers").insert({"id": 70, "name": "Petra Mueller", "date": "2026-05-01"})
    db.table("files").insert_all(
        [
            {"id": f"do{n}", "name": "Petra Mueller", "modified": "2026-11-01T10:00:00"}
            | dict.fromkeys(("url", "source_url"), "https://ris.example/")
            for n in (80, 81)
        ]
    )
    rebuild(db)
    assert found(db, "Petra Müller") == [("persons", 21), ("papers", 70), ("files", "do80"), ("files", "do81")]


def test_pages_meet_without_gap_or_repetition(db: Database) -> None:
    whole = found(db, "")
    parts = [search(db.conn, Search(page=page), limit=7) for page in (1, 2, 3)]
    assert [(hit.kind, hit.id) for part in parts for hit in part.hits] == whole[:20]
    assert parts[0].pages == 3


@pytest.mark.parametrize(
    "asked", [{"q": "Straße"}, {"q": "Straße", "sort": "date"}, {"q": "Straße", "since": "1910-01-01"}]
)
def test_more_hits_than_are_ranked_keep_one_order(
    db: Database, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    db.table("papers").insert_all(
        {"id": 100 + n, "name": "Straße" if n % 3 else "Platz", "text": "An der Straße", "date": f"{1900 + n}-05-01"}
        for n in range(60)
    )
    rebuild(db)
    monkeypatch.setattr(hits, "_RANKED", 10)
    wanted = Search(**asked)  # type: ignore[arg-type]
    whole = [(hit.kind, hit.id) for hit in search(db.conn, wanted, limit=1000).hits]
    parts = [search(db.conn, replace(wanted, page=page), limit=7) for page in range(1, len(whole) // 7 + 2)]
    assert [(hit.kind, hit.id) for part in parts for hit in part.hits] == whole
    assert len(set(whole)) == len(whole) == parts[0].total
    assert len(list(export(db.conn, wanted))) == len(whole)


def test_all_that_is_ranked_is_in_the_order_of_its_score(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.table("papers").insert_all(
        {"id": 100 + n, "name": f"Zirkus {'und Straße und Weg ' * 5 if n else ''}", "date": f"2001-05-{30 - n}"}
        for n in range(20)
    )
    db.table("papers").update(100, {"date": "2001-05-01"})  # the best, and the last of those that are ranked
    rebuild(db)
    monkeypatch.setattr(hits, "_RANKED", 20)
    assert papers(db, "Zirkus")[0] == 100
    monkeypatch.setattr(hits, "_RANKED", 19)
    assert papers(db, "Zirkus")[0] == 101


@pytest.mark.parametrize(
    ("q", "filters"),
    [
        ("Schwimmbad", {}), ("Schwimmbad", {"kind": "papers"}), ("Museumshaus", {}), ("Grundschule", {"kind": "files"}),
        ("Museumshaus", {"kind": "persons"}), ("Schwimmbad Fliederweg", {"since": "2022-01-01"}),
        ("Straße -neu", {"until": "2010-12-31"}), ("", {"outcome": "noted"}),
    ],
)  # fmt: skip
def test_a_count_is_what_its_filter_shows(db: Database, q: str, filters: dict[str, str]) -> None:
    wanted = Search(q=q, **filters)  # type: ignore[arg-type]
    for facet, counts in search(db.conn, wanted).counts.items():
        for count in counts:
            values = {"since": f"{count.value}-01-01", "until": f"{count.value}-12-31"}
            changed = values if facet == "year" else {facet: facet == "votes" or count.value}
            assert search(db.conn, replace(wanted, **changed)).total == count.count, (facet, count)  # type: ignore[arg-type]


def test_what_is_excluded_makes_no_reading_weaker(db: Database) -> None:
    assert papers(db, "Grundschule") == [1] and papers(db, "Grundschule -Dächer") == []
    assert papers(db, "Museumshaus") == [6] and papers(db, "Museumshaus -Jugend") == []


def test_parts_of_a_compound_that_stands_nowhere_are_said_and_marked(db: Database) -> None:
    answer = search(db.conn, Search(q="Museumshaus"))
    [hit] = answer.hits
    assert answer.apart and not answer.relaxed
    assert (marked(hit.title_runs), marked(hit.snippet)) == (["Haus"], ["Museum"])
    assert not search(db.conn, Search(q="Haus")).apart


def test_what_strange_rows_say_of_themselves_breaks_no_search(db: Database) -> None:
    """A file of two papers, days that are none, and a row removed since the index was filled."""
    db.table("files").insert({"id": "do1", "name": "Lageplan", "text": "vor\0 dem Lageplan"})
    db.table("paper_files").insert_all({"paper_id": key, "file_id": "do1"} for key in (1, 2))
    for key, day in ((3, "abc"), (4, "99999-01-01"), (5, ""), (6, None)):
        db.table("papers").update(key, {"name": "Lageplan", "date": day})
    rebuild(db)
    db.table("papers").delete(5)
    assert sorted(found(db, "Lageplan")) == [("files", "do1"), ("papers", 3), ("papers", 4), ("papers", 6)]


def test_snippets_show_the_original_with_the_word_marked(db: Database) -> None:
    [hit] = search(db.conn, Search(q="Tunnels bauen")).hits
    text = "".join(run for run, _ in hit.snippet)
    assert marked(hit.snippet) == ["Tunnel", "gebaut"]
    assert len(text) < 220 and text.startswith("… ") and text.endswith(" …")
    [hit] = search(db.conn, Search(q="Schule -Entwicklung -offen")).hits[:1]
    assert marked(hit.title_runs) == ["Grundschulen"]


def test_no_control_character_reaches_a_page(db: Database) -> None:
    db.table("papers").update(
        9, {"name": "Lärm\x02schutz\x00\u202e", "text": "Viel\x1b davor.\f\x85Der Tunnel\x0b wird gebaut."}
    )
    rebuild(db)
    [hit] = search(db.conn, Search(q="Tunnel")).hits
    shown = "".join(text for text, _ in (*hit.title_runs, *hit.snippet)) + hit.title
    assert shown.replace(" ", "").isprintable() and marked(hit.snippet) == ["Tunnel"]


def test_a_snippet_is_found_far_behind(db: Database) -> None:
    db.table("papers").update(9, {"text": f"{'Viel davor. ' * 20_000}\fDer Tunnel wird gebaut."})
    [hit] = search(db.conn, Search(q="Tunnel")).hits
    assert marked(hit.snippet) == ["Tunnel"]


def test_a_page_of_hits_looks_at_so_many_letters_for_its_snippets() -> None:
    marker, begun = Marker(parse("Tunnel").wanted), time.perf_counter()
    assert marked(marker.snippet(["Viel davor. " * 30_000 + "Ein Tunnel."])) == ["Tunnel"]
    for _ in range(20):
        assert marker.snippet(["Viel davor. " * 60_000 + "Ein Tunnel."])[0][0].startswith("Viel davor.")
    assert time.perf_counter() - begun < 0.5
    assert marked(marker.snippet(["Der Tunnel wird gebaut."])) == ["Tunnel"]  # a beginning always


def test_another_spelling_is_offered_only_if_it_finds_something(db: Database) -> None:
    answer = search(db.conn, Search(q="Schwimbad"))
    assert (answer.total, answer.suggestion) == (0, "Schwimmbad")
    assert search(db.conn, Search(q="Xqzwv")).suggestion is None
    assert search(db.conn, Search(q="Schwimmbad")).suggestion is None
    assert search(db.conn, Search(q="Haut")).suggestion is None  # no slip for Haus: it is a word


def test_rows_with_some_of_the_words_where_none_has_all(db: Database) -> None:
    answer = search(db.conn, Search(q="Schwimmbad Fliederweg"))
    assert answer.relaxed and answer.total == 4
    assert papers(db, "Museumshaus Fliederweg") == [7, 8]  # not what has but parts of a word
    assert not search(db.conn, Search(q="neue Straße")).relaxed


@pytest.mark.parametrize(
    "typed",
    ['"', '""', '"""', "-", "- -", "--", "*", "()", "NEAR(", "a AND", "NOT", "\0", "'; DROP TABLE papers; --",
     "^x", "x:y", "🙂", "title:", "{a}", "%", "\\", "<b>", "ß" * 5_000, "a " * 5_000, '"' * 999, "\ud800",
     "½", "Ⅷ", "ﬁ", "م", "日本"],
)  # fmt: skip
def test_nothing_typed_is_an_error(db: Database, typed: str) -> None:
    answer = search(db.conn, Search.from_arguments({"q": typed}))
    assert answer.total >= 0
    for table in ("papers", "persons"):
        db.execute(f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?", [escape_fts(typed)]).fetchall()


def test_what_a_url_says_wrongly_is_named_and_left_out() -> None:
    asked = {
        "q": "x",
        "art": "foo",
        "von": "gestern",
        "bis": "2021-02",
        "ergebnis": "foo",
        "seite": "-1",
        "sortierung": "?",
    }
    wanted = Search.from_arguments(asked)
    assert wanted == Search(q="x", until="2021-02-28")
    assert len(wanted.problems) == 5
    assert Search.from_arguments(wanted.arguments()) == wanted
    full = Search("x", "papers", "pa1", "2020-01-01", "2020-12-31", "SPD", "accepted", True, "date", 2)
    assert Search.from_arguments(full.arguments()) == full


def test_many_words_are_cut_and_it_is_said(db: Database) -> None:
    assert search(db.conn, Search(q=" ".join(f"wort{n}" for n in range(20)))).ignored == 8


def test_the_index_follows_the_rows(db: Database) -> None:
    assert not refresh(db)
    db.table("papers").update(1, {"fetched_at": "2026-01-01"})
    assert not refresh(db)  # a visit that found nothing new
    db.table("papers").update(1, {"name": "Tiefgarage"})
    db.table("persons").delete(22)
    assert search(db.conn, Search(q="Erfunden")).hits == []  # withdrawn at once, even before the index is filled anew
    assert refresh(db)
    assert papers(db, "Tiefgaragen") == [1] and found(db, "Erfunden") == []


def test_the_index_depends_on_the_rows_alone(db: Database) -> None:
    def content() -> list[tuple[object, ...]]:
        return [
            row for table in ("papers", "persons") for row in db.execute(f"SELECT * FROM {table}_fts_data").fetchall()
        ]

    before = content()
    rebuild(db)
    assert content() == before


def test_a_stranger_with_plain_sqlite_can_write_and_search(db: Database, tmp_path: Path) -> None:
    close(db)
    stranger = sqlite3.connect(tmp_path / "demo.db")
    stranger.execute("UPDATE papers SET name = 'Anders' WHERE id = 2")
    stranger.execute("INSERT INTO papers (id, name) VALUES (99, 'Neu')")
    stranger.execute("DELETE FROM papers WHERE id = 99")
    assert stranger.execute("SELECT rowid FROM papers_fts WHERE papers_fts MATCH 'grundschul'").fetchall() == [(1,)]
    assert stranger.execute("SELECT stale FROM search_state").fetchone() == (1,)


def test_export_gives_every_hit_in_order(db: Database) -> None:
    rows = list(export(db.conn, Search(q="Straßennamen")))
    assert [(hit.kind, hit.reference) for hit in rows] == [("papers", "2022/0001"), ("papers", "2010/0001")]
    assert len(list(export(db.conn, Search()))) == 20


def test_suggestions_while_typing(db: Database) -> None:
    assert suggestions(db.conn, "Aussch")[0] == "Ausschuss für Bildung und Sport"
    assert suggestions(db.conn, "2021/040")[:1] == ["2021/0407"]
    assert suggestions(db.conn, "strassenn")[0] == suggestions(db.conn, "STRAẞENN")[0] == "Straßennamen"
    assert suggestions(db.conn, "%") == suggestions(db.conn, "") == []


def test_only_the_latest_lexicon_is_kept(tmp_path: Path) -> None:
    (tmp_path / "lexicon-0.json").write_text("{}")
    (tmp_path / "other.json").write_text("{}")
    _keep(lexicon(), tmp_path / "lexicon-1.json")
    assert {file.name for file in tmp_path.iterdir()} == {"lexicon-1.json", "other.json"}


def test_a_lexicon_that_cannot_be_kept_is_said_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    _keep(lexicon(), tmp_path / "file" / "lexicon.json")
    assert "cannot be kept" in capsys.readouterr().err
