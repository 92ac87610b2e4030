"""Whoever answers, Datasette's own pages included: only reading, no debug page, no cookie, headers on every answer."""

import shutil
import sqlite3

import httpx
import pytest
import pytest_asyncio
from conftest import site_with
from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted
from embedding_town import fill

from ratsdaten.serving import guard
from ratsdaten.serving.town import release

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site(tmp_path_factory):
    return await site_with(tmp_path_factory.mktemp("site"), fill)


@pytest.mark.parametrize("path", ["/", "/demo", "/demo/votes.json", "/static/ratsdaten.css", "/nirgends", "/-/search"])
async def test_every_answer_has_its_headers_and_no_cookie(site, path):
    answer = await site.client.get(path)
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"]
    assert "set-cookie" not in answer.headers and "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["/", "/demo/votes", "/daten/datapackage.json", "/nirgends"])
async def test_nothing_can_be_sent(site, method, path):
    answer = await site.client.request(method, path)
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD"


async def test_debug_pages_are_closed_wherever_the_site_lies(tmp_path):
    await site_with(tmp_path, fill)
    site = Datasette(config_dir=tmp_path, settings={"base_url": "/rat/"})
    await site.invoke_startup()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app()), base_url="http://localhost") as client:
        for path in ("/rat/-/messages", "/-/messages", "/rat/-/databases.json"):
            answer = await client.get(path)
            assert answer.status_code == 404 and "set-cookie" not in answer.headers, path
        assert (await client.get("/rat/-/stadt.css")).status_code == 200


async def test_a_fault_of_ours_is_a_sentence_and_a_note_in_the_log(site, caplog):
    async def broken(*_):
        raise KeyError("secret")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=guard.layer(site, broken))) as client:
        answer = await client.get("http://localhost/x.json")
    assert answer.status_code == 500 and "liegt bei uns" in answer.json()["error"] and "secret" not in answer.text
    assert answer.headers["cache-control"] == "no-store" and "default-src" in answer.headers["content-security-policy"]
    assert "secret" in caplog.text


@pytest.mark.parametrize("names", ["https://a.example", "a.example:80", "a.example/x", "a b.example, c"])
async def test_names_that_are_none_are_said(monkeypatch, names):
    monkeypatch.setenv(guard.HOSTS, names)
    with pytest.raises(ValueError, match="is no host name"):
        guard.own_names()


@pytest.mark.parametrize("host", ["[::1", "a]", "a b", "a/b", "", "localhost:99999", "[1.2]", "[::::]"])
async def test_a_host_that_is_none_is_refused(site, host):
    for path in ("/robots.txt", "/ueber", "/status.json"):
        assert (await site.client.get(path, headers={"Host": host})).status_code == 400, path


async def test_a_database_too_slow_to_tell_its_tables_is_a_town_all_the_same(tmp_path, monkeypatch):
    async def too_slow(_):
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), "select", ())

    site = await site_with(tmp_path, fill)
    monkeypatch.setattr(Database, "table_names", too_slow)
    assert (await site.client.get("/status.json")).status_code == 200


async def test_what_was_read_before_a_file_was_replaced_is_not_kept_for_the_new_one(tmp_path):
    site = await site_with(tmp_path, fill)
    assert (await site.client.get("/abstimmungen")).status_code == 200
    old = site.databases["demo"]
    shutil.copy(tmp_path / "demo.db", tmp_path / "next")
    (tmp_path / "next").replace(tmp_path / "demo.db")
    stale = release(old)  # a request that was under way
    assert (await site.client.get("/abstimmungen")).status_code == 200
    assert site.databases["demo"] is not old and release(site.databases["demo"]) != stale


async def test_a_foreign_cookie_harms_nobody(site):
    assert (await site.client.get("/", headers={"Cookie": b"a=\xff"})).status_code == 200


async def test_a_figure_too_large_for_the_database_is_no_fault_of_ours(site):
    assert (await site.client.get("/demo/votes?yes__gt=" + "9" * 30)).status_code == 400


async def test_pages_do_not_wait_for_free_sql(site):
    """They have threads of their own: a statement of ours runs while Datasette's are all taken."""
    site.executor.shutdown()
    assert (await site.client.get("/abstimmungen?seite=2")).status_code == 200
