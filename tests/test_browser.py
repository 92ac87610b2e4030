"""Embedded charts in a real browser: who may frame them, what they load, how they read in the dark and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from conftest import ALLOWED, FOREIGN, OURS, ROOT, configuration, open_details, serve, served
from embedding_town import BY_GROUP, RAW_TEXT, WORDS, fill
from playwright.sync_api import Page, expect

from ratsdaten.database import close, connect

BALLOT = f"/einbetten/abstimmung/to{BY_GROUP}-1"
STATISTIC = "/einbetten/statistik/gewinnerseite?mindestens=1"
WORDS_ONLY = f"/einbetten/abstimmung/to{WORDS}-1"
PAGES = (
    *(BALLOT, STATISTIC, WORDS_ONLY, "/einbetten/x/y"),
    *("/einbetten", f"/einbetten?abstimmung=to{BY_GROUP}-1", "/einbetten?statistik=gewinnerseite"),
    *("/abstimmungen?fraktion=SPD&von=x", "/statistik", "/statistik/gewinnerseite?mindestens=1"),
    *("/suche", "/suche?q=Radweg&gremium=au99", "/suche?q=Quantengravitation"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The invented rows; the pages that frame it are plain http here."""
    folder = tmp_path_factory.mktemp("site")
    db = connect(configuration(folder))
    fill(db)
    close(db)
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    metadata["plugins"]["embedding"] = {"frame_ancestors": ["'self'", f"http://{ALLOWED}:*"]}
    (folder / "metadata.yml").unlink()
    (folder / "metadata.yml").write_text(yaml.safe_dump(metadata, allow_unicode=True), "utf-8")
    with served(folder) as address:
        yield address


def hosted(page_of: str, server: str) -> str:
    return server.replace("127.0.0.1", page_of)


@pytest.fixture(scope="module")
def article(site: str) -> Iterator[str]:
    """A page elsewhere that frames ours, with the snippet an editor copies."""
    snippet = f'<iframe src="{site}{BALLOT}" title="Radweg" width="100%" height="600"></iframe>'
    picture = f'<img src="{site}{BALLOT}.svg" alt="Radweg">'
    body = f"<!DOCTYPE html><html lang=de><title>Artikel</title><h1>Artikel</h1>{snippet}{picture}"
    with serve({"/artikel": body.encode(), "/favicon.ico": b""}) as server:
        yield f"{server}/artikel"


@pytest.mark.parametrize("script", [True, False])
def test_an_allowed_page_shows_the_chart(open_page: Callable[..., Page], article: str, script: bool) -> None:
    page = open_page(hosted(ALLOWED, article), java_script_enabled=script)
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_contain_text("Radweg")
    picture = frame.locator("picture img")
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 960
    assert "SPD: 5\N{NO-BREAK SPACE}dafür" in picture.get_attribute("alt")
    expect(frame.locator("table")).to_be_hidden()
    frame.locator("summary").click()
    expect(frame.locator("table")).to_be_visible()
    assert page.context.cookies() == []
    assert set(page.seen) == {ALLOWED, OURS}  # no other host, no message on the console


def test_another_page_shows_nothing_of_it(open_page: Callable[..., Page], article: str) -> None:
    page = open_page(hosted(FOREIGN, article))
    assert is_blocked(page)
    assert page.locator("img").evaluate("image => image.naturalWidth") == 640  # a picture is free to all


def test_nobody_frames_the_editors_page(open_page: Callable[..., Page], site: str) -> None:
    with serve({"/": f'<iframe src="{site}/einbetten"></iframe>'.encode()}) as server:
        page = open_page(hosted(ALLOWED, server))
        assert is_blocked(page)


def is_blocked(page: Page) -> bool:
    """The browser showed its own error in place of our page, and said why."""
    for _ in range(100):
        if page.frames[1].url.startswith("chrome-error://"):
            return any("frame-ancestors" in seen for seen in page.seen if seen)
        page.wait_for_timeout(50)
    return False


