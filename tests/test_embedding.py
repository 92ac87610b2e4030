"""Charts on other people's pages: files, pages, snippets and oEmbed of a crawled town, through the real Datasette."""

from __future__ import annotations

import asyncio
import html
import json
import re
import signal
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import lxml.html
import pytest
import pytest_asyncio
import yaml
from click import ClickException
from conftest import ROOT, crawl
from datasette.app import Datasette
from embedding_town import AMENDMENT, BY_GROUP, GROUP, NO_BALLOT, RAW_TEXT, SUBJECT, TOTALS, WORDS, fill

from demo import Town
from demo import serve as look_alike
from ratsdaten import charts
from ratsdaten.database import close, connect
from ratsdaten.embedding import drawing
from ratsdaten.embedding.pictures import DRAWER
from ratsdaten.statistics import STATISTICS

pytestmark = pytest.mark.asyncio(loop_scope="module")

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
BALLOT = f"/einbetten/abstimmung/to{BY_GROUP}-1"
STATISTIC = "/einbetten/statistik/gewinnerseite"
HERE = "http://localhost"


def make_site(folder: Path, **plugin: object) -> Datasette:
    """``datasette .`` with the databases in the folder; ``plugin`` is configured in metadata.yml."""
    for name in ("towns.toml", "settings.json", "plugins", "templates", "static"):
        (folder / name).symlink_to(ROOT / name)
    metadata = METADATA | {"plugins": METADATA["plugins"] | {"embedding": plugin}} if plugin else METADATA
    (folder / "metadata.yml").write_text(yaml.safe_dump(metadata, allow_unicode=True), "utf-8")
    return Datasette(config_dir=folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with look_alike(Town(seed=1, size="small", today=date(2026, 3, 2))) as town:
        run = crawl(town.base_url, folder / "demo.db", since="2001-01-01", until="2026-12-31")
    assert run.returncode == 0, run.stderr[-3000:]
    db = connect(folder / "demo.db")
    fill(db)
    close(db)
    datasette = make_site(folder)
    await datasette.invoke_startup()
    return datasette


@pytest_asyncio.fixture(loop_scope="module")
async def small(tmp_path):
    """A site of its own, and the connection to change its data."""
    db = connect(tmp_path / "demo.db")
    fill(db)
    datasette = make_site(tmp_path)
    await datasette.invoke_startup()
    yield datasette, db
    close(db)


async def get(site, path, status=200, **headers):
    answer = await site.client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code, answer.text[-500:])
    return answer


# Pictures


