"""How long answers may be kept, 304, gzip, and what is kept in memory: from outside, over the embedding town."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys

import pytest
import pytest_asyncio
from conftest import configuration, site_with
from datasette.app import Datasette
from embedding_town import BY_GROUP, fill
from sqlite_utils import Database

from ratsdaten.serving import free_sql, version

pytestmark = pytest.mark.asyncio(loop_scope="module")

BALLOT = f"/einbetten/abstimmung/to{BY_GROUP}-1"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site(tmp_path_factory):
    return await site_with(tmp_path_factory.mktemp("site"), fill)


async def get(site, path, status=200, **headers):
    answer = await site.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
    return answer


@pytest.mark.parametrize(
    ("path", "browser", "shared"),
    [
        *((path, 0, 300) for path in ("/", "/suche?q=Rad", "/abstimmungen.csv", "/demo", "/demo/votes.json?_size=1")),
        *((path, 0, 300) for path in ("/daten/votes.csv", "/daten/demo.zip", "/demo/abstimmung", "/statistik")),
        *((path, 0, 3600) for path in (f"/top/{BY_GROUP}", f"/top/{BY_GROUP}.json", "/fraktion/spd")),
        *((path, 300, 3600) for path in (BALLOT, f"{BALLOT}.svg", f"{BALLOT}.png", f"{BALLOT}.json")),
        *((path, 300, 3600) for path in ("/abstimmungen.atom", "/sitzungen.ics", "/robots.txt", "/sitemap.xml")),
    ],
)
async def test_each_kind_of_page_says_how_long_it_may_be_kept_and_is_not_sent_twice(site, path, browser, shared):
    answer = await get(site, path)
    assert answer.headers["cache-control"].startswith(f"public, max-age={browser}, s-maxage={shared}, stale-while")
    assert answer.headers["vary"] == "Accept-Encoding"
    etag = answer.headers["etag"]
    for known in (etag, f'"other", {etag.removeprefix("W/")}'):
        again = await get(site, path, 304, If_None_Match=known)
        assert again.content == b"" and again.headers["etag"] == etag and "public" in again.headers["cache-control"]
        # A browser would take it for that of the page it has.
        assert "content-security-policy" not in again.headers
    await get(site, path, 200, If_None_Match='"other"')
    assert (await site.client.head(path)).headers["etag"] == etag


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path, 404) for path in ("/nirgends", "/top/1", "/demo/nichts", "/einbetten/abstimmung/to1-1.svg")),
        *(("/demo?sql=sel", 400), ("/demo.json?%73ql=select+1", 200)),
        *(("/demo/votes?_sort=nix", 400), ("/statistik/gewinnerseite?von=gestern", 400)),
        *(("/status", 200), ("/status.json", 200), ("/demo?sql=select+random()", 200), ("/-/search?q=Rad", 302)),
    ],
)
async def test_problems_and_what_changes_by_itself_are_kept_by_nobody(site, path, status):
    answer = await get(site, path, status)
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers


async def test_files_whose_address_names_their_content_are_kept_for_good(site):
    [path] = re.findall(r'"(/static/ratsdaten\.css\?v=\w+)"', (await get(site, "/")).text)
    assert (await get(site, path)).headers["cache-control"] == "public, max-age=31536000, immutable"
    for other in ("/static/ratsdaten.css", "/static/ratsdaten.css?v=0", f"{path}0"):
        assert "max-age=3600" in (await get(site, other)).headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/", "/static/ratsdaten.css", "/abstimmungen.json", "/daten/votes.csv", f"{BALLOT}.svg"]
)
async def test_text_is_compressed_for_who_can_read_it(site, path):
    plain = await get(site, path, Accept_Encoding="identity")
    assert "content-encoding" not in plain.headers
    for _ in range(2):  # made, then from memory
        small = await get(site, path, Accept_Encoding="br, gzip")
        assert small.headers["content-encoding"] == "gzip" and small.content == plain.content
        assert len(small.headers.get_list("content-length")) <= 1
    assert "content-encoding" not in (await get(site, path, Accept_Encoding="gzip;q=0, br")).headers


async def test_what_is_compressed_already_is_left_alone(site):
    for path in (f"{BALLOT}.png", "/daten/demo.zip"):
        assert "content-encoding" not in (await get(site, path, Accept_Encoding="gzip")).headers


async def test_a_page_is_made_once_even_for_many_at_once(site, monkeypatch):
    made = []
    render = Datasette.render_template

    async def counted(self, name, *arguments, **more):
        made.append(name)
        await asyncio.sleep(0.05)
        return await render(self, name, *arguments, **more)

    monkeypatch.setattr(Datasette, "render_template", counted)
    answers = await asyncio.gather(*(get(site, "/abstimmungen?fraktion=SPD") for _ in range(20)))
    assert len(made) == 1 and len({answer.content for answer in answers}) == 1
    await asyncio.gather(*(get(site, "/top/1", 404) for _ in range(3)))
    assert len(made) == 4  # problems are not kept


@pytest.mark.parametrize("path", ["/gremien", "/daten/votes.csv"])
async def test_a_reader_who_does_not_read_stops_nobody_else(site, path):
    async def receive():
        return await asyncio.sleep(3600)

    async def stuck(event):
        await asyncio.sleep(3600)

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "server": None, "client": None}
    scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "headers": [(b"host", b"localhost")]}
    app = site.app()
    slow = asyncio.create_task(app(scope, receive, stuck))
    await asyncio.sleep(0)
    over = asyncio.Event()

    async def read(event):
        if event["type"] == "http.response.body" and not event.get("more_body"):
            over.set()

    other = asyncio.create_task(app(scope, receive, read))
    await asyncio.wait_for(over.wait(), 5)
    slow.cancel(), other.cancel()


async def test_what_could_not_be_counted_in_time_is_for_one_reader(site, monkeypatch):
    path = "/demo/agenda_items?_facet=outcome&_size=1"
    rows = free_sql.Visit.rows

    async def slow(self, database, sql, *arguments):
        if "group by" in sql:
            raise free_sql.Refused("interrupted")
        return await rows(self, database, sql, *arguments)

    monkeypatch.setattr(free_sql.Visit, "rows", slow)
    assert (await get(site, path)).headers["cache-control"] == "no-store"
    monkeypatch.undo()
    assert "public" in (await get(site, path)).headers["cache-control"]


async def test_nothing_somebody_is_known_by_changes_an_answer(site):
    plain = await get(site, "/demo/votes")
    told = await get(
        site, "/demo/votes", Cookie=f"ds_actor={site.sign({'a': {'id': 'root'}}, 'actor')}", Authorization="Bearer x"
    )
    assert told.content == plain.content and told.headers["etag"] == plain.headers["etag"]


async def test_a_new_release_is_seen_at_once(tmp_path):
    site = await site_with(tmp_path, fill)
    before = await get(site, f"/top/{BY_GROUP}")
    shutil.copy(tmp_path / "demo.db", tmp_path / "next")
    Database(tmp_path / "next").execute("UPDATE agenda_items SET name = 'Ganz neu' WHERE id = ?", [BY_GROUP])
    (tmp_path / "next").replace(tmp_path / "demo.db")
    after = await get(site, f"/top/{BY_GROUP}", If_None_Match=before.headers["etag"])
    assert "Ganz neu" in after.text and after.headers["etag"] != before.headers["etag"]
    version._known.pop(site)
    (tmp_path / "static").unlink()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "ratsdaten.css").write_text("")
    for name in ("zeichen.svg", "suche.js", "einbetten.css", "einbetten.js"):
        (tmp_path / "static" / name).touch()
    newer = await get(site, f"/top/{BY_GROUP}", If_None_Match=after.headers["etag"])
    assert newer.headers["etag"] != after.headers["etag"]


async def test_two_machines_with_one_release_say_the_same(tmp_path):
    """So that a reader may meet either: an ETag follows what is in the file, not when it was made."""
    etags = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        if name == "one":
            await site_with(folder, fill)
        else:
            shutil.copyfile(tmp_path / "one" / "demo.db", configuration(folder))
        inspect = [sys.executable, "-m", "datasette", "inspect", "demo.db", "--inspect-file=inspect-data.json"]
        subprocess.run(inspect, cwd=folder, check=True)
        site = Datasette(config_dir=folder)
        await site.invoke_startup()
        etags.append((await get(site, "/abstimmungen")).headers["etag"])
    assert etags[0] == etags[1]
