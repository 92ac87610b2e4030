"""The search page: what is typed, chosen and found, as a reader sees it. What the search finds: test_search*.py."""

from __future__ import annotations

import csv
import io
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
import pytest_asyncio
from conftest import configuration
from datasette.app import Datasette
from embedding_town import BY_GROUP, SUBJECT, TOTALS, WORDS, fill

from ratsdaten.database import close, connect
from ratsdaten.search import rebuild

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    db = connect(configuration(folder))
    fill(db)
    db.table("papers").update(99001, {"reference": "2024/0099", "name": "Radweg am Kanal", "slug": "2024/0099"})
    db.table("persons").insert({"id": 7, "name": "Petra Erfunden", "family_name": "Erfunden"})
    pages = "\f".join(f"Seite {n}\n{'Text ' * 300}" for n in range(1, 20))
    file = {"id": "vo99001-1", "name": "Lageplan der Radwege", "modified": "2024-04-01 10:00", "page_count": 20}
    db.table("files").insert(file | {"text": f"{pages}\fAm Ende\ndie Schleuse.\f", "text_source": "embedded"})
    db.table("paper_files").insert({"paper_id": 99001, "file_id": "vo99001-1"})
    db.table("agenda_items").insert_all(
        {"id": 1000 + n, "meeting_id": 99001, "position": 100 + n, "public": 1, "name": f"Kanalbrücke {n}"}
        for n in range(45)
    )
    rebuild(db)
    close(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


async def get(site, path, status=200, **parameters):
    answer = await site.client.get(path, params=parameters or None)
    assert answer.status_code == status, (path, answer.status_code, answer.text[-500:])
    return answer


async def page(site, **parameters):
    return lxml.html.fromstring((await get(site, "/suche", **parameters)).text)


def links(tree, path="//ol[contains(@class, 'treffer')]/li/a[1]"):
    return {" ".join(link.text_content().split()): link.get("href") for link in tree.xpath(path)}


async def test_hits_lead_to_their_pages(site):
    found = links(await page(site, q="Radwege"))
    assert found == {
        SUBJECT: f"/top/{BY_GROUP}",
        "Radweg am Kanal": "/vorlage/2024/0099",
        "Lageplan der Radwege": "/dokument/vo99001-1",
    }
    assert links(await page(site, q="Petra Erfunden")) == {"Petra Erfunden": "/person/7"}
    assert links(await page(site, q="Erfundenes", art="organizations")) == {
        "Ausschuss für <i>Erfundenes</i>": "/gremium/au99"
    }


async def test_a_hit_says_what_it_is_and_marks_what_was_sought(site):
    tree = await page(site, q="Brücke", art="agenda_items", abstimmung="1")
    (line,) = tree.xpath("//ol[contains(@class, 'treffer')]/li")
    text = " ".join(line.text_content().split())
    assert all(words in text for words in ("TOP 1", "06.05.2024", "Ausschuss für <i>Erfundenes</i>", "mit Abstimmung"))
    assert line.xpath(".//mark/text()") == ["Brücke"]
    assert line.xpath(".//span[contains(@class, 'ergebnis-accepted')]")


async def test_filters_in_use_can_be_taken_back_one_by_one(site):
    tree = await page(site, q="Kanal", art="agenda_items", gremium="au99", von="2024", bis="2024", sortierung="datum")
    chips = links(tree, "//ul[@class='chips']/li/a")
    assert len(chips) == 4
    assert chips.pop("Alle aufheben") == "/suche?q=Kanal&sortierung=datum"
    for label, kept in (("Tagesordnungspunkte", {"gremium", "von", "bis"}), ("ab 01.01.2024", {"art", "gremium"})):
        (path,) = (path for text, path in chips.items() if label in text)
        assert set(parse_qs(urlsplit(path).query)) == {"q", "sortierung"} | kept
    hidden = set(tree.xpath("//main//form//input[@type='hidden']/@name"))
    assert hidden == {"art", "gremium", "sortierung"}  # a new word is sought in the same place


async def test_every_facet_leads_to_as_many_hits_as_it_says(site):
    tree = await page(site, q="Kanal")
    facets = tree.xpath("//aside//li")
    assert set(tree.xpath("//aside//summary/text()")) >= {"Art", "Gremium", "Jahr"}
    for facet in facets:
        path, count = facet.xpath("./a/@href")[0], int(facet.xpath("string(./span)").replace(".", ""))
        found = (await get(site, path.replace("/suche?", "/suche.json?"))).json()
        assert found["total"] == count, path
        chosen = lxml.html.fromstring((await get(site, path)).text).xpath("//aside//a[@aria-current]")
        assert len(chosen) == 1


async def test_pages_follow_one_another(site):
    first = await page(site, q="Kanalbrücke")
    assert "45 Treffer" in first.text_content()
    seen: list[str] = []
    path = "/suche?q=Kanalbrücke"
    while path:
        tree = lxml.html.fromstring((await get(site, path)).text)
        seen += links(tree).values()
        path = next(iter(tree.xpath("//nav[@class='seiten']//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 45
    beyond = await page(site, q="Kanalbrücke", seite="99")
    assert "nur 3" in beyond.text_content() and "Zur ersten Seite" in beyond.text_content()
    assert beyond.xpath("//a[text()='zur letzten']/@href") == ["/suche?q=Kanalbr%C3%BCcke&seite=3"]
    assert "nur 3" in (await page(site, q="Kanalbrücke", seite="99999999")).text_content()


async def test_signs_alone_are_no_words(site):
    assert "nicht nach Satzzeichen" in (await page(site, q="€ ?!")).text_content()


async def test_all_hits_can_be_taken_along(site):
    for path, delimiter in (("/suche.csv", ","), ("/suche.excel.csv", ";")):
        text = (await get(site, path, q="Kanalbrücke")).content.decode("utf-8-sig")
        table = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        assert len(table) == 45
        assert {row["adresse"] for row in table} == {f"http://localhost/top/{1000 + n}" for n in range(45)}
    assert len((await get(site, "/suche/alle.json", q="Kanalbrücke")).json()) == 45
    assert (await get(site, "/suche/alle.json", q="gibtesnicht")).json() == []
    tree = await page(site, q="Kanalbrücke", von="2024")
    for form in (".csv", ".excel.csv", ".atom", "/alle.json"):
        (path,) = tree.xpath(f"//main//p/a[starts-with(@href, '/suche{form}?')]/@href")
        assert parse_qs(urlsplit(path).query) == {"q": ["Kanalbrücke"], "von": ["2024-01-01"]}
        await get(site, path)


async def test_a_document_says_what_it_belongs_to_and_where_the_hit_stands(site):
    tree = await page(site, q="Schleusen")
    (path,) = links(tree).values()
    assert path == "/dokument/vo99001-1?seite=20#seite-20"
    assert links(tree, "//span[@class='dazu']/a") == {"Vorlage 2024/0099": "/vorlage/2024/0099"}
    assert 'id="seite-20"' in (await get(site, path.partition("#")[0])).text
    [row] = csv.DictReader(io.StringIO((await get(site, "/suche.csv", q="Schleusen")).text))
    assert (row["vorlage"], row["gehoert_zu"]) == ("2024/0099", "Vorlage 2024/0099")
    assert "(Vorlage 2024/0099)</title>" in (await get(site, "/suche.atom", q="Schleusen")).text


async def test_a_word_for_an_outcome_leads_to_what_had_it(site):
    tree = await page(site, q="angenommene Kanalbrücke")
    (path,) = tree.xpath("//a[contains(., 'angenommen: Kanalbrücke')]/@href")
    assert parse_qs(urlsplit(path).query) == {"q": ["Kanalbrücke"], "ergebnis": ["accepted"]}
    for asked in ({"q": "Kanalbrücke"}, {"q": "angenommen", "ergebnis": "rejected"}):
        assert "nach dem Ergebnis" not in (await page(site, **asked)).text_content()


async def test_a_filter_that_names_nothing_is_said(site):
    for name, said in (("gremium", "Ein Gremium mit der Kennung „au999“"), ("fraktion", "Gruppe „au999“")):
        assert said in (await page(site, q="Kanalbrücke", **{name: "au999"})).text_content()
        refused = await site.client.get("/suche.csv", params={"q": "Kanalbrücke", name: "au999"})
        assert refused.status_code == 400 and said in refused.json()["error"]


async def test_what_is_taken_along_has_the_permalinks(site):
    text = (await get(site, "/suche.csv", q="Radwege")).text
    found = {row["kennung"]: row["adresse"] for row in csv.DictReader(io.StringIO(text))}
    assert found["99001"] == "http://localhost/vorlage/2024/0099"
    assert found["vo99001-1"] == "http://localhost/dokument/vo99001-1"
    feed = (await get(site, "/suche.atom", q="Radwege")).text
    assert 'href="http://localhost/dokument/vo99001-1"' in feed


async def test_nothing_found_has_a_next_step(site):
    tree = await page(site, q="Quantengravitation", art="papers")
    assert "Keine Treffer" in tree.text_content()
    assert "/suche?q=Quantengravitation" in tree.xpath("//main//a/@href")
    assert {"/sitzungen", "/vorlagen"} <= set(tree.xpath("//main//a/@href"))


async def test_another_spelling_is_offered(site):
    tree = await page(site, q="Kanalbrükce")
    (better,) = tree.xpath("//a[starts-with(., 'Kanalbrücke')]/@href")
    assert "Meinten Sie" in tree.text_content()
    assert "45 Treffer" in (await get(site, better)).text


async def test_some_of_the_words_are_said_to_be_some(site):
    tree = await page(site, q="Radweg Quantengravitation")
    assert "Nirgends stehen alle Wörter zusammen" in tree.text_content() and links(tree)


async def test_no_words_at_all_show_how_to_search(site):
    tree = await page(site)
    assert "So finden Sie" in tree.text_content() and not links(tree)
    for path in tree.xpath("//main//ul/li/a/@href"):
        await get(site, path)


async def test_what_cannot_be_chosen_is_said(site):
    tree = await page(site, q="Radweg", art="<b>", von="gestern", seite="-1", ergebnis="'")
    assert len(tree.xpath("//p[@class='problem']")) == 4 and links(tree)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            '"',
            "'",
            "*",
            "()",
            "-",
            "--",
            '-"',
            "\0",
            "NEAR(",
            "a AND",
            "OR",
            "^x",
            "x:y",
            "%",
            "_",
            "{}",
            "\\",
            "\ufffe",
        ),
        *("'; DROP TABLE votes; --", "<script>alert(1)</script>", "{{ 7*7 }}", "😀" * 300, "a" * 10_000, "ab " * 3_333),
        *("2021/0402", "TOP 5", "31.10.2020", "\u202eRadweg", "\r\nSet-Cookie: x=y", "../../etc/passwd"),
    ],
)
async def test_any_text_is_a_search(site, typed):
    for path in ("/suche", "/suche.json", "/suche.csv", "/suche/alle.json", "/suche/vorschlaege"):
        answer = await get(site, path, q=typed)
        assert "Traceback" not in answer.text and len(answer.content) < 200_000
    text = (await get(site, "/suche", q=typed)).text
    assert "<script>alert" not in text and "noindex" in text
    moved = await get(site, "/-/search", 302, q=typed)
    assert "\n" not in moved.headers["location"] and "set-cookie" not in moved.headers
    for name in ("gremium", "fraktion", "art", "von", "seite", "sortierung"):
        assert "Traceback" not in (await get(site, "/suche", q="Radweg", **{name: typed})).text


async def test_words_while_typing(site):
    assert "Petra Erfunden" in (await get(site, "/suche/vorschlaege?q=Erfund")).json()
    assert (await get(site, "/suche/vorschlaege")).json() == []


async def test_the_editors_search_is_german_too(site):
    """Ballots of an item are found by another form of a word in its title."""
    tree = lxml.html.fromstring((await get(site, "/einbetten?suche=Bebauungspläne")).text)
    assert [href for href in tree.xpath("//main//li/a/@href") if "abstimmung=" in href] == [
        f"/einbetten?abstimmung=to{TOTALS}-1"
    ]
    tree = lxml.html.fromstring((await get(site, "/einbetten?suche=Worten")).text)
    assert f"/einbetten?abstimmung=to{WORDS}-1" in tree.xpath("//main//li/a/@href")