async def test_every_ballot_and_statistic_of_the_town_can_be_embedded(site):
    ballots = await site.get_database("demo").execute("select id, state from votes")
    paths = [(f"/einbetten/abstimmung/{key}", state) for key, state in ballots]
    paths += [(f"/einbetten/statistik/{name}", "") for name in STATISTICS]
    assert {state for _, state in paths} >= {"by_group", "totals", "words"}
    for path, state in paths:
        assert "Traceback" not in (await get(site, f"{path}?breite=340")).text
        spec = await get(site, f"{path}.json", 404 if state == "words" else 200)
        assert state == "words" or spec.json()["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


@pytest.mark.parametrize("path", [BALLOT, *(f"/einbetten/statistik/{name}" for name in STATISTICS)])
async def test_pictures_come_in_every_form_width_and_colour(site, path):
    for query in ("", "?breite=340&farben=dunkel"):
        picture = await get(site, f"{path}.svg{query}")
        assert picture.headers["content-type"].startswith("image/svg+xml")
        root = ElementTree.fromstring(picture.content)
        assert root.get("width") == ("340" if query else "640")
        assert "Erfundene Daten" in picture.text and "Stand:" in picture.text
    picture = await get(site, f"{path}.png?breite=340")
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")


async def test_half_circle_is_another_picture(site):
    bars, seats = [(await get(site, f"{BALLOT}.svg{query}")).text for query in ("", "?ansicht=sitze")]
    assert bars != seats


async def test_statistics_say_what_they_rest_on(small):
    site, _ = small
    seen = (await get(site, f"{STATISTIC}.svg?mindestens=1&bis=2024")).text
    text = " ".join(ElementTree.fromstring(seen).itertext())
    assert "06.05.2024" in text and "3 umstrittene Abstimmungen" in text
    assert "1 nur Summen" in text and "0 nur Worte" in text  # the one in words was unanimous
    assert (await get(site, f"{STATISTIC}.svg?von=2025", 404)).text == "Für diese Auswahl liegen keine Daten vor."


@pytest.mark.parametrize("name", STATISTICS)
async def test_statistics_name_columns_and_parameters_of_their_queries(site, name):
    query = METADATA["plugins"]["towns"]["queries"][name]
    assert query["title"] and query["description"]
    assert set(STATISTICS[name].parameters) == set(re.findall(r":([a-z]+)", query["sql"]))
    rows = (await get(site, f"/demo/{name}.json?_shape=array")).json()
    assert rows and set(STATISTICS[name].columns) <= set(rows[0])


async def test_a_picture_is_drawn_once_for_all_who_ask(small, monkeypatch):
    site, _ = small
    drawn = count_drawings(monkeypatch)
    answers = await asyncio.gather(*(get(site, f"{BALLOT}.svg") for _ in range(20)))
    assert len({answer.content for answer in answers}) == 1
    assert drawn == [".svg"]


def count_drawings(monkeypatch, pause: float = 0) -> list[str]:
    drawn, draw = [], DRAWER.draw

    def counted(chart: charts.Chart, form: str, theme: str) -> bytes:
        drawn.append(form)
        time.sleep(pause)
        return draw(chart, form, theme)

    monkeypatch.setattr(DRAWER, "draw", counted)
    return drawn


async def test_pictures_are_drawn_one_after_the_other(small, monkeypatch):
    site, _ = small
    count_drawings(monkeypatch, pause=0.2)
    started = time.perf_counter()
    await asyncio.gather(*(get(site, f"{BALLOT}.svg?breite={width}") for width in charts.WIDTHS))
    assert time.perf_counter() - started > 0.6


async def test_drawing_holds_up_nobody(small, monkeypatch):
    site, _ = small
    count_drawings(monkeypatch, pause=1)
    picture = asyncio.create_task(get(site, f"{BALLOT}.svg"))
    await get(site, f"/einbetten/abstimmung/to{WORDS}-1")
    assert not picture.done()
    await picture


async def test_a_reader_who_leaves_takes_no_picture_from_others(small, monkeypatch):
    site, _ = small
    count_drawings(monkeypatch, pause=0.2)
    leaves, stays = (asyncio.create_task(get(site, f"{BALLOT}.svg")) for _ in range(2))
    await asyncio.sleep(0.1)
    leaves.cancel()
    await stays


async def test_the_drawing_process_may_die(small):
    site, _ = small
    await get(site, f"{BALLOT}.svg")
    DRAWER._process.kill()
    DRAWER._process.wait()
    await get(site, f"{BALLOT}.svg?breite=960")


async def test_a_picture_that_cannot_be_drawn_is_a_sentence(small, monkeypatch):
    site, _ = small
    draw = charts.ballot

    def broken(*arguments):
        chart = draw(*arguments)
        return replace(chart, spec=chart.spec | {"layer": [{"mark": "no mark at all"}]})

    monkeypatch.setattr(charts, "ballot", broken)
    answer = await get(site, f"{BALLOT}.svg", 500)
    assert answer.text.startswith("Das Diagramm ließ sich nicht zeichnen.")
    page = lxml.html.fromstring((await get(site, BALLOT)).text)  # the page still has the figures
    assert "SPD: 5 dafür" in page.xpath("//img/@alt")[0].replace("\xa0", " ") and page.xpath("//td")[0].text == "9"


async def test_pages_know_how_large_a_picture_will_be(site):
    for path in (BALLOT, f"{BALLOT}?ansicht=sitze", STATISTIC):
        page = lxml.html.fromstring((await get(site, path)).text)
        for one in page.xpath("//picture/*[@width]"):
            drawn = ElementTree.fromstring((await get(site, one.get("srcset") or one.get("src"))).content)
            assert (drawn.get("width"), drawn.get("height")) == (one.get("width"), one.get("height"))


async def test_a_drawing_that_takes_too_long_is_given_up(small, monkeypatch):
    site, _ = small
    monkeypatch.setattr(drawing, "LONGEST", 0.5)
    await get(site, f"{BALLOT}.svg?breite=340")
    DRAWER._process.send_signal(signal.SIGSTOP)
    await get(site, f"{BALLOT}.svg?breite=960", 500)
    monkeypatch.setattr(drawing, "LONGEST", 20)
    await get(site, f"{BALLOT}.svg?breite=960")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/einbetten", BALLOT, f"{BALLOT}.svg", "/-/oembed"])
async def test_pages_are_for_reading(site, path, method):
    answer = await site.client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_a_database_of_an_older_version_is_a_sentence(small):
    site, db = small
    db.execute("alter table votes drop column winner")
    for path in (f"{STATISTIC}.svg", STATISTIC):
        assert "muss neu erzeugt werden" in (await get(site, path, 503)).text


async def test_new_data_is_a_new_picture(small):
    site, db = small
    before = await get(site, f"{BALLOT}.svg")
    db.execute("update agenda_items set name = 'Neuer Betreff' where id = ?", [BY_GROUP])
    after = await get(site, f"{BALLOT}.svg")
    assert "Neuer Betreff" in after.text and after.headers["etag"] != before.headers["etag"]


# Pages


async def test_embed_page_is_complete_without_script(site):
    page = lxml.html.fromstring((await get(site, BALLOT)).text)
    assert page.get("lang") == "de"
    assert page.xpath("//script | //style | //@style | //@onclick") == []
    (image,) = page.xpath("//picture//img")
    assert (
        "SPD: 5 dafür, 0 dagegen" in image.get("alt").replace("\N{NO-BREAK SPACE}", " ")
        and int(image.get("height")) > 100
    )
    assert len(page.xpath("//picture//source[@media and @srcset]")) == 2
    cells = [[cell.text_content() for cell in row] for row in page.xpath("//details//table//tr")]
    assert cells[:3] == [["Fraktion", "Ja", "Nein", "Enthaltung"], ["Insgesamt", "9", "4", "0"], ["SPD", "5", "0", "0"]]
    assert page.xpath("//table/caption") and page.xpath("//th[@scope='row']")
    links = page.xpath("//a/@href")
    assert f"/top/{BY_GROUP}#abstimmung-1" in links and "http://127.0.0.1/allris/to020.asp?TOLFDNR=1" in links
    for link in [link for link in links if link.startswith("/demo/")]:
        await get(site, link)
    text = " ".join(page.xpath("//footer")[0].text_content().split())
    assert "Erfundene Daten" in text and "Lizenz: nicht nötig" in text and "Stand: 02.01.2025" in text


async def test_statistic_page_shows_table_and_query(site):
    page = lxml.html.fromstring((await get(site, f"{STATISTIC}?bis=31.12.2024&gremium=au99&mindestens=1")).text)
    rows = {row[0].text_content(): row[3].text_content() for row in page.xpath("//tbody/tr")}
    assert rows["SPD"] == "100,0" and rows["CDU"] == "0,0"
    (csv,) = page.xpath("//a[text()='CSV']/@href")
    assert "bis=2024-12-31" in csv and "gremium=au99" in csv
    assert (await get(site, csv)).text.startswith("fraktion,farbe,abstimmungen,gewonnen,prozent")


async def test_a_figure_nobody_wrote_down_is_not_a_zero(site):
    page = lxml.html.fromstring((await get(site, f"/einbetten/abstimmung/to{TOTALS}-1")).text)
    assert [cell.text_content() for cell in page.xpath("//tbody/tr")[0]] == ["Insgesamt", "8", "5", "nicht genannt"]


async def test_links_lead_to_the_web_only(site):
    page = lxml.html.fromstring((await get(site, f"/einbetten/abstimmung/to{TOTALS}-1")).text)
    assert not any(link.startswith("javascript") for link in page.xpath("//@href"))


async def test_words_only_shows_the_words_and_no_picture(site):
    page = lxml.html.fromstring((await get(site, f"/einbetten/abstimmung/to{WORDS}-1")).text)
    assert page.xpath("//img | //table") == []
    assert page.xpath("//blockquote")[0].text_content() == RAW_TEXT
    assert "keine Ja- und Nein-Stimmen" in page.text_content()


async def test_embed_page_of_a_statistic_leads_to_ours(site):
    page = lxml.html.fromstring((await get(site, f"{STATISTIC}?von=2024&mindestens=1&breite=640")).text)
    (link,) = page.xpath("//footer//a[text()='Zur Statistik']/@href")
    assert link == "/statistik/gewinnerseite?von=2024&mindestens=1"
    assert page.xpath("//footer//a[text()='Ratsdaten Lindenrath (erfunden)']/@href") == ["/"]
    await get(site, link)


async def test_statistic_without_a_row_says_so(site):
    page = (await get(site, f"{STATISTIC}?von=1950&bis=1960")).text
    assert "Für diese Auswahl liegen keine Daten vor." in page and "<img" not in page


async def test_item_number_leads_to_its_last_ballot(site):
    answer = await get(site, f"/einbetten/abstimmung/{AMENDMENT}?ansicht=sitze", 302)
    assert answer.headers["location"] == f"/einbetten/abstimmung/to{AMENDMENT}-2?ansicht=sitze"
    answer = await get(site, f"/einbetten/abstimmung/{AMENDMENT}.svg?breite=340", 302)
    assert answer.headers["location"] == f"/einbetten/abstimmung/to{AMENDMENT}-2.svg?breite=340"


async def test_headers_keep_script_style_and_foreign_frames_out(site):
    page = await get(site, BALLOT)
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self' https://herne.de https://*.herne.de"
    )
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in page.headers
    picture = await get(site, f"{BALLOT}.svg")
    assert picture.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    assert picture.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/einbetten", "/einbetten?statistik=gewinnerseite", BALLOT, f"{BALLOT}.svg", "/x.svg"]
)
async def test_no_cookie_is_ever_set(site, path):
    answer = await site.client.get(path)
    assert "set-cookie" not in answer.headers


