"""Feeds and calendars through the real Datasette, read back with feedparser and icalendar."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import feedparser
import lxml.html
import pytest
import pytest_asyncio
from conftest import configuration, insert_ballot
from datasette.app import Datasette
from icalendar import Calendar
from lxml import etree

from ratsdaten.database import close, connect
from ratsdaten.search import rebuild
from ratsdaten.site.meetings import today

pytestmark = pytest.mark.asyncio(loop_scope="module")

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HERE = "http://localhost"
SOURCE = "http://127.0.0.1:8650/allris/"
SEEN = "2025-01-01T00:00:00+00:00"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = date.fromisoformat(today())
#: What XML forbids, and what it must escape.
AWKWARD = 'Radweg <b>& "mehr"</b>\x00\x0b an der Flieder\u00adstraße; Teil 1, 2\\3'


def ago(days: int) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def page(kind: str, parameter: str, key: int) -> dict[str, str]:
    return {"source_url": f"{SOURCE}{kind}.asp?{parameter}={key}", "fetched_at": SEEN}


def fill(db) -> None:
    """All of it is invented."""
    db.table("organizations").insert_all(
        [
            {"id": "pa1", "name": "Rat der Stadt Lindenrath", "organization_type": "Rat"},
            {"id": "au2", "name": None},
        ]
    )
    meeting = {
        "organization_id": "pa1",
        "name": "des Rates",
        "room": "Ratssaal; 2, links",
        "location": "Rathaus",
        "status": "öffentlich",
        "cancelled": 0,
        "start_time": "17:00",
        "end_time": None,
    }
    db.table("meetings").insert_all([
        meeting | {"id": 11, "date": ago(20), "end_time": "19:30"} | page("to010", "SILFDNR", 11),
        meeting | {"id": 12, "date": ago(-10)} | page("to010", "SILFDNR", 12),
        meeting | {"id": 13, "date": ago(-20), "start_time": None} | page("to010", "SILFDNR", 13),
        meeting | {"id": 14, "date": ago(800), "end_time": "00:30"} | page("to010", "SILFDNR", 14),
        meeting | {"id": 15, "date": None} | page("to010", "SILFDNR", 15),
        {"id": 16, "name": "des Rates", "date": ago(-40), **page("si010_e", "MM", 1)},
        {"id": 17, "name": "des Rates - entfällt", "cancelled": 1, "date": ago(-50), **page("si010_e", "MM", 1)},
        {"id": 18, "name": "des Rates der Kinder", "date": ago(-60), **page("si010_e", "MM", 2)},
    ])  # fmt: skip
    db.table("papers").insert_all(
        {"id": 100 + n, "reference": f"2021/{n:04}", "slug": f"2021/{n:04}", "name": f"Antrag {n}",
         "paper_type": "Antrag", "author": "SPD-Fraktion", "date": ago(30 + n), "outcome": "accepted"}
        | page("vo020", "VOLFDNR", 100 + n)
        for n in range(1, 61)
    )  # fmt: skip
    db.table("phrases").insert({"kind": "author", "phrase": "SPD-Fraktion", "meaning": "SPD"})
    item = {"meeting_id": 11, "public": 1, "result": "ungeändert beschlossen", "outcome": "accepted"}
    db.table("agenda_items").insert_all([
        item | {"id": 9001, "position": 1, "number": "1", "name": AWKWARD, "paper_id": 101,
                "resolution_text": "Der Radweg wird gebaut. " * 40} | page("to020", "TOLFDNR", 9001),
        item | {"id": 9002, "position": 2, "number": "1", "name": "Grundstück", "public": 0} | page("x", "y", 2),
        item | {"id": 9003, "position": 1, "meeting_id": 12, "number": "1", "name": "Haushalt", "public": 1,
                "result": None, "outcome": "open"} | page("to020", "TOLFDNR", 9003),
    ])  # fmt: skip
    insert_ballot(db, "to9001-1", (12, 3, 0), {"SPD": (12, 0, 0), "CDU": (0, 3, 0)}, source="table", date=ago(20),
                  organization_id="pa1", final=1, state="by_group", contested=1, winner="yes")  # fmt: skip
    insert_ballot(db, "to9003-1", (5, 0, None), {}, source="text", date=ago(-10), organization_id="pa1", final=1,
                  state="totals", contested=0, winner="yes", subject="Abstimmung:")  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    db = connect(configuration(folder))
    fill(db)
    rebuild(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    yield datasette, db
    close(db)


@pytest.fixture
def site(made):
    return made[0]


async def get(site, path, status=200, **headers):
    answer = await site.client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code, answer.text[-500:])
    return answer


async def feed(site, path):
    """The feed, checked against RFC 4287, as feedparser reads it."""
    answer = await get(site, path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert root.tag == f"{{{ATOM['a']}}}feed"
    assert len(root.findall("a:author/a:name", ATOM)) == 1
    assert [link.get("href") for link in root.findall("a:link[@rel='self']", ATOM)] == [HERE + path]
    for element in [root, *root.findall("a:entry", ATOM)]:
        for name in ("id", "title", "updated"):
            [one] = element.findall(f"a:{name}", ATOM)
            assert one.text and one.text.strip()
        UUID(element.findtext("a:id", namespaces=ATOM).removeprefix("urn:uuid:"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", element.findtext("a:updated", namespaces=ATOM))
        [page] = element.findall("a:link[@rel='alternate']", ATOM)
        assert page.get("href").startswith(f"{HERE}/")
        assert len(element.findall("a:summary", ATOM)) <= 1
    ids = [one.text for one in root.findall("a:entry/a:id", ATOM)]
    assert len(ids) == len(set(ids)) <= 50
    found = feedparser.parse(answer.content)
    assert not found.bozo and found.version == "atom10"
    assert len(found.entries) == len(ids)
    return found


async def calendar(site, path):
    answer = await get(site, path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[-1] == b"" and max(map(len, lines)) <= 75
    found = Calendar.from_ical(answer.content)
    assert found.errors == [] and Calendar.from_ical(found.to_ical()) == found
    assert (found["version"], found["method"]) == ("2.0", "PUBLISH") and found["prodid"]
    [zone] = found.walk("VTIMEZONE")
    assert zone.to_tz().utcoffset(datetime(2026, 7, 1)) == timedelta(hours=2)
    for event in found.walk("VEVENT"):
        assert event.errors == []
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "URL"} <= set(event)
    return found


def events(found):
    return {int(event["url"].rpartition("/")[2]): event for event in found.walk("VEVENT")}


# Feeds


async def test_a_body_s_feed_has_its_agendas_and_results(site):
    found = await feed(site, "/gremium/pa1.atom")
    assert [entry.link for entry in found.entries] == [
        f"{HERE}/{path}" for path in ("sitzung/12", "sitzung/11", "top/9001")
    ]
    item = found.entries[-1]
    assert item.title == 'Radweg <b>& "mehr"</b> an der Flieder\u00adstraße; Teil 1, 2\\3: angenommen'
    assert "Beschlussart: ungeändert beschlossen. Abstimmung: 12 dafür, 3 dagegen" in item.summary
    assert "Der Radweg wird gebaut." in item.summary
    assert [(tag.term, tag.label) for tag in item.tags] == [("accepted", "angenommen")]
    assert [link.href for link in item.links if link.rel == "via"] == [f"{SOURCE}to020.asp?TOLFDNR=9001"]


async def test_what_is_not_public_is_in_no_feed(site):
    for path in ("/gremium/pa1.atom", "/sitzungen.atom", "/abstimmungen.atom", "/fraktion/spd.atom"):
        assert "Grundstück" not in (await get(site, path)).text


async def test_a_group_s_feed_has_motions_and_contested_ballots(site):
    found = await feed(site, "/fraktion/spd.atom")
    titles = [entry.title for entry in found.entries]
    assert titles[0].endswith(": 12 dafür, 3 dagegen, 0\xa0Enthaltungen") and titles[1] == "Antrag 1: angenommen"
    assert found.entries[0].link == f"{HERE}/top/9001#abstimmung-1"
    assert found.entries[1].link == f"{HERE}/vorlage/2021/0001"


async def test_feeds_of_lists_take_the_filters_of_their_pages(site):
    assert len((await feed(site, "/abstimmungen.atom")).entries) == 2
    contested = await feed(site, "/abstimmungen.atom?auswahl=umstritten")
    assert [entry.link for entry in contested.entries] == [f"{HERE}/top/9001#abstimmung-1"]
    papers = await feed(site, "/vorlagen.atom")
    assert [entry.title for entry in papers.entries] == [f"Antrag {n}: angenommen" for n in range(1, 31)]
    assert (await get(site, "/vorlagen.atom?seite=2")).content == (await get(site, "/vorlagen.atom")).content
    assert [entry.link for entry in (await feed(site, "/sitzungen.atom")).entries] == [
        f"{HERE}/sitzung/12",
        f"{HERE}/sitzung/11",
    ]


@pytest.mark.parametrize("search", ["q=Radwege", "q=Radweg&ergebnis=accepted", "q=%22wird+gebaut%22+-Haushalt"])
async def test_a_search_s_feed_has_its_hits(site, search):
    found = await feed(site, f"/suche.atom?{search}")
    assert f"{HERE}/top/9001" in [entry.link for entry in found.entries]
    assert found.feed.title.startswith("Suche: ")


@pytest.mark.parametrize(
    "search", ["q=Quastenflosser", "q=%00%22%27", "q=" + "x" * 10_000, "q=%F0%9F%98%80&von=gestern"]
)
async def test_no_search_breaks_its_feed(site, search):
    answer = await get(site, f"/suche.atom?{search}")
    assert feedparser.parse(answer.content).bozo is False


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("/sitzungen", ["/sitzungen.atom", "/sitzungen.ics"]),
        ("/sitzungen?gremium=pa1", ["/gremium/pa1.atom", "/gremium/pa1.ics"]),
        ("/sitzung/11", ["/sitzung/11.ics"]),
        ("/vorlagen?fraktion=SPD", ["/vorlagen.atom?fraktion=spd"]),
        ("/abstimmungen?auswahl=umstritten", ["/abstimmungen.atom?auswahl=umstritten"]),
        ("/gremium/pa1", ["/gremium/pa1.atom", "/gremium/pa1.ics"]),
        ("/fraktion/spd", ["/fraktion/spd.atom"]),
        ("/suche?q=Radweg&art=papers", ["/suche.atom?q=Radweg&art=papers"]),
    ],
)
async def test_pages_name_their_feed_and_calendar(site, page, wanted):
    found = lxml.html.fromstring((await get(site, page)).content)
    kinds = "@type='application/atom+xml' or @type='text/calendar'"
    assert found.xpath(f"//link[@rel='alternate'][{kinds}]/@href") == wanted
    for path in wanted:
        await (feed if ".atom" in path else calendar)(site, path)


async def test_an_entry_says_when_it_came_up_unless_that_is_to_come(made):
    site, db = made
    entry = (await feed(site, "/vorlagen.atom")).entries[0]
    (paper,) = db.query("select date from papers where name = 'Antrag 1'")
    day = datetime.fromisoformat(entry.published)
    assert day.date().isoformat() == paper["date"] and day.utcoffset() and day.hour == 0
    dates = {row["date"] for row in db.query("select date from meetings")}
    told = {entry.get("published", "")[:10] for entry in (await feed(site, "/sitzungen.atom")).entries} - {""}
    assert told and told <= {day for day in dates if day and day <= ago(0)}


async def test_an_empty_feed_is_a_feed(site):
    assert (await feed(site, "/gremium/au2.atom")).entries == []


async def test_an_entry_changes_when_its_page_did_and_keeps_its_id(made):
    site, db = made
    before = (await feed(site, "/gremium/pa1.atom")).entries[-1]
    assert before.updated == SEEN
    url = f"{SOURCE}to020.asp?TOLFDNR=9001"
    changed = "2025-03-01T10:00:00.123456+00:00"
    db.table("pages").insert({"url": url, "kind": "to020", "http_status": 200, "changed_at": changed})
    after = await feed(site, "/gremium/pa1.atom")
    assert (after.entries[-1].id, after.entries[-1].updated) == (before.id, "2025-03-01T10:00:00+00:00")
    assert after.feed.updated == "2025-03-01T10:00:00+00:00"
    elsewhere = await get(site, "/gremium/pa1.atom", host="example.org")
    assert before.id in elsewhere.text and "http://example.org/top/9001" in elsewhere.text


async def test_what_is_withdrawn_vanishes(made):
    site, db = made
    db.table("papers").insert({"id": 500, "name": "Versehen", "author": "SPD-Fraktion", "date": ago(1), "slug": "500"})
    assert "Versehen" in (await get(site, "/vorlagen.atom")).text
    db.table("papers").delete(500)
    assert "Versehen" not in (await get(site, "/vorlagen.atom")).text


@pytest.mark.parametrize("path", ["/gremium/pa1.atom", "/sitzungen.ics"])
async def test_who_has_it_is_not_sent_it_again(site, path):
    answer = await get(site, path)
    again = await get(site, path, status=304, **{"If-None-Match": answer.headers["etag"]})
    assert again.content == b""


@pytest.mark.parametrize(
    "path",
    [
        *("/gremium/pa99.atom", "/fraktion/nie.atom", "/gremium/pa99.ics", "/sitzung/99.ics", "/sitzung/x.ics"),
        *("/sitzung/15.ics", "/gremium/%00.atom", "/gremium/%3Cscript%3E.ics"),
    ],
)
async def test_what_there_is_not_is_said_in_german(site, path):
    answer = await get(site, path, status=404)
    assert answer.headers["content-type"].startswith("text/plain")
    assert re.search(r"gibt es hier nicht|noch keinen Tag", answer.text)


async def test_other_spellings_lead_to_the_feed(site):
    assert (await get(site, "/fraktion/SPD.atom", status=301)).headers["location"] == "/fraktion/spd.atom"
    assert (await get(site, "/sitzungen.ics?gremium=pa1", status=302)).headers["location"] == "/gremium/pa1.ics"
    assert (await get(site, "/sitzungen.atom?gremium=pa1", status=302)).headers["location"] == "/gremium/pa1.atom"


async def test_feeds_can_only_be_read(site):
    assert (await site.client.post("/vorlagen.atom")).status_code == 405


# Calendars


async def test_all_meetings_from_a_year_ago_to_all_to_come(site):
    assert set(events(await calendar(site, "/sitzungen.ics"))) == {11, 12, 13, 16, 17, 18}
    assert set(events(await calendar(site, "/sitzung/14.ics"))) == {14}


async def test_a_meeting_is_an_appointment_in_local_time(site):
    event = events(await calendar(site, "/sitzungen.ics"))[11]
    day = NOW - timedelta(days=20)
    assert event["dtstart"].dt == datetime(day.year, day.month, day.day, 17, tzinfo=BERLIN)
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=2, minutes=30)
    assert event["summary"] == "Rat der Stadt Lindenrath"
    assert event["location"] == "Ratssaal; 2, links, Rathaus"
    assert f"Tagesordnung (2 Tagesordnungspunkte): {HERE}/sitzung/11" in event["description"]
    assert f"{SOURCE}to010.asp?SILFDNR=11" in event["description"]
    assert "status" not in event


async def test_no_end_is_invented_and_a_meeting_without_time_is_a_day(site):
    found = events(await calendar(site, "/sitzungen.ics"))
    assert "dtend" not in found[12]
    assert found[13]["dtstart"].dt == NOW + timedelta(days=20) and "dtend" not in found[13]
    assert "dtend" not in events(await calendar(site, "/sitzung/14.ics"))[14]  # the next day, or an error?


async def test_a_meeting_that_moves_and_is_cancelled_stays_the_same_entry(made):
    site, db = made
    before = events(await calendar(site, "/gremium/pa1.ics"))[12]
    assert before["sequence"] == 0

    def revise(observed_at, **columns):
        old = db.table("meetings").get(12)
        db.table("meetings").update(12, columns)
        changed = json.dumps({name: [old[name], value] for name, value in columns.items()})
        row = {"table_name": "meetings", "row_id": "12", "observed_at": observed_at, "changed": changed}
        db.table("revisions").insert(row)

    revise("2025-02-01T00:00:00+00:00", date=ago(-17), start_time="18:00")
    moved = events(await calendar(site, "/gremium/pa1.ics"))[12]
    assert (moved["uid"], moved["sequence"]) == (before["uid"], 1)
    assert moved["dtstart"].dt.date() == NOW + timedelta(days=17) and moved["dtstart"].dt.hour == 18
    assert moved["last-modified"].dt.isoformat() == "2025-02-01T00:00:00+00:00"

    revise("2025-02-02T00:00:00+00:00", cancelled=1)
    for path in ("/gremium/pa1.ics", "/sitzungen.ics", "/sitzung/12.ics"):
        cancelled = events(await calendar(site, path))[12]
        assert (cancelled["uid"], cancelled["sequence"], cancelled["status"]) == (before["uid"], 2, "CANCELLED")
        assert cancelled["summary"] == "Abgesagt: Rat der Stadt Lindenrath"


async def test_many_at_once_get_the_same(site):
    answers = await asyncio.gather(*(get(site, "/sitzungen.ics") for _ in range(8)))
    assert len({answer.content for answer in answers}) == 1
