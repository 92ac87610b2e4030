"""The invented town, crawled and served as a user does it, in a real browser: what people come for, and every kind of
page in every setting."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import OURS, configuration, crawl, open_details, rows, served
from playwright.sync_api import Page, expect

import demo

TODAY = date(2026, 11, 21)
#: Bytes of a first view, compressed.
HEAVIEST = 60_000

#: Kind of page -> one address of that kind.
KINDS = {
    "home": "SELECT '/'",
    "search": "SELECT '/suche?q=Radweg'",
    "search without hits": "SELECT '/suche?q=xyzzyquux'",
    "meetings": "SELECT '/sitzungen'",
    "meeting": "SELECT '/sitzung/' || meeting_id FROM agenda_items GROUP BY 1 ORDER BY count(vote_state) DESC",
    "coming meeting": "SELECT '/sitzung/' || id FROM meetings ORDER BY date DESC",
    "agenda item": "SELECT '/top/' || id FROM agenda_items WHERE vote_state = 'by_group' AND paper_id IS NOT NULL",
    "agenda item without ballot": "SELECT '/top/' || id FROM agenda_items WHERE vote_state IS NULL AND public = 1",
    "item that is not public": "SELECT '/top/' || id FROM agenda_items WHERE public = 0",
    "papers": "SELECT '/vorlagen'",
    "paper": "SELECT '/vorlage/' || p.slug FROM papers p JOIN consultations c ON c.paper_id = p.id"
    " GROUP BY p.id ORDER BY count(*) DESC",
    "document": "SELECT '/dokument/' || id FROM files WHERE text IS NULL",
    "document with its text": "SELECT '/dokument/' || id FROM files WHERE text IS NOT NULL",
    "bodies": "SELECT '/gremien'",
    "body": "SELECT '/gremium/' || organization_id FROM meetings GROUP BY 1 ORDER BY count(*) DESC",
    "persons": "SELECT '/personen'",
    "person": "SELECT '/person/' || person_id FROM memberships WHERE person_id > 0 GROUP BY 1 ORDER BY count(*) DESC",
    "groups": "SELECT '/fraktionen'",
    "group": "SELECT '/fraktion/spd'",
    "ballots": "SELECT '/abstimmungen'",
    "statistics": "SELECT '/statistik'",
    "statistic": "SELECT '/statistik/uebereinstimmung?mindestens=1'",
    "editor": "SELECT '/einbetten'",
    "editor's choice": "SELECT '/einbetten?abstimmung=' || id FROM votes WHERE state = 'by_group'",
    "changes": "SELECT '/aenderungen'",
    "change": "SELECT '/aenderung/' || id FROM revisions",
    "agenda item that changed": "SELECT '/top/' || row_id FROM revisions",
    "status": "SELECT '/status'",
    "data": "SELECT '/daten'",
    "about": "SELECT '/ueber'",
    "imprint": "SELECT '/impressum'",
    "privacy": "SELECT '/datenschutz'",
    "accessibility": "SELECT '/barrierefreiheit'",
    "no such page": "SELECT '/top/1'",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our configuration directory with the small look-alike of a fixed day, crawled."""
    folder = tmp_path_factory.mktemp("town")
    database = configuration(folder)
    with demo.serve(demo.Town(seed=1, size="small", today=TODAY)) as town:
        run = crawl(town.base_url, database, since="2001-01-01", until="2026-12-31")
    assert run.returncode == 0, run.stderr[-3000:]
    page = "Der Radweg am Kanal wird gebaut, weil viele Menschen dort fahren.\n" * 40
    with closing(sqlite3.connect(database)) as conn, conn:
        sql = "UPDATE files SET text = ?, text_source = 'ocr', page_count = 60 WHERE id = (SELECT max(id) FROM files)"
        conn.execute(sql, ["\f".join(f"{page}{n}" for n in range(60))])
        changed = json.dumps({"minutes_text": [page, page.replace("weil", "obwohl", 1)], "result": ["vertagt", None]})
        sql = "INSERT INTO revisions (table_name, row_id, observed_at, changed) VALUES ('agenda_items', ?, ?, ?)"
        [item] = conn.execute("SELECT id FROM agenda_items WHERE minutes_text IS NOT NULL").fetchone()
        conn.execute(sql, [str(item), "2026-11-21T03:00:00+00:00", changed])
        conn.execute("UPDATE pages SET error = url || ': HTTP 500' WHERE kind = 'kp020' AND rowid % 9 = 0")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def addresses(folder: Path) -> dict[str, str]:
    conn = sqlite3.connect(folder / "demo.db")
    return {kind: conn.execute(f"SELECT * FROM ({sql}) LIMIT 1").fetchone()[0] for kind, sql in KINDS.items()}


@pytest.fixture(scope="module")
def ballot(folder: Path) -> dict:
    """A ballot by group over a paper that several bodies dealt with."""
    return rows(
        folder / "demo.db",
        """SELECT v.id, v.agenda_item_id, i.name, p.reference, p.slug, o.label
             FROM votes v JOIN agenda_items i ON i.id = v.agenda_item_id JOIN papers p ON p.id = i.paper_id
             JOIN outcomes o ON o.name = i.outcome
            WHERE v.state = 'by_group' AND v.final = 1 AND v.contested = 1
              AND (SELECT count(*) FROM consultations WHERE paper_id = p.id) > 1
            ORDER BY v.id LIMIT 1""",
    )[0]