async def test_who_may_frame_us_is_a_setting(tmp_path):
    site = make_site(tmp_path, frame_ancestors=["https://stadt.example", "http://localhost:*"])
    await site.invoke_startup()
    answer = await site.client.get("/einbetten/abstimmung/x")
    assert answer.headers["content-security-policy"].endswith(
        "frame-ancestors 'self' https://stadt.example http://localhost:*"
    )


@pytest.mark.parametrize(
    "entries",
    [
        ["*; script-src *"],
        ["https://a.example b"],
        ["'none'", "'self'"],
        ["self"],
        "https://a.example",
        [],
        [7],
        ["\n"],
    ],
)
async def test_a_mistaken_setting_stops_the_start(tmp_path, entries):
    with pytest.raises(ClickException, match="frame_ancestors"):
        await make_site(tmp_path, frame_ancestors=entries).invoke_startup()


async def test_without_votes_there_is_a_sentence(tmp_path):
    site = make_site(tmp_path)
    await site.invoke_startup()
    assert "noch keine Datenbank mit Abstimmungen" in (await get(site, BALLOT, 503)).text
    assert "noch keine Datenbank mit Abstimmungen" in (await get(site, "/einbetten", 503)).text


# Markup in the data


@pytest.mark.parametrize(
    "path", [BALLOT, f"/einbetten/abstimmung/to{WORDS}-1", f"/einbetten?abstimmung=to{BY_GROUP}-1"]
)
async def test_names_are_text_in_pages(site, path):
    page = (await get(site, path)).text
    assert "<script>alert" not in page and "<b onclick" not in page and "<img src=x" not in page and "<i>" not in page


