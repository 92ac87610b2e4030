"""Whoever answers, Datasette's own pages included: only reading, no debug page, no cookie, headers on every answer."""

import pytest
import pytest_asyncio
from conftest import site_with
from embedding_town import fill

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site(tmp_path_factory):
    return await site_with(tmp_path_factory.mktemp("site"), fill)


@pytest.mark.parametrize("path", ["/", "/demo", "/demo/votes.json", "/static/ratsdaten.css", "/nirgends", "/-/search"])
async def test_every_answer_has_its_headers_and_no_cookie(site, path):
    answer = await site.client.get(path)
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["/", "/demo/votes", "/daten/datapackage.json", "/nirgends"])
async def test_nothing_can_be_sent(site, method, path):
    answer = await site.client.request(method, path)
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/-/messages", "/-/logout", "/-/allow-debug", "/-/threads.json", "/-/permissions"])
async def test_debug_pages_are_closed(site, path):
    answer = await site.client.get(path)
    assert answer.status_code == 404 and "set-cookie" not in answer.headers


@pytest.mark.parametrize("host", ["[::1", "a]", "a b", "a/b", ""])
async def test_a_host_that_is_none_is_refused(site, host):
    assert (await site.client.get("/robots.txt", headers={"Host": host})).status_code == 400


async def test_a_foreign_cookie_harms_nobody(site):
    assert (await site.client.get("/", headers={"Cookie": b"a=\xff"})).status_code == 200


async def test_a_figure_too_large_for_the_database_is_no_fault_of_ours(site):
    assert (await site.client.get("/demo/votes?yes__gt=" + "9" * 30)).status_code == 400


async def test_pages_do_not_wait_for_free_sql(site):
    """They have threads of their own: a statement of ours runs while Datasette's are all taken."""
    site.executor.shutdown()
    assert (await site.client.get("/abstimmungen?seite=2")).status_code == 200