def test_editor_finds_previews_and_copies(open_page: Callable[..., Page], site: str) -> None:
    page = open_page("/einbetten", permissions=[])
    page.get_by_label("Wörter aus Betreff").fill("Radweg")
    page.get_by_role("button", name="Abstimmungen suchen").click()
    page.get_by_role("link", name="Radweg").click()
    page.get_by_label("Breite").select_option("340")
    page.get_by_label("Darstellung").select_option("sitze")
    page.get_by_role("button", name="Vorschau zeigen").click()
    preview = page.frame_locator("iframe").locator("picture img")
    expect(preview).to_have_js_property("naturalWidth", 340)
    code = page.get_by_label("Als Rahmen (iframe)")
    page.get_by_role("button", name="Kopieren").first.click()
    expect(page.get_by_role("status").first).not_to_be_empty()
    assert page.evaluate("getSelection().toString()") == code.input_value()
    assert set(page.seen) == {OURS} and page.context.cookies() == []


def test_editor_works_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("/einbetten?statistik=gewinnerseite", java_script_enabled=False)
    page.get_by_label("Anteil erst ab").fill("1")
    page.get_by_role("button", name="Vorschau zeigen").click()
    expect(page.frame_locator("iframe").locator("picture img")).to_be_visible()
    assert "mindestens=1" in page.get_by_label("Nur die Adresse").input_value()


def test_words_are_offered_while_typing(open_page: Callable[..., Page]) -> None:
    page = open_page("/suche")
    page.get_by_label("Suchen nach").press_sequentially("Aussch")
    expect(page.locator("datalist option").first).to_have_attribute("value", "Ausschuss für <i>Erfundenes</i>")
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    expect(page).to_have_url(re.compile(r"/suche\?q=Aussch"))
    assert set(page.seen) == {OURS} and page.context.cookies() == []


def test_axe_finds_nothing_in_light_and_dark(open_page: Callable[..., Page], site: str) -> None:
    page = open_page("/-/versions.json")
    for address in PAGES:
        page.goto(site + address)
        open_details(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{address}, {scheme}: {found.generate_report()}"


def test_a_phone_never_scrolls_sideways(open_page: Callable[..., Page], site: str) -> None:
    page = open_page("/-/versions.json")
    for address in PAGES:
        page.goto(site + address)
        open_details(page)
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_dark_follows_the_reader_unless_the_address_says_otherwise(open_page: Callable[..., Page], site: str) -> None:
    page = open_page("/-/versions.json")

    def is_dark(address: str, scheme: str) -> bool:
        page.emulate_media(color_scheme=scheme)
        page.goto(site + address)
        color = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, color.removeprefix("rgb(").removesuffix(")").split(","))) < 3 * 128

    assert [is_dark(BALLOT, scheme) for scheme in ("light", "dark")] == [False, True]
    assert not is_dark(f"{BALLOT}?farben=hell", "dark")
    assert is_dark(f"{BALLOT}?farben=dunkel", "light")
    picture = open_page(f"{BALLOT}.svg", color_scheme="dark")  # its policy allows the style that makes it dark
    assert picture.evaluate("getComputedStyle(document.querySelector('rect')).fill") == "rgb(21, 24, 28)"
    assert set(picture.seen) == {OURS}


def test_paper_is_light_and_shows_the_table(open_page: Callable[..., Page], site: str) -> None:
    page = open_page("/-/versions.json", color_scheme="dark")
    for address in (BALLOT, f"{BALLOT}?farben=dunkel", WORDS_ONLY):
        page.goto(site + address)
        page.emulate_media(media="print", color_scheme="dark")
        for side, color in (("backgroundColor", "rgb(255, 255, 255)"), ("color", "rgb(0, 0, 0)")):
            assert page.evaluate(f"getComputedStyle(document.body).{side}") == color
        if address == WORDS_ONLY:
            expect(page.get_by_text(RAW_TEXT)).to_be_visible()
        else:
            assert page.locator("table").bounding_box()["height"] > 50
            assert "dunkel" not in page.locator("picture img").evaluate("image => image.currentSrc")
        assert page.pdf().startswith(b"%PDF")
        page.emulate_media(media="screen", color_scheme="dark")