async def test_names_are_text_in_pictures(site):
    picture = await get(site, f"{BALLOT}.svg")
    root = ElementTree.fromstring(picture.content)
    assert {element.tag.partition("}")[2] for element in root.iter()} <= {
        *("svg", "g", "path", "text", "title", "desc", "style", "rect", "line", "circle", "defs", "clipPath", "tspan")
    }
    assert root.find("{*}title").text == SUBJECT and GROUP in root.find("{*}desc").text


async def test_snippets_hold_names_as_text(site):
    page = lxml.html.fromstring((await get(site, f"/einbetten?abstimmung=to{BY_GROUP}-1&breite=640&farben=hell")).text)
    frame, figure, address = (area.text for area in page.xpath("//textarea"))
    (iframe,) = lxml.html.fragments_fromstring(frame)
    assert iframe.tag == "iframe" and iframe.get("title") == SUBJECT and iframe.get("loading") == "lazy"
    assert iframe.get("width") == "640" and int(iframe.get("height")) > 300
    assert iframe.get("src") == address == f"{HERE}{BALLOT}?breite=640&farben=hell"
    (tree,) = lxml.html.fragments_fromstring(figure)
    assert [element.tag for element in tree.iter()] == ["figure", "picture", "source", "img", "figcaption", "a"]
    (image,) = tree.iter("img")
    assert SUBJECT in image.get("alt") and GROUP in image.get("alt")
    for url in (iframe.get("src"), image.get("src"), tree.find(".//source").get("srcset")):
        await get(site, url.removeprefix(HERE))


