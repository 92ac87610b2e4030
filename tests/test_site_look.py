"""One look and one language for all pages, Datasette's own included: German, labelled, readable in every setting."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import nh3
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import OURS, ROOT, open_details, served_with
from playwright.sync_api import Page
from sqlite_utils import Database
from test_datasette import ROWS

from ratsdaten.charts.theme import contrast
from ratsdaten.outcomes import OUTCOMES
from ratsdaten.serving import german
from ratsdaten.site.rich import only_links
from scraper.derive import derive

STYLE = (ROOT / "static/ratsdaten.css").read_text("utf-8")

#: Every kind of page Datasette draws, and what can be asked of it.
KINDS = {
    "table": "/demo/agenda_items?_search=Radweg&id__gt=3&_sort_desc=id&_facet=result&_where=1=1",
    "empty table": "/demo/persons?name__contains=niemand",
    "row": "/demo/agenda_items/9001",
    "canned query": "/demo/abstimmung?abstimmung=to9001-1",
    "empty query": "/demo/beschluesse_zum_stichwort?stichwort=niemals",
    "own query": "/demo?sql=select+id,name+from+papers+where+id%3D:nummer&nummer=77",
    "faulty query": "/demo?sql=select+nothing+from+papers",
    "database": "/demo?_show_hidden=1",
    "error": "/demo/agenda_items?_sort=foo",
    "not found": "/nirgends",
}
#: One of each kind of our own.
OUR_KINDS = (
    *("/", "/suche?q=Radweg", "/suche", "/sitzungen", "/sitzung/11", "/top/9001", "/vorlagen", "/vorlage/2021/0402"),
    *("/gremien", "/gremium/pa1", "/personen", "/person/7", "/fraktionen", "/fraktion/spd", "/abstimmungen"),
    *("/statistik", "/statistik/uebereinstimmung", "/daten", "/einbetten", "/ueber", "/impressum"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The invented rows of test_datasette.py."""

    def fill(db: Database) -> None:
        for table, rows in ROWS.items():
            db.table(table).insert_all(rows)
        db.table("crawls").update(1, {"finished_at": "2025-01-01T01:00:00+00:00", "pages": 9})
        derive(db)

    with served_with(tmp_path_factory.mktemp("look"), fill) as address:
        yield address


def get(site: str, path: str) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(site).netloc.replace(OURS, "127.0.0.1"))
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize("name", german.FILES)
def test_every_phrase_of_the_catalogue_is_still_there(name: str) -> None:
    text = german.original(name)
    for english, said in german.FILES[name].items():
        assert english in text, f"{name} words this otherwise now: {english}"
        text = text.replace(english, said)


def test_every_filter_has_a_german_name() -> None:
    from datasette.filters import Filters

    signs = {">", "<", "≥", "≤"}
    assert {display for _, display, _ in Filters([]).lookups()} - signs <= set(german.WORDS)


ENGLISH = re.compile(
    r"\b(?:rows?|records?|returning|sorted|descending|ascending|where|and|matches|contains|apply|search|custom|query"
    r"|queries|tables|views|next page|advanced|export|this data|remove|column|hidden|links|powered|license|about"
    r"|log out|error|found|format sql|run sql|edit sql|hide|show|default|array|object|download|expand|stream)\b",
    re.IGNORECASE,
)
#: What a reader sees or hears, without code, names of columns and what is marked as English.
SAID = """
    () => {
        const other = 'pre, code, em, th, dt, .CodeMirror, textarea, script, style, [lang=en]';
        document.querySelectorAll(other).forEach(one => one.remove());
        const fields = [...document.querySelectorAll('[aria-label], [placeholder], [type=submit]')];
        const labels = fields.map(one => [one.ariaLabel, one.placeholder, one.type == 'submit' ? one.value : '']);
        return [document.title, document.body.textContent, ...labels.flat()].join('\\n');
    }
"""


