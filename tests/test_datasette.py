"""The configuration directory as it is (metadata, plugins, templates), over a small database of invented rows."""

import html
import re
from pathlib import Path

import pytest
import pytest_asyncio
import yaml
from conftest import configuration
from datasette.app import Datasette
from datasette.utils import path_from_row_pks

from ratsdaten.database import close, connect
from ratsdaten.search import KINDS, rebuild

ROOT = Path(__file__).parent.parent
METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
TABLES = METADATA["plugins"]["towns"]["tables"]
HIDDEN = {name for name, entry in TABLES.items() if entry.get("hidden")}

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEEN = {"source_url": "http://127.0.0.1/allris/", "fetched_at": "2025-01-01T00:00:00+00:00"}

# All of it is invented.
ROWS = {
    "organizations": [{"id": "pa1", "name": "Rat der Stadt Lindenrath", "organization_type": "Rat", **SEEN}],
    "persons": [{"id": 7, "name": "Petra Erfunden", "family_name": "Erfunden", "given_name": "Petra", **SEEN}],
    "memberships": [
        {"id": 1, "person_id": 7, "organization_id": "pa1", "name": "Erfunden, Petra", "group_name": "SPD", **SEEN}
    ],
    "meetings": [
        {"id": 11, "organization_id": "pa1", "name": "des Rates", "date": "2021-06-29", "cancelled": 0, **SEEN}
    ],
    "papers": [
        {"id": 77, "reference": "2021/0402", "name": "Radweg an der Fliederstraße", "paper_type": "Antrag",
         "date": "2021-06-01", "text": "Der Radweg wird gebaut.", **SEEN}
    ],
    "agenda_items": [
        {"id": 9001, "meeting_id": 11, "position": 1, "number": "1", "public": 1, "name": "Radweg", "paper_id": 77,
         "result": "ungeändert beschlossen", "resolution_text": "Der Radweg wird gebaut. " * 40,
         "resolution_html": "<p>Der <b>Radweg</b> wird gebaut.</p><script>alert(1)</script>", **SEEN},
        {"id": 9002, "meeting_id": 11, "position": 2, "public": 0, **SEEN},
    ],
    "consultations": [
        {"id": "vo77-1", "paper_id": 77, "organization_id": "pa1", "date": "2021-06-08", "role": "Vorberatung", **SEEN},
        {"id": "vo77-2", "paper_id": 77, "organization_id": "pa1", "meeting_id": 11, "agenda_item_id": 9001,
         "date": "2021-06-29", "role": "Entscheidung", **SEEN},
    ],
    "files": [{"id": "vo77-1", "name": "Lageplan Radweg", "mime_type": "application/pdf", "size": 460800, **SEEN}],
    "meeting_files": [{"meeting_id": 11, "file_id": "vo77-1"}],
    "agenda_item_files": [{"agenda_item_id": 9001, "file_id": "vo77-1"}],
    "paper_files": [{"paper_id": 77, "file_id": "vo77-1"}],
    "votes": [{"id": "to9001-1", "agenda_item_id": 9001, "position": 1, "yes": 3, "no": 0, "source": "table"}],
    "vote_counts": [{"vote_id": "to9001-1", "group_name": "SPD", "label": "SPD", "yes": 3, "no": 0, "abstain": 0}],
    "phrases": [{"kind": "result", "phrase": "ungeändert beschlossen", "meaning": "accepted"}],
    "group_sides": [{"group_name": "SPD", "date": "2021-06-29", "organization_id": "pa1", "contested": 0, "ballots": 1,
                     "won": 1}],
    "group_pairs": [{"group_a": "CDU", "group_b": "SPD", "date": "2021-06-29", "organization_id": "pa1", "contested": 0,
                     "ballots": 1, "alike": 1}],
    "revisions": [{"id": 1, "table_name": "papers", "row_id": "77", "observed_at": "2025-01-01", "changed": "{}"}],
    "pages": [{"url": "http://127.0.0.1/allris/vo020.asp?VOLFDNR=77", "kind": "vo020", "http_status": 200}],
    "crawls": [{"id": 1, "mode": "full", "arguments": "{}", "started_at": "2025-01-01T00:00:00+00:00"}],
}  # fmt: skip
#: What every database comes with, and what the search makes of the rest.
FILLED = {"groups", "outcomes", "documents", "document_facets", "search_words", "search_state"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    """``datasette .`` with a database of its own instead of the developer's."""
    folder = tmp_path_factory.mktemp("site")
    db = connect(configuration(folder))
    for table, rows in ROWS.items():
        db.table(table).insert_all(rows)
    rebuild(db)
    close(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


async def get(site, path, status=200):
    answer = await site.client.get(path, follow_redirects=True)
    assert answer.status_code == status, (path, answer.text[-500:])
    return answer


async def columns(site, table):
    return await site.get_database("demo").table_columns(table)


async def test_every_table_has_a_row_here(site):
    assert set(ROWS) | FILLED == set(TABLES)


@pytest.mark.parametrize("table", ROWS)
async def test_table_and_row_answer_in_every_form(site, table):
    page = await get(site, f"/demo/{table}")
    assert html.escape(TABLES[table]["title"], quote=False) in page.text
    assert "Erfundene Daten" in page.text

    rows = (await get(site, f"/demo/{table}.json?_shape=objects")).json()["rows"]
    assert len(rows) == len(ROWS[table])
    exported = (await get(site, f"/demo/{table}.csv?_stream=1")).text.splitlines()
    assert exported[0].split(",")[: len(rows[0])] == await columns(site, table)

    keys = await site.get_database("demo").primary_keys(table)
    row = f"/demo/{table}/{path_from_row_pks(rows[0], keys, False)}"
    shown = (await get(site, row)).text
    assert [name for name in rows[0] if f'<dt id="{name}">' not in shown] == []
    assert (await get(site, f"{row}.json?_shape=objects")).json()["rows"] == [rows[0]]


@pytest.mark.parametrize("table", TABLES)
async def test_every_column_is_described_and_every_name_exists(site, table):
    entry, real = TABLES[table], await columns(site, table)
    assert list(entry["columns"]) == real
    assert all(text and text.strip() for text in [entry["title"], entry["description"], *entry["columns"].values()])
    named = [entry[key] for key in ("label_column", "sort", "sort_desc") if key in entry]
    assert set(named + entry.get("facets", [])) <= set(real)


async def test_every_table_in_the_file_is_described(site):
    found = await site.get_database("demo").table_names()
    assert {name for name in found if "_fts" not in name and not name.startswith("sqlite_")} == set(TABLES)


@pytest.mark.parametrize("table", [name for name in ROWS if name != "organizations"])
async def test_facets_and_sort_orders_are_cheap(site, table):
    """Every table but the smallest has an index that starts with the column."""
    database = site.get_database("demo")
    leading = {(await database.primary_keys(table))[0], "family_name", "name"}  # persons and groups are few
    for index in await database.execute(f"pragma index_list({table})"):
        leading.add((await database.execute(f"pragma index_info('{index['name']}')")).first()["name"])
    entry = TABLES[table]
    used = {entry[key] for key in ("sort", "sort_desc") if key in entry} | set(entry.get("facets", []))
    assert used <= leading


async def test_demo_shares_the_descriptions_and_says_it_is_invented(site):
    demo = site.metadata("databases")["demo"]
    assert set(demo["tables"]) == set(TABLES)
    assert all(demo["tables"][name]["columns"] == TABLES[name]["columns"] for name in TABLES)
    assert all("Erfunden" in entry["source"] for entry in (demo, *demo["tables"].values()))


async def test_helper_tables_are_hidden(site):
    listed = (await get(site, "/demo.json")).json()["tables"]
    hidden = {table["name"] for table in listed if table["hidden"]}
    assert {table["name"] for table in listed} - hidden == set(TABLES) - HIDDEN
    page = (await get(site, "/demo")).text
    assert all(f'"/demo/{name}"' not in page for name in hidden)


@pytest.mark.parametrize("path", ["/", "/demo", "/demo/agenda_items", "/demo/agenda_items/9001", "/suche?q=Radweg"])
async def test_pages_load_nothing_from_elsewhere(site, path):
    page = (await get(site, path)).text
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]+)"', page)
    local = [html.unescape(url).removeprefix("http://localhost") for url in loaded]
    assert local and all(url.startswith("/") and not url.startswith("//") for url in local), loaded
    for url in local:
        await get(site, url)