# The editor's page


async def hits(site, **parameters):
    page = lxml.html.fromstring((await site.client.get("/einbetten", params=parameters)).text)
    return [href.partition("=")[2] for href in page.xpath("//ul/li/a/@href") if "abstimmung=" in href]


async def test_editor_finds_ballots_by_word_date_and_body(site):
    assert await hits(site, suche="radweg brücke") == [f"to{BY_GROUP}-1"]
    assert await hits(site, suche="haushalt änderungsantrag") == [f"to{AMENDMENT}-1", f"to{AMENDMENT}-2"]
    ours = [f"to{item}" for item in (WORDS, TOTALS, AMENDMENT, BY_GROUP)]
    for filters in ({"gremium": "au99"}, {"von": "06.05.2024", "bis": "2024-05"}):
        assert [
            key.partition("-")[0] for key in dict.fromkeys(key.partition("-")[0] for key in await hits(site, **filters))
        ] == ours
    assert await hits(site, gremium="au99", bis="2023") == []


@pytest.mark.parametrize("words", ['"', "*", "()", "NEAR(", "a AND", "-", "\0", "'", ":", " ", "%", "ß" * 5000])
async def test_any_text_is_a_search(site, words):
    answer = await site.client.get("/einbetten", params={"suche": words})
    assert answer.status_code == 200 and "Traceback" not in answer.text


@pytest.mark.parametrize("name", STATISTICS)
async def test_editor_offers_a_statistics_own_parameters(site, name):
    page = lxml.html.fromstring(
        (await get(site, f"/einbetten?statistik={name}&von=&bis=&breite=voll&farben=auto")).text
    )
    offered = set(page.xpath("//main//form//@name")) - {"statistik", "breite", "farben"}
    assert offered == set(STATISTICS[name].parameters)
    assert page.xpath("//iframe/@src") == [f"/einbetten/statistik/{name}"]
    assert len(page.xpath("//textarea")) == 3


