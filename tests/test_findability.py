"""What machines read to find us, through the real Datasette: robots.txt, sitemap, schema.org, Open Graph, search."""

from __future__ import annotations

import json
import re

import lxml.html
import msgspec_schemaorg.models as models
import pytest
import pytest_asyncio
from conftest import insert_ballot, site_with
from lxml import etree
from protego import Protego

from ratsdaten.findability import sitemap
from ratsdaten.site.meetings import today

pytestmark = pytest.mark.asyncio(loop_scope="module")

HERE = "http://localhost"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
EVIL = "Radweg </script><script>alert(1)</script> & <!-- \u2028 „mehr“"
SEEN = {"source_url": "http://127.0.0.1/allris/to010.asp?a=1&b=2", "fetched_at": "2025-01-01T00:00:00+00:00"}


def fill(db) -> None:
    """All of it is invented."""
    db.table("organizations").insert_all([
        {"id": "pa1", "name": "Rat der Stadt Lindenrath", "start_date": "1999-10-01", **SEEN},
        {"id": "au2", "name": None},
    ])  # fmt: skip
    db.table("persons").insert(
        {"id": 7, "name": "Dr. Petra Erfunden", "family_name": "Erfunden", "title": "Dr.", **SEEN}
    )
    db.table("memberships").insert({"person_id": 7, "organization_id": "pa1", "group_name": "SPD", **SEEN})
    meeting = {"organization_id": "pa1", "start_time": "17:00", "end_time": "19:30", "location": "Rathaus", **SEEN}
    db.table("meetings").insert_all(
        [
            meeting | {"id": 11, "date": "2021-06-29", "cancelled": 0},
            {"id": 12, "name": "des Rates", "date": today(), "cancelled": 1},
        ]
    )
    db.table("papers").insert({"id": 77, "reference": "2021/0402 Ä", "slug": "2021/0402 Ä", "name": EVIL, **SEEN})
    db.table("agenda_items").insert_all([
        {"id": 9001, "meeting_id": 11, "position": 1, "public": 1, "name": EVIL, "paper_id": 77, "outcome": "accepted",
         **SEEN},
        {"id": 9002, "meeting_id": 11, "position": 2, "public": 0, "name": None, "paper_id": None, "outcome": None,
         **SEEN},
    ])  # fmt: skip
    db.table("files").insert({"id": "to9001-1", "name": "Lageplan", "mime_type": "application/pdf", **SEEN})
    db.table("agenda_item_files").insert({"agenda_item_id": 9001, "file_id": "to9001-1"})
    insert_ballot(db, "to9001-1", (3, 0, 0), {"SPD": (3, 0, 0)}, source="table", date="2021-06-29", final=1,
                  organization_id="pa1", state="by_group", contested=0, winner="yes")  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory):
    return await site_with(tmp_path_factory.mktemp("site"), fill)


async def get(site, path, status=200, **headers):
    answer = await site.client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code, answer.text[-500:])
    return answer


# robots.txt

CRAWLED = (
    *(
        "/",
        "/sitzungen",
        "/sitzung/11",
        "/top/9001",
        "/vorlage/2021/0402",
        "/gremium/pa1",
        "/person/7",
        "/fraktion/spd",
    ),
    *(
        "/abstimmungen",
        "/statistik",
        "/statistik/gewinnerseite",
        "/daten",
        "/ueber",
        "/sitemap.xml",
        "/sitemap/top-1.xml",
    ),
    *("/static/ratsdaten.css", "/einbetten/abstimmung/to1-1.png", "/einbetten/abstimmung/to1-1.svg?breite=340"),
)
KEPT_OFF = (
    *("/suche", "/suche?q=Radweg", "/suche.atom?q=Radweg", "/vorlagen?art=Antrag&seite=2", "/sitzungen?jahr=2020"),
    *("/demo", "/demo/meetings", "/demo/meetings?_facet=date&_sort=date", "/demo?sql=select+1", "/demo.db"),
    *("/top/9001.json", "/vorlagen.csv", "/vorlagen.atom", "/sitzungen.ics", "/daten/demo.zip", "/daten/papers.csv"),
    *("/-/search?q=x", "/-/databases", "/einbetten/abstimmung/to1-1"),
)


