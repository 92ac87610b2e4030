"""The list of ballots, the statistics and what all pages share on their way out, over every state a ballot can have."""

from __future__ import annotations

import csv
import io

import lxml.html
import pytest
import pytest_asyncio
from conftest import configuration
from datasette.app import Datasette
from embedding_town import AMENDMENT, BY_GROUP, GROUP, SUBJECT, TOTALS, WORDS, fill

from ratsdaten.database import close, connect
from ratsdaten.serving.kept import Kept
from ratsdaten.statistics import STATISTICS

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWEST_FIRST = [f"to{WORDS}-1", f"to{TOTALS}-1", f"to{AMENDMENT}-1", f"to{AMENDMENT}-2", f"to{BY_GROUP}-1"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory):
    """The site, and the connection to change its data."""
    folder = tmp_path_factory.mktemp("site")
    db = connect(configuration(folder))
    fill(db)
    site = Datasette(config_dir=folder)
    await site.invoke_startup()
    yield site, db
    close(db)


@pytest.fixture
def site(town):
    return town[0]


async def get(site, path, status=200, **headers):
    answer = await site.client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code, answer.text[-500:])
    return answer


async def ballots(site, **parameters):
    answer = await site.client.get("/abstimmungen.json", params=parameters)
    assert answer.status_code == 200, answer.text
    return [vote["id"] for vote in answer.json()["votes"]]


# The list


async def test_ballots_stand_newest_first_with_what_is_told_of_them(site):
    assert await ballots(site) == NEWEST_FIRST
    page = lxml.html.fromstring((await get(site, "/abstimmungen")).text)
    lines = {
        link.get("href"): " ".join(link.getparent().text_content().split())
        for link in page.xpath("//main//ul[@class='liste']/li/a[contains(@href, '/top/')]")
    }
    assert list(lines) == [
        f"/top/{key[2:].partition('-')[0]}#abstimmung-{key.partition('-')[2]}" for key in NEWEST_FIRST
    ]
    by_group = lines[f"/top/{BY_GROUP}#abstimmung-1"]
    assert by_group.startswith(SUBJECT) and "06.05.2024" in by_group and "9 dafür, 4 dagegen" in by_group
    assert "8 dafür, 5 dagegen" in lines[f"/top/{TOTALS}#abstimmung-1"]
    assert "Enthaltung" not in lines[f"/top/{TOTALS}#abstimmung-1"]  # the source is silent, which is not nought
    assert "danach wurde weiter abgestimmt" in lines[f"/top/{AMENDMENT}#abstimmung-1"]
    assert page.xpath("//a[contains(@href, '/einbetten?abstimmung=to')]")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"gremium": "au99"}, NEWEST_FIRST),
        ({"von": "2024-05", "bis": "06.05.2024"}, NEWEST_FIRST),
        ({"bis": "2023"}, []),
        ({"auswahl": "umstritten"}, NEWEST_FIRST[1:]),
        ({"datenlage": "worte"}, [f"to{WORDS}-1"]),
        ({"datenlage": "summen", "fraktion": "SPD"}, []),
        ({"fraktion": "spd-fraktion"}, NEWEST_FIRST[2:]),
        ({"fraktion": "SPD", "wie": "dagegen"}, [f"to{AMENDMENT}-1"]),
        ({"fraktion": GROUP, "wie": "dafuer"}, [f"to{AMENDMENT}-2", f"to{BY_GROUP}-1"]),
        ({"fraktion": "SPD", "wie": "geteilt"}, []),
    ],
)
async def test_filters_are_in_the_address(site, parameters, found):
    assert await ballots(site, **parameters) == found
    answer = await site.client.get("/abstimmungen.csv", params=parameters)
    assert [row["id"] for row in csv.DictReader(io.StringIO(answer.text))] == found


@pytest.mark.parametrize(
    ("parameters", "hint"),
    [
        ({"von": "gestern"}, "kein Datum"),
        ({"gremium": "'; drop table votes --"}, "gibt es hier nicht"),
        ({"fraktion": "<script>alert(1)</script>"}, "gibt es hier nicht"),
        ({"wie": "dagegen"}, "nur zusammen mit einer Fraktion"),
        ({"auswahl": "x" * 10_000}, "gibt es hier nicht"),
        ({"datenlage": "\0"}, "gibt es hier nicht"),
        ({"von": "2025", "bis": "2020"}, "getauscht"),
        ({"seite": "-1"}, ""),
        ({"seite": "99999999999999999999"}, ""),
    ],
)
async def test_what_cannot_be_chosen_is_said_and_left_out(site, parameters, hint):
    answer = await site.client.get("/abstimmungen", params=parameters)
    page = lxml.html.fromstring(answer.text)
    assert answer.status_code == 200 and "<script>alert" not in answer.text and len(answer.text) < 40_000
    assert hint in " ".join(page.xpath("//p[@class='problem']//text()"))
    assert hint == "getauscht" or len(page.xpath("//main//li//a[contains(@href, '/einbetten?')]")) == len(NEWEST_FIRST)


async def test_an_empty_list_has_a_next_step(site):
    page = lxml.html.fromstring((await get(site, "/abstimmungen?bis=2001")).text)
    assert "Keine Abstimmung passt" in page.text_content()
    assert "/abstimmungen" in page.xpath("//main/p/a/@href")