async def test_editor_says_what_is_wrong_and_keeps_what_was_typed(site):
    page = (await get(site, "/einbetten?suche=Radweg&von=gestern", 400)).text
    assert 'role="alert"' in page and "von=gestern ist kein Datum" in page and 'value="Radweg"' in page
    await get(site, "/einbetten?abstimmung=nix", 404)
    await get(site, "/einbetten?statistik=nix", 404)


# oEmbed


async def oembed(site, status=200, **parameters):
    answer = await site.client.get("/-/oembed", params=parameters)
    assert answer.status_code == status, answer.text
    return answer


async def test_oembed_json_and_xml_say_the_same(site):
    url = f"{HERE}{BALLOT}?farben=dunkel"
    answer = await oembed(site, url=url)
    assert answer.headers["content-type"].startswith("application/json")
    found = answer.json()
    assert (found["version"], found["type"], found["title"]) == ("1.0", "rich", SUBJECT)
    assert (found["provider_name"], found["provider_url"]) == ("Ratsdaten Lindenrath (erfunden)", f"{HERE}/")
    (iframe,) = lxml.html.fragments_fromstring(found["html"])
    assert (iframe.get("src"), iframe.get("width"), iframe.get("title")) == (url, "640", SUBJECT)
    assert (found["width"], str(found["height"])) == (640, iframe.get("height"))
    picture = await get(site, found["thumbnail_url"].removeprefix(HERE))
    size = [int.from_bytes(picture.content[start : start + 4]) for start in (16, 20)]
    assert [found["thumbnail_width"], found["thumbnail_height"]] == size
    assert found["cache_age"] > 0

    answer = await oembed(site, url=url, format="xml")
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.content.startswith(b"<?xml version=")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "oembed"
    assert {child.tag: child.text for child in root} == {key: str(value) for key, value in found.items()}


@pytest.mark.parametrize("path", [BALLOT, f"{STATISTIC}?von=2024&mindestens=1", f"/einbetten/abstimmung/to{WORDS}-1"])
async def test_pages_announce_oembed(site, path):
    page = lxml.html.fromstring((await get(site, path)).text)
    for form in ("application/json+oembed", "text/xml+oembed"):
        (link,) = page.xpath(f"//head/link[@rel='alternate'][@type='{form}']/@href")
        answer = await get(site, link.removeprefix(HERE))
        assert answer.headers["content-type"].startswith(form.removesuffix("+oembed"))
        assert html.escape(f"{HERE}{path}") in html.unescape(answer.text) or f"{HERE}{path}" in answer.text


async def test_oembed_without_a_picture_has_no_thumbnail(site):
    found = (await oembed(site, url=f"{HERE}/einbetten/abstimmung/to{WORDS}-1")).json()
    assert found["type"] == "rich" and "thumbnail_url" not in found


async def test_oembed_takes_the_number_of_an_item(site):
    found = (await oembed(site, url=f"https://LOCALHOST/einbetten/abstimmung/{AMENDMENT}")).json()
    assert found["url"] == f"{HERE}/einbetten/abstimmung/to{AMENDMENT}-2"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"/top/{AMENDMENT}", f"/einbetten/abstimmung/to{AMENDMENT}-2"),
        (f"/top/{AMENDMENT}/#abstimmung-1", f"/einbetten/abstimmung/to{AMENDMENT}-1"),
        (f"/top/{AMENDMENT}#inhalt", f"/einbetten/abstimmung/to{AMENDMENT}-2"),
        ("/statistik/gewinnerseite?von=2024", "/einbetten/statistik/gewinnerseite?von=2024"),
        (f"/einbetten?abstimmung=to{AMENDMENT}-1&farben=hell", f"/einbetten/abstimmung/to{AMENDMENT}-1?farben=hell"),
        ("/einbetten?statistik=aktivitaet&bis=2024", "/einbetten/statistik/aktivitaet?bis=2024"),
    ],
)
async def test_oembed_takes_the_addresses_people_have(site, address, shown):
    assert (await oembed(site, url=HERE + address)).json()["url"] == HERE + shown