@pytest.mark.parametrize("kind", KINDS)
def test_no_english_is_left(open_page: Callable[..., Page], kind: str) -> None:
    page = open_page(KINDS[kind])
    assert ENGLISH.findall(page.evaluate(SAID)) == []


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/nirgends", 404, "Unter dieser Adresse steht hier nichts."),
        ("/nirgends/nie/niemals.x", 404, "Unter dieser Adresse steht hier nichts."),
        ("/demo/nirgends", 404, "Eine Tabelle oder Abfrage dieses Namens gibt es in dieser Datenbank nicht."),
        ("/demo/papers/123456", 404, "Eine Zeile mit dieser Kennung gibt es in dieser Tabelle nicht."),
        ("/demo/papers?_sort=foo", 400, "Die Spalte foo gibt es nicht"),
        ("/demo/papers?_sort=id&_sort_desc=id", 400, "nicht beides zugleich"),
        ("/demo/papers?_where=foo(", 400, "versteht die Datenbank die Abfrage nicht"),
        ("/demo/papers?_where=foo=1", 400, "Die Spalte foo gibt es nicht."),
        ("/demo/papers?_size=viele", 400, "_size muss eine ganze Zahl ab 1 sein."),
        ("/demo/papers?_through=x", 400, "lässt sich keine Seite erstellen"),
        ("/demo/papers?_next=a,b,c", 400, "versteht die Datenbank die Abfrage nicht"),
        ("/demo/papers?date__in=[", 400, "lässt sich keine Seite erstellen"),
        ("/demo/papers?_col=foo", 400, "Diese Spalten gibt es nicht: foo."),
        ("/demo?sql=drop+table+papers", 400, "Abfragen müssen mit SELECT"),
        ("/demo?sql=select+foo", 400, "Die Spalte foo gibt es nicht."),
        ("/demo.db", 403, "Diese Datenbank lässt sich nicht als Datei holen."),
    ],
)
def test_what_goes_wrong_is_said_in_german_with_a_way_on(site: str, path: str, status: int, sentence: str) -> None:
    found, page = get(site, path)
    assert (found, sentence in html.unescape(page)) == (status, True), page
    if "sql=select" not in path:
        assert 'action="/suche"' in page and "Wie geht es weiter?" in page
    if path.startswith("/demo/") and "?" in path:
        found, answer = get(site, path.replace("?", ".json?", 1))
        assert (found, '"ok": false' in answer) == (status, True)


def test_a_long_query_is_stopped_and_says_so(site: str) -> None:
    endless = "with+recursive+n(x)+as+(select+1+union+all+select+x%2B1+from+n)+select+count(*)+from+n"
    status, page = get(site, f"/demo?sql={endless}&_timelimit=20")
    assert status == 400 and "Die Abfrage hat zu lange gedauert" in page
    assert "select count(*) from n</textarea>" in page and 'name="_timelimit" value="20"' in page  # to be mended


def test_rows_lists_and_queries_lead_to_our_pages(site: str) -> None:
    row = get(site, "/demo/agenda_items/9001")[1]
    assert '<a class="knopf" href="/top/9001">Seite dieses Tagesordnungspunkts</a>' in row
    assert "<title>Radweg – Ratsdaten Lindenrath (erfunden)</title>" in row
    assert '<a href="/demo/meetings/11">des Rates, 29.06.2021</a>' in row
    papers = get(site, "/demo/papers")[1]
    assert papers.count('<a href="/vorlage/2021/0402">') == 2
    query = get(site, "/demo/abstimmung?abstimmung=to9001-1")[1]
    for address in ("/top/9001#abstimmung-1", "/top/9001"):
        assert f'<a href="{address}">' in query
    assert '<a href="http://127.0.0.1/allris/" rel="external">Originalseite</a>' in query
    assert '<a href="/top/9001">9001</a>' in get(site, "/demo/beschluesse_zum_stichwort?stichwort=Radweg")[1]


def test_axe_finds_nothing_in_light_and_dark(open_page: Callable[..., Page], site: str) -> None:
    page = open_page("/-/versions.json")
    for path in (*KINDS.values(), *OUR_KINDS):
        page.goto(site + path)
        open_details(page)
        for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options=options)
            assert found.violations_count == 0, f"{path}, {scheme}: {found.generate_report()}"


def test_charts_and_column_menus_are_german_and_pass_axe(open_page: Callable[..., Page]) -> None:
    page = open_page("/demo/agenda_items")
    page.get_by_role("button", name="Daten als Diagramm zeigen").click()
    page.get_by_label("Säulen").check()
    page.get_by_role("button", name="Menü der Spalte name").press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Aufsteigend sortieren"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    icon = page.get_by_role("button", name="Menü der Spalte name")
    assert icon.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not page.get_by_text("Danach auszählen").is_visible()
    assert page.locator(":focus").get_attribute("aria-label") == "Menü der Spalte name"
    assert icon.get_attribute("aria-expanded") == "false"