async def test_vega_is_on_table_and_query_pages_alone(site):
    for path in ("/demo/agenda_items", "/demo/datenlage", "/demo?sql=select+1"):
        assert "datasette_vega/" in (await get(site, path)).text, path
    for path in ("/", "/demo", "/demo/agenda_items/9001", "/suche?q=Radweg"):
        assert "datasette_vega" not in (await get(site, path)).text, path


@pytest.mark.parametrize(
    ("table", "words", "found"),
    [
        ("agenda_items", "Radweg", [9001]),
        ("papers", "fliederstrasse OR", []),
        ("papers", "Fliederstraße", [77]),
        ("papers", '"Radweg an der"', [77]),
        ("meetings", "Rates", [11]),
        ("persons", "erfunden", [7]),
        ("organizations", "lindenrath", ["pa1"]),
        ("files", "Lageplan", ["vo77-1"]),
    ],
)
async def test_table_search(site, table, words, found):
    answer = await site.client.get(f"/demo/{table}.json", params={"_search": words, "_shape": "objects"})
    assert [row["id"] for row in answer.json()["rows"]] == found


@pytest.mark.parametrize("words", ['"', '""', "'", "*", "()", "NEAR(", "a AND", "-", "\0", 'x"y', "^", ":", " "])
async def test_no_text_breaks_the_search(site, words):
    for path in ("/demo/papers", "/demo/papers.json"):
        assert (await site.client.get(path, params={"_search": words})).status_code == 200
    assert (await site.client.get("/-/search", params={"q": words}, follow_redirects=True)).status_code == 200