@pytest.mark.parametrize("path", [f"/top/{AMENDMENT}", f"/top/{WORDS}", "/statistik/gewinnerseite?von=2024"])
async def test_our_pages_announce_oembed(site, path):
    page = lxml.html.fromstring((await get(site, path)).text)
    (link,) = page.xpath("//head/link[@type='application/json+oembed']/@href")
    assert (await get(site, link.removeprefix(HERE))).json()["type"] == "rich"
    without = (await get(site, f"/top/{NO_BALLOT}")).text + (await get(site, "/statistik")).text
    assert "json+oembed" not in without


@pytest.mark.parametrize(
    ("bounds", "width", "height"),
    [({"maxwidth": 400}, 400, None), ({"maxwidth": 10**12}, 640, None), ({"maxwidth": 1, "maxheight": 7}, 1, 7)],
)
async def test_oembed_keeps_to_the_bounds(site, bounds, width, height):
    found = (await oembed(site, url=HERE + BALLOT, **bounds)).json()
    assert found["width"] == width and found["height"] == (height or found["height"])
    for side in ("width", "height"):
        assert found.get(f"thumbnail_{side}", 0) <= bounds.get(f"max{side}", 10**9)


@pytest.mark.parametrize("bound", ["0", "-5", "1e9", "abc", "1.5", "²", " "])
async def test_oembed_refuses_absurd_bounds(site, bound):
    for name in ("maxwidth", "maxheight"):
        assert name in (await oembed(site, 400, url=HERE + BALLOT, **{name: bound})).json()["error"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (None, 400), ("", 400), ("x", 400), ("http://", 400), ("http://[", 400), (BALLOT, 400),
        ("javascript:alert(1)", 400), (f"https://evil.example{BALLOT}", 404),
        (f"http://localhost@evil.example{BALLOT}", 404),
        (f"http://localhost.evil.example{BALLOT}", 404), (f"{HERE}/", 404), (f"{HERE}/demo/votes", 404),
        (f"{HERE}/einbetten/abstimmung/to1-1", 404), (f"{HERE}/einbetten/abstimmung/{NO_BALLOT}", 404),
        (f"{HERE}/top/{AMENDMENT}#abstimmung-9", 404), (f"{HERE}/top/1", 404), (f"{HERE}/top/{NO_BALLOT}", 404),
        (f"{HERE}/einbetten", 404), (f"{HERE}/sitzungen", 404), (f"{HERE}/statistik/nix", 404),
        (f"{HERE}/statistik/gewinnerseite?von=x", 400), (f"https://evil.example/top/{AMENDMENT}", 404),
        (f"{HERE}/einbetten/statistik/nix", 404), (f"{HERE}{BALLOT}.svg", 404), (f"{HERE}{STATISTIC}?von=x", 400),
    ],
)  # fmt: skip
async def test_oembed_refuses_other_addresses(site, url, status):
    parameters = {} if url is None else {"url": url}
    answer = await oembed(site, status, **parameters)
    assert answer.json()["error"] and answer.json()["status"] == status
    assert answer.headers["cache-control"] == "no-store"
    root = ElementTree.fromstring((await oembed(site, status, format="xml", **parameters)).content)
    assert root.find("error").text == answer.json()["error"]


async def test_oembed_knows_two_formats(site):
    assert "format=json" in (await oembed(site, 501, url=HERE + BALLOT, format="yaml")).json()["error"]