def test_charts_and_counts_only_where_there_are_rows(open_page: Callable[..., Page], site: str) -> None:
    assert 'datasette_vega/main.08f5d3d8.js"' in get(site, "/demo/votes")[1]
    for kind in ("empty table", "empty query"):
        page = open_page(KINDS[kind])
        assert 'datasette_vega/main.08f5d3d8.js"' not in page.content()
        assert set(page.seen) == {urlsplit(site).hostname}  # and nothing on the console
    assert "facet-info" not in get(site, "/demo/agenda_items?name__contains=niemals")[1]


def test_counted_codes_and_figures_are_german(site: str) -> None:
    assert "totals (nur Summen)" in get(site, "/demo/votes?_facet=state")[1]
    assert "0 (nicht umstritten)" in get(site, "/demo/votes?contested=0&_facet=contested")[1]
    figures = get(site, "/demo?sql=select+62.5+as+prozent,+7+as+zahl,+'1.5'+as+text")[1]
    assert re.findall(r'<td class="col-([^"]+)">(.*?)</td>', figures) == [
        ("prozent type-float", "62,5"), ("zahl type-float", "7"), ("text", "1.5"),
    ]  # fmt: skip


def test_anchors_that_lead_nowhere_are_text() -> None:
    shown = only_links(nh3.clean('<a title="a > b"><b>Kalender</b></a> <a title="y" href="/x">x</a>'))
    assert re.fullmatch('<b>Kalender</b> <a [^>]*href="/x"[^>]*>x</a>', shown)


#: WCAG 1.4.12, and the width of 1280 px at 400 %.
SPACING = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }
"""


def test_small_windows_and_wide_spacing_never_scroll_sideways(open_page: Callable[..., Page], site: str) -> None:
    page = open_page("/-/versions.json", bypass_csp=True)
    for path in (*KINDS.values(), *OUR_KINDS):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(site + path)
        open_details(page)
        for style in ("/**/", SPACING):
            page.add_style_tag(content=style)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (path, style)


def test_every_page_is_there(site: str) -> None:
    assert {path: get(site, path)[0] for path in OUR_KINDS} == dict.fromkeys(OUR_KINDS, 200)


@pytest.mark.parametrize("path", [path for path in OUR_KINDS if path not in ("/impressum", "/einbetten")])
def test_every_page_of_data_says_as_of_when(site: str, path: str) -> None:
    _, page = get(site, path)
    assert re.search(r"<dt>Stand</dt><dd>\d\d\.\d\d\.\d{4}, ", page)
    assert re.search(r'<dd class="zitat">[^<]*, Stand \d\d\.\d\d\.\d{4}, http', page)


def test_the_skip_link_and_the_place_in_the_menu(open_page: Callable[..., Page]) -> None:
    page = open_page("/demo/agenda_items", java_script_enabled=False)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Zum Inhalt springen"
    assert page.locator(":focus").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#inhalt")
    assert page.locator("nav [aria-current]").inner_text() == "Daten"


def test_paper_is_black_on_white_without_menus(open_page: Callable[..., Page]) -> None:
    page = open_page("/demo/agenda_items/9001", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator("nav").first.is_visible() and not page.get_by_role("search").first.is_visible()


def tokens(block: str) -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+): (#\w+);", block))
    double = {name: "#" + "".join(c * 2 for c in color[1:]) for name, color in found.items() if len(color) == 4}
    return found | double


def test_colours_can_be_told_apart() -> None:
    light = tokens(STYLE[: STYLE.index("@media")])
    dark = tokens(STYLE[STYLE.index("@media") : STYLE.index("/* Elements")])
    assert set(light) == set(dark)
    for colors in (light, dark):
        for ground in ("paper", "surface", "tint", "note"):
            for text in ("ink", "muted", "accent", "alert") if ground != "note" else ("ink",):
                assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
            assert contrast(colors["edge"], colors[ground]) >= 3, ground
        assert contrast(colors["on-accent"], colors["accent"]) >= 4.5
        assert contrast(colors["ink"], colors["mark"]) >= 4.5


def test_the_badges_have_the_colours_of_the_outcomes() -> None:
    found = dict(re.findall(r"\.ergebnis-(\w+) \{ --outcome: (#\w+); \}", STYLE))
    assert found | {"unknown": re.findall(r"\.ergebnis \{\s+--outcome: (#\w+);", STYLE)[0]} == {
        outcome.name: outcome.color for outcome in OUTCOMES
    }


def test_the_style_sheet_stays_small() -> None:
    assert len(STYLE.encode()) < 24_000 and (ROOT / "static/zeichen.svg").stat().st_size < 1000