async def test_crawlers_read_pages_and_keep_off_selections_and_exports(site):
    answer = await get(site, "/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    rules = Protego.parse(answer.text)
    assert [path for path in CRAWLED if not rules.can_fetch(HERE + path, "Googlebot")] == []
    assert [path for path in KEPT_OFF if rules.can_fetch(HERE + path, "Googlebot")] == []
    assert list(rules.sitemaps) == [f"{HERE}/sitemap.xml"]


# Sitemap


def addresses(answer, outer, inner):
    """The locations, checked against the protocol of sitemaps.org."""
    assert answer.headers["content-type"].startswith("application/xml")
    assert len(answer.content) < 50_000_000
    root = etree.fromstring(answer.content)
    assert root.tag == SITEMAP + outer and 0 < len(root) <= sitemap.PART
    for child in root:
        assert child.tag == SITEMAP + inner
        assert [each.tag.removeprefix(SITEMAP) for each in child] in (["loc"], ["loc", "lastmod"])
        location = child.findtext(f"{SITEMAP}loc")
        assert location.startswith(f"{HERE}/") and location.isascii() and len(location) < 2048 and " " not in location
        moment = child.findtext(f"{SITEMAP}lastmod")
        assert moment is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", moment)
    found = [child.findtext(f"{SITEMAP}loc") for child in root]
    assert len(found) == len(set(found))
    return found


async def everything(site):
    parts = addresses(await get(site, "/sitemap.xml"), "sitemapindex", "sitemap")
    return [one for part in parts for one in addresses(await get(site, part.removeprefix(HERE)), "urlset", "url")]


async def test_every_page_is_in_the_sitemap_and_there(site):
    found = [address.removeprefix(HERE) for address in await everything(site)]
    pages = ["/top/9001", "/sitzung/11", "/sitzung/12", "/vorlage/2021/0402%20%C3%84", "/gremium/pa1", "/person/7"]
    pages.append("/dokument/to9001-1")
    assert {"/", "/daten", "/fraktion/spd", *pages} <= set(found)
    assert not {"/top/9002", "/gremium/au2", "/fraktion/cdu"} & set(found)
    for path in found:
        page = lxml.html.fromstring((await get(site, path)).content)
        assert page.xpath("//link[@rel='canonical']/@href") == [HERE + path]


async def test_long_lists_come_in_parts(site, monkeypatch):
    whole = await everything(site)
    monkeypatch.setattr(sitemap, "PART", 1)
    with pytest.MonkeyPatch.context() as few:
        few.setattr(sitemap, "PAGES", ("/",))
        parts = addresses_of_parts = [
            re.sub(r".*/sitemap/(.*)\.xml", r"\1", part)
            for part in re.findall(r"<loc>(.*?)</loc>", (await get(site, "/sitemap.xml?parts")).text)
        ]
        assert {"sitzung-1", "sitzung-2", "top-1"} <= set(parts)
        listed = []
        for part in addresses_of_parts:
            listed += re.findall(r"<loc>(.*?)</loc>", (await get(site, f"/sitemap/{part}.xml?parts")).text)
    assert set(listed) == set(whole) - {HERE + path for path in sitemap.PAGES if path != "/"}


@pytest.mark.parametrize("part", ["top-2", "top-0", "seiten-2", "nichts-1", "top-" + "9" * 30])
async def test_a_part_there_is_not(site, part):
    assert (await get(site, f"/sitemap/{part}.xml", status=404)).headers["content-type"].startswith("text/plain")


async def test_who_has_the_sitemap_is_not_sent_it_again(site):
    answer = await get(site, "/sitemap/top-1.xml")
    await get(site, "/sitemap/top-1.xml", status=304, **{"If-None-Match": answer.headers["etag"]})


# schema.org


async def graph(site, path):
    """What the page says of itself, each node checked against schema.org's vocabulary and types."""
    answer = await get(site, path)
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.S)
    assert "<" not in script and "&" not in script
    said = json.loads(script)
    assert said["@context"] == "https://schema.org"
    for node in said["@graph"]:
        check(node)
    return {node["@type"]: node for node in said["@graph"]}


def check(node):
    """Every type is one of schema.org's, every property one of that type's, and nothing is empty."""
    known = {*getattr(models, node["@type"]).__struct_encode_fields__, "query-input"}  # the last is Google's own
    assert set(node) <= known, (node["@type"], set(node) - known)
    assert None not in node.values() and "" not in node.values()
    for value in node.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                check(inner)