# Bad input


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("abstimmung/to1-1", 404, "nicht bekannt"),
        ("abstimmung/", 404, "nicht bekannt"),
        (f"abstimmung/{NO_BALLOT}", 404, "keine Abstimmung verzeichnet"),
        ("abstimmung/77", 404, "Einen Tagesordnungspunkt mit der Nummer 77"),
        ("abstimmung/99999999999999999999", 404, "nicht bekannt"),
        ("abstimmung/%00", 404, "nicht bekannt"),
        ("abstimmung/..%2f..%2fmetadata", 404, "nicht bekannt"),
        ("abstimmung/x'%20or%20'1'='1", 404, "nicht bekannt"),
        ("abstimmung/%3Cscript%3Ealert(1)%3C/script%3E", 404, "nicht bekannt"),
        ("abstimmung/%ff%fe", 404, "nicht bekannt"),
        ("statistik/nix", 404, "Es gibt: uebereinstimmung"),
        ("statistik/datenlage;drop%20table%20votes", 404, "gibt es nicht"),
        ("quatsch/nix", 404, "gibt es nicht"),
        (f"abstimmung/to{BY_GROUP}-1?breite=341", 400, "Möglich: 340, 640, 960"),
        (f"abstimmung/to{BY_GROUP}-1?breite=-1", 400, "breite"),
        (f"abstimmung/to{BY_GROUP}-1?farben=rosa", 400, "Möglich: hell, dunkel, auto"),
        (f"abstimmung/to{BY_GROUP}-1?ansicht=torte", 400, "Möglich: balken, sitze"),
        ("statistik/gewinnerseite?ansicht=sitze", 400, "ansicht"),
        ("statistik/gewinnerseite?von=gestern", 400, "kein Datum"),
        ("statistik/gewinnerseite?von=31.02.2020", 400, "kein Datum"),
        ("statistik/gewinnerseite?von=2020-13", 400, "kein Datum"),
        ("statistik/gewinnerseite?von=2020'%20or%201=1--", 400, "kein Datum"),
        ("statistik/gewinnerseite?von=2021&bis=31.12.2020", 400, "bevor er beginnt"),
        ("statistik/gewinnerseite?gremium=au98", 404, "Ein Gremium mit der Kennung „au98“"),
        ("statistik/gewinnerseite?gremium=%27)%20union%20select%201--", 404, "Ein Gremium mit der Kennung"),
        ("statistik/gewinnerseite?auswahl=keine", 400, "auswahl"),
        ("statistik/gewinnerseite?mindestens=0", 400, "1 bis 1000"),
        ("statistik/gewinnerseite?mindestens=1e3", 400, "1 bis 1000"),
        ("statistik/erfolg_der_antraege?gremium=au99", 400, "Möglich: von, bis."),
    ],
)
async def test_what_cannot_be_is_said_in_the_form_asked_for(site, path, status, words):
    name, mark, query = path.partition("?")
    if name.endswith("/"):
        name += "x"
    answers = {form: await get(site, f"/einbetten/{name}{form}{mark}{query}", status) for form in ("", ".svg", ".json")}
    assert words in html.unescape(answers[""].text) and '<html lang="de"' in answers[""].text
    assert words in answers[".svg"].text and answers[".svg"].headers["content-type"].startswith("text/plain")
    assert words in answers[".json"].json()["error"]
    for answer in answers.values():
        assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
        assert "Traceback" not in answer.text and "\0" not in answer.text
    assert "<script" not in answers[""].text


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-06", "2024-05-06"),
        ("06.05.2024", "2024-05-06"),
        ("6.5.2024", "2024-05-06"),
    ],
)
async def test_dates_as_people_write_them(site, written, understood):
    page = lxml.html.fromstring((await get(site, f"{STATISTIC}?von={written}")).text)
    (csv,) = page.xpath("//a[text()='CSV']/@href")
    assert csv.endswith(f"von={understood}")


async def test_error_of_a_program_is_no_page_of_ours(site):
    assert json.loads((await get(site, "/einbetten/statistik/nix.json", 404)).text)["ok"] is False