# ---- what people come for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_a_citizen_finds_out_what_was_decided_and_who_voted_how(
    open_page: Callable[..., Page], ballot: dict, script: bool
) -> None:
    page = open_page("/", java_script_enabled=script, viewport={"width": 360, "height": 740})
    page.locator("main").get_by_role("searchbox").fill(f'"{ballot["name"]}"')
    page.locator("main").get_by_role("button", name="Such").click()
    page.locator(f'main a[href$="/top/{ballot["agenda_item_id"]}"]').first.click()
    expect(page.locator("h1")).to_contain_text(ballot["name"][:40])
    expect(page.locator("main .ergebnis").first).to_have_text(re.compile(ballot["label"]))
    table = page.locator(".stimmen table").first
    table.scroll_into_view_if_needed()
    expect(table.get_by_role("rowheader", name="SPD")).to_be_visible()
    picture = page.locator(".stimmen img").first
    picture.scroll_into_view_if_needed()
    if script:
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    page.locator(f'main a[href$="/vorlage/{ballot["slug"]}"]').first.click()
    assert page.url.endswith(f"/vorlage/{ballot['slug']}")  # an address to keep
    expect(page.locator("ol.weg > li").nth(1)).to_be_visible()
    expect(page.get_by_role("heading", name="Zu dieser Seite")).to_be_visible()
    assert set(page.seen) == {OURS} and page.context.cookies() == []


def test_a_journalist_counts_compares_and_takes_the_data(
    open_page: Callable[..., Page], folder: Path, site: str
) -> None:
    page = open_page("/abstimmungen")
    page.get_by_label("Fraktion oder Gruppe").select_option("SPD")
    page.locator("main form.filter").get_by_role("button").first.click()
    assert "fraktion=SPD" in page.url
    link = page.locator(".herkunft").get_by_role("link", name="CSV", exact=True).get_attribute("href")
    found = list(csv.DictReader(io.StringIO(fetch(site, link).decode("utf-8"))))
    sql = """SELECT count(*) AS n FROM votes JOIN vote_counts ON vote_id = votes.id AND group_name = 'SPD'"""
    (wanted,) = rows(folder / "demo.db", sql)
    assert 0 < len(found) <= wanted["n"]
    page.locator("main ul.liste a").first.click()
    expect(page.locator(".herkunft").get_by_role("link", name="Originalseite")).to_be_visible()
    # The same with a query of her own, and the whole table for Excel.
    page.goto(site + "/demo?sql=select+count(*)+as+zahl+from+papers")
    (papers,) = rows(folder / "demo.db", "SELECT count(*) AS n FROM papers")
    expect(page.locator("main table")).to_contain_text(str(papers["n"]))
    page.goto(site + "/daten")
    link = page.locator('main a[href*="papers"][href*="excel"]').first.get_attribute("href")
    content = fetch(site, link).decode("utf-8")
    assert content.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    assert len(list(csv.reader(io.StringIO(content), delimiter=";"))) == papers["n"] + 1
    assert set(page.seen) == {OURS} and page.context.cookies() == []


def test_an_editor_comes_from_a_vote_to_a_snippet(open_page: Callable[..., Page], ballot: dict) -> None:
    page = open_page(f"/top/{ballot['agenda_item_id']}")
    page.locator(".stimmen").get_by_role("link", name=re.compile("einbetten", re.I)).first.click()
    page.get_by_label("Breite").select_option("340")
    page.get_by_role("button", name="Vorschau zeigen").click()
    picture = page.frame_locator("iframe").locator("picture img")
    assert picture.evaluate("image => image.naturalWidth") == 340
    assert ballot["id"] in page.get_by_label("Als Rahmen (iframe)").input_value()
    assert set(page.seen) == {OURS} and page.context.cookies() == []


def fetch(site: str, path: str) -> bytes:
    with urlopen(site.replace(OURS, "127.0.0.1") + path) as answer:
        return answer.read()


# ---- every kind of page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_page(open_page: Callable[..., Page], site: str, addresses: dict[str, str], kind: str) -> None:
    """Light enough, in German, with one heading, without a foreign host or a cookie, for every eye and screen."""
    page = open_page("/robots.txt", viewport={"width": 1280, "height": 800})
    answers: list[bytes] = []
    page.on("response", lambda answer: answers.append(answer.body()) if answer.ok or answer.status == 404 else None)
    page.goto(site + addresses[kind], wait_until="networkidle")
    assert sum(len(gzip.compress(body)) for body in answers) <= HEAVIEST
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("h1").count() == 1
    assert page.title().endswith("Ratsdaten Lindenrath (erfunden)")
    if kind in ("search without hits", "no such page"):  # there is a way on
        expect(page.locator("main input[type=search]").first).to_be_visible()
        assert page.locator("main a").count() > 0
    assert set(page.seen) == {OURS} or kind == "no such page"  # the console speaks of a 404
    assert page.context.cookies() == []
    open_details(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