async def test_the_start_page_is_a_site_with_a_search(site):
    found = await graph(site, "/")
    search = found["WebSite"]["potentialAction"]
    assert search["target"]["urlTemplate"] == f"{HERE}/suche?q={{search_term_string}}"
    assert search["query-input"] == "required name=search_term_string"


async def test_a_meeting_is_an_event(site):
    event = (await graph(site, "/sitzung/11"))["Event"]
    assert event["startDate"] == "2021-06-29T17:00:00+02:00" and event["endDate"] == "2021-06-29T19:30:00+02:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["organizer"]["url"] == f"{HERE}/gremium/pa1"
    assert event["location"]["name"] == "Rathaus"
    cancelled = (await graph(site, "/sitzung/12"))["Event"]
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"
    assert cancelled["startDate"] == today() and not {"endDate", "location", "organizer"} & set(cancelled)


async def test_bodies_people_and_groups(site):
    body = (await graph(site, "/gremium/pa1"))["GovernmentOrganization"]
    assert body["foundingDate"] == "1999-10-01" and "dissolutionDate" not in body
    person = (await graph(site, "/person/7"))["Person"]
    assert person["familyName"] == "Erfunden" and "givenName" not in person
    assert [body["url"] for body in person["memberOf"]] == [f"{HERE}/gremium/pa1"]
    assert (await graph(site, "/fraktion/spd"))["Organization"]["alternateName"] == "SPD"


async def test_items_and_papers_say_what_belongs_together_and_cannot_break_out(site):
    item = (await graph(site, "/top/9001"))["CreativeWork"]
    paper = (await graph(site, "/vorlage/2021/0402%20%C3%84"))["CreativeWork"]
    assert item["about"]["@id"] == paper["@id"] and item["recordedAt"]["@id"] == f"{HERE}/sitzung/11"
    assert item["name"] == " ".join(EVIL.split()) and paper["identifier"] == "2021/0402 Ä"
    await graph(site, "/top/9002")


async def test_a_document_is_about_what_it_belongs_to(site):
    found = (await graph(site, "/dokument/to9001-1"))["DigitalDocument"]
    assert found["encodingFormat"] == "application/pdf"
    assert [about["url"] for about in found["about"]] == [f"{HERE}/top/9001"]


async def test_the_data_are_a_dataset_with_files_that_are_there(site):
    dataset = (await graph(site, "/daten"))["Dataset"]
    assert dataset["distribution"]
    for file in dataset["distribution"]:
        await get(site, file["contentUrl"].removeprefix(HERE))


@pytest.mark.parametrize("path", ["/top/9001", "/gremium/pa1", "/abstimmungen", "/statistik", "/daten"])
async def test_every_page_says_where_it_stands(site, path):
    steps = (await graph(site, path))["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert (steps[0]["item"], steps[-1]["item"]) == (f"{HERE}/", HERE + path)


# Shared links and browsers


async def test_a_shared_link_shows_the_vote(site):
    page = lxml.html.fromstring((await get(site, "/top/9001")).content)
    said = {meta.get("property") or meta.get("name"): meta.get("content") for meta in page.xpath("//head/meta")}
    assert said["og:title"] == " ".join(EVIL.split()) and said["og:url"] == f"{HERE}/top/9001"
    assert said["og:description"] == said["description"] and "3 dafür" in said["og:description"]
    assert said["twitter:card"] == "summary_large_image" and "3 dafür" in said["og:image:alt"]
    picture = await get(site, said["og:image"].removeprefix(HERE))
    assert picture.headers["content-type"] == said["og:image:type"]
    width = int.from_bytes(picture.content[16:20])
    assert width >= 1200
    other = lxml.html.fromstring((await get(site, "/sitzung/12")).content)
    assert not other.xpath("//meta[@property='og:image']")


async def test_browsers_can_add_the_search(site):
    page = lxml.html.fromstring((await get(site, "/")).content)
    [path] = page.xpath("//link[@rel='search']/@href")
    root = etree.fromstring((await get(site, path)).content)
    namespace = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert 0 < len(root.findtext("o:ShortName", namespaces=namespace)) <= 16
    [template] = [url.get("template") for url in root.findall("o:Url[@type='text/html']", namespace)]
    await get(site, template.removeprefix(HERE).replace("{searchTerms}", "Radweg"))