async def test_selections_are_not_for_search_engines(site):
    assert "noindex" not in (await get(site, "/abstimmungen")).text
    assert "noindex" in (await get(site, "/abstimmungen?gremium=au99")).text


# Statistics


async def test_statistics_at_a_glance(site):
    page = lxml.html.fromstring((await get(site, "/statistik")).text)
    links = page.xpath("//main//h2/a/@href")
    assert links == [f"/statistik/{name}" for name in STATISTICS]
    for picture in page.xpath("//main//img/@src"):
        assert (await site.client.get(picture)).status_code in (200, 404)  # none where there is nothing to draw


@pytest.mark.parametrize("name", STATISTICS)
async def test_a_statistic_has_picture_table_and_data(site, name):
    page = lxml.html.fromstring((await get(site, f"/statistik/{name}")).text)
    offered = set(page.xpath("//main//form//@name"))
    assert offered == set(STATISTICS[name].parameters)
    found = (await get(site, f"/statistik/{name}.json")).json()
    table = list(csv.DictReader(io.StringIO((await get(site, f"/statistik/{name}.csv")).text)))
    assert len(page.xpath("//main//tbody/tr")) == len(found["rows"]) == len(table)
    if found["rows"]:
        assert not page.xpath("//main//img/@loading")  # the one picture people came for
        assert page.xpath("//table/caption") and list(table[0]) == list(STATISTICS[name].columns)
        for address in page.xpath("//picture//img/@src") + page.xpath("//picture//source/@srcset"):
            assert "<svg" in (await get(site, address)).text
        assert f"Grundlage: {found['basis']}." in page.text_content()
    for link in page.xpath(f"//main//a[contains(@href, '/demo/{name}')]/@href"):
        await get(site, link)


async def test_a_statistic_takes_its_filters_along(site):
    page = lxml.html.fromstring((await get(site, "/statistik/gewinnerseite?von=06.05.2024&mindestens=1&bis=")).text)
    (picture,) = page.xpath("//picture//img/@src")
    assert "von=2024-05-06&mindestens=1" in picture
    assert page.xpath("//link[@rel='canonical']/@href")[0].endswith("?von=2024-05-06&mindestens=1")
    (embed,) = page.xpath("//a[@class='knopf']/@href")
    editor = lxml.html.fromstring((await get(site, embed)).text)
    assert editor.xpath("//iframe/@src") == ["/einbetten/statistik/gewinnerseite?von=2024-05-06&mindestens=1"]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("von=gestern", 400, "kein Datum"),
        ("mindestens=0&von=2024", 400, "1 bis 1000"),
        ("gremium=au98", 404, "Ein Gremium mit der Kennung"),
        ("auswahl=%3Cscript%3E", 400, "auswahl"),
    ],
)
async def test_a_selection_that_cannot_be_is_explained_and_kept(site, query, status, words):
    answer = await get(site, f"/statistik/gewinnerseite?{query}", status)
    page = lxml.html.fromstring(answer.text)
    assert words in page.xpath("string(//p[@class='problem'])") and "<script>" not in answer.text
    assert page.xpath("//main//form") and not page.xpath("//picture")
    assert answer.headers["cache-control"] == "no-store"
    assert words in (await get(site, f"/statistik/gewinnerseite.json?{query}", status)).json()["error"]


async def test_no_such_statistic(site):
    assert "Diese Statistik gibt es nicht" in (await get(site, "/statistik/nix", 404)).text
    await get(site, "/statistik/" + "%00" * 50, 404)


# What all pages share


async def test_pages_are_made_once_for_each_state_of_the_data(town):
    site, db = town
    first = await get(site, "/abstimmungen?fraktion=SPD")
    again = await get(site, "/abstimmungen?fraktion=SPD")
    assert again.text == first.text and again.headers["etag"] == first.headers["etag"]
    answer = await get(site, "/abstimmungen?fraktion=SPD", 304, **{"if-none-match": first.headers["etag"]})
    assert answer.content == b""
    db.execute("update agenda_items set name = 'Ganz neu' where id = ?", [BY_GROUP])
    assert "Ganz neu" in (await get(site, "/abstimmungen?fraktion=SPD")).text
    db.execute("update agenda_items set name = ? where id = ?", [SUBJECT, BY_GROUP])


async def test_a_page_kept_for_one_host_is_not_sent_to_another(site):
    here = await get(site, "/abstimmungen", host="a.example")
    there = await get(site, "/abstimmungen", host="b.example")
    assert "http://a.example/abstimmungen" in here.text and "a.example" not in there.text


async def test_problems_are_never_kept(town):
    site, db = town
    db.execute("alter table votes rename column winner to old")
    await get(site, "/abstimmungen?datenlage=summen", 503)
    db.execute("alter table votes rename column old to winner")
    await get(site, "/abstimmungen?datenlage=summen")


async def test_pages_are_for_reading(site):
    answer = await site.client.post("/abstimmungen")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_what_is_kept_has_its_bounds():
    kept = Kept(10)
    for key in "abc":
        kept.put(key, key, 4)
    assert [kept.get(key) for key in "abc"] == [None, "b", "c"]
    kept.get("b")
    kept.put("d", "d", 4)  # c was not asked for since
    assert [kept.get(key) for key in "bcd"] == ["b", None, "d"]
    kept.put("b", "B", 5)
    kept.put("huge", "x", 11)
    assert [kept.get(key) for key in ("b", "d", "huge")] == ["B", "d", None]