async def test_search_over_all_tables(site):
    """The address of datasette-search-all leads to our search, which knows every table that has an index."""
    answer = await site.client.get("/-/search?q=Radweg")
    assert (answer.status_code, answer.headers["location"]) == (302, "/suche?q=Radweg")
    assert {f"{kind}_fts" for kind in KINDS} == {
        name for name in await site.get_database("demo").table_names() if name.endswith("_fts")
    }
    found = {(hit["kind"], hit["id"]) for hit in (await get(site, "/suche.json?q=Radweg")).json()["hits"]}
    assert found == {("agenda_items", 9001), ("papers", 77), ("files", "vo77-1")}
    assert 'href="/demo/papers?_search=Radweg"' in (await get(site, "/suche?q=Radweg")).text


async def test_rows_show_rich_text_and_never_scripts(site):
    page = (await get(site, "/demo/agenda_items/9001")).text
    assert "<p>Der <b>Radweg</b> wird gebaut.</p>" in page
    assert "alert(1)" not in page
    assert html.escape(TABLES["agenda_items"]["columns"]["result"]) in page


async def test_rows_link_to_what_they_refer_to(site):
    page = (await get(site, "/demo/agenda_items/9001")).text
    assert '<a href="/demo/papers/77">2021/0402</a>' in page
    assert '<a href="/demo/meetings/11">des Rates, 29.06.2021</a>' in page
    assert 'href="http://127.0.0.1/allris/"' in page


async def test_lists_show_no_tags_as_rich_text(site):
    page = (await get(site, "/demo/agenda_items")).text
    assert "<b>Radweg</b>" not in page
    assert "<script>alert" not in page


async def test_our_table_template_still_fits_datasette():
    """templates/_table.html leans on these names; look at it again when Datasette moves."""
    import datasette

    templates = Path(datasette.__file__).parent / "templates"
    assert datasette.__version__.startswith("0.65.")
    assert "primary_key_values" in (templates / "row.html").read_text()
    assert "primary_key_values" not in (templates / "table.html").read_text()
