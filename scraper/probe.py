"""First contact: about a dozen requests that tell what an ALLRIS instance speaks and whether we understand it.

Every crawl begins with it; ``mode=probe`` ends with it. The questions are those nobody can answer from afar:
which programs are released, charset, frame, section anchors, form of attachments, robots.txt, other interfaces.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urljoin

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from .addresses import Site
from .items import AgendaPage, CalendarPage, ExcerptPage, Page, PaperPage, RosterPage
from .pages import NotUnderstood, PageError, Refused, WrongProduct, parse
from .pages.markup import LOGIN_PROGRAMS, program

CALENDARS = ("si010_e", "si010_j", "si010")
LISTS = ("au010", "fr010", "pa021", "vo040")
#: Months to look back for a meeting with a public agenda.
MONTHS_BACK = 15

Fetch = Callable[[str], Awaitable[Response]]


@dataclass
class Report:
    """What the instance said. ``failure`` is the one sentence that stops a crawl, else None."""

    base_url: str
    calendar: str = ""
    verdicts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    failure: str | None = None

    def understood(self, name: str) -> bool:
        return self.verdicts.get(name, "").startswith("understood")

    def lines(self) -> list[str]:
        """The report as a person reads it."""
        lines = [f"Probe of {self.base_url}"]
        lines += [f"  {name}: {value}" for name, value in self.facts.items()]
        lines += [f"  {name}.asp: {verdict}" for name, verdict in self.verdicts.items()]
        return lines


async def probe(fetch: Fetch, site: Site, latest: date) -> Report:
    """Ask about a dozen pages, one after the other. Never raises for what a page says."""
    report = Report(site.base_url)
    await _robots(fetch, site, report)
    calendar = await _calendar(fetch, site, report, latest) if not report.failure else None
    if calendar is None:
        return report
    for name in LISTS:
        await _ask(fetch, report, name, site.page(name))
    await _samples(fetch, site, report, calendar)
    await _interfaces(fetch, site, report)
    lost = [name for name, verdict in report.verdicts.items() if verdict.startswith("not understood")]
    if lost and not all(name in CALENDARS and name != report.calendar for name in lost):
        report.failure = (
            f"{', '.join(lost)} of {site.base_url} were not understood: nothing was crawled; "
            "see the report above, mend the reader in scraper/pages and try again."
        )
    return report


async def _ask(fetch: Fetch, report: Report, name: str, url: str) -> tuple[Page | None, Response | None]:
    """Fetch one page, note the verdict, return what was read."""
    try:
        response = await fetch(url)
    except IgnoreRequest as problem:
        report.verdicts[name] = f"not fetched ({problem})"
        return None, None
    except Exception as problem:  # whatever the network does is part of the report
        report.verdicts[name] = f"no answer ({type(problem).__name__}: {str(problem)[:160]})"
        return None, None
    page = None
    try:
        if response.status != 200:
            report.verdicts[name] = f"HTTP {response.status}"
            return None, response
        if program(response.url) in LOGIN_PROGRAMS:
            raise Refused(url, "redirected to a login")
        page = parse(response.body, url)
        report.verdicts[name] = "understood"
    except NotUnderstood as problem:
        report.verdicts[name] = str(problem).replace(f"{url}: ", "")
    except WrongProduct as problem:
        report.verdicts[name] = str(problem)
        report.failure = str(problem)
    except PageError as problem:
        report.verdicts[name] = str(problem).replace(f"{url}: ", "")
    if page is not None:
        _describe(report, response)
    return page, response


def _describe(report: Report, response: Response) -> None:
    """Product, charset and frame, from the first page that was understood."""
    if "frame" in report.facts:
        return
    head = response.body[:20_000].decode("latin-1")
    version = re.search(r"ALLRIS net Version ([\w. ()]+)", head)
    declared = re.search(r'(?:charset|encoding)\s*=\s*"?([\w-]+)', head)
    header = (response.headers.get("Content-Type") or b"").decode("latin-1")
    try:
        response.body.decode("utf-8")
        real = "UTF-8"
    except UnicodeDecodeError:
        real = "windows-1252"
    framed = b"rismain_raw" in response.body or b"risname_raw" in response.body
    report.facts["product"] = f"ALLRIS classic {version[1] if version else '(version not stated)'}"
    report.facts["charset"] = (
        f"{real}; declared {declared[1] if declared else 'nothing'}; Content-Type {header or 'none'}"
    )
    report.facts["frame"] = "inside a city's own page (#rismain_raw)" if framed else "stand-alone (#rismain)"


async def _robots(fetch: Fetch, site: Site, report: Report) -> None:
    try:
        response = await fetch(urljoin(site.base_url, "/robots.txt"))
    except Exception as problem:
        report.facts["robots.txt"] = f"no answer ({type(problem).__name__})"
        report.failure = f"{site.base_url} cannot be reached ({problem}): check the address and the network."
        return
    delay = re.search(rb"(?im)^crawl-delay:\s*([\d.]+)", response.body) if response.status == 200 else None
    report.facts["robots.txt"] = f"HTTP {response.status}, " + (
        f"crawl delay {delay[1].decode()} s" if delay else "no crawl delay"
    )


async def _calendar(fetch: Fetch, site: Site, report: Report, latest: date) -> CalendarPage | None:
    """The first calendar program that is released, and its newest month with a public agenda."""
    first = min(latest, date.today())
    page: Page | None = None
    for name in CALENDARS:
        found, _ = await _ask(fetch, report, name, site.calendar(name, first.year, first.month))
        if report.failure:
            return None
        if isinstance(found, CalendarPage) and not report.calendar:
            report.calendar, page = name, found
    if not report.calendar:
        report.failure = await _stranger(fetch, site, report)
        return None
    year, month = first.year, first.month
    for _ in range(MONTHS_BACK):
        if isinstance(page, CalendarPage) and page.agendas:
            return page
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        page, _ = await _ask(fetch, report, report.calendar, site.calendar(report.calendar, year, month))
    report.facts["meetings"] = (
        f"none with a public agenda in {MONTHS_BACK} months: no agenda, excerpt or paper was tried"
    )
    return CalendarPage((), frozenset())


async def _stranger(fetch: Fetch, site: Site, report: Report) -> str:
    """Why no calendar answered, in one sentence."""
    verdicts = [report.verdicts[name] for name in CALENDARS]
    if all(verdict.startswith("no answer") for verdict in verdicts):
        return f"{site.base_url} does not answer: {verdicts[0]}. Try again later."
    if all(verdict.startswith("not fetched") for verdict in verdicts):
        return f"{site.base_url}: {verdicts[0]}: ask the operator for leave, do not go around it."
    if any(verdict.startswith("refused") for verdict in verdicts):
        return f"{site.base_url} has released none of the calendars {', '.join(CALENDARS)}: meetings cannot be found."
    await _ask(fetch, report, "base page", urljoin(site.base_url, "to010.asp?SILFDNR=1"))
    if report.failure:
        return report.failure
    return f"{site.base_url} is no ALLRIS classic: {verdicts[0]}. Give the folder of its .asp pages, such as …/bi/."


async def _samples(fetch: Fetch, site: Site, report: Report, calendar: CalendarPage) -> None:
    """One agenda, one excerpt, one paper, one roster, one person: the newest that are linked."""
    meeting = max((m for m in calendar.meetings if m.id in calendar.agendas), key=lambda m: m.date or "", default=None)
    if meeting is None:
        return
    agenda, _ = await _ask(fetch, report, "to010", site.meeting(meeting.id))
    if not isinstance(agenda, AgendaPage):
        return
    report.facts["agenda"] = (
        f"{len(agenda.items)} items, {sum(not item.public for item in agenda.items)} not public, "
        f"{len(agenda.documents)} documents"
    )
    excerpts = sorted((item for item in agenda.items if item.excerpt), key=lambda item: item.result is None)
    papers = [item.paper for item in agenda.items if item.paper]
    anchors: dict[str, None] = {}
    files = None
    if excerpts:
        page, _ = await _ask(fetch, report, "to020", site.excerpt(excerpts[0].id))
        if isinstance(page, ExcerptPage):
            anchors |= dict.fromkeys(section.code for section in page.sections)
    if papers:
        page, _ = await _ask(fetch, report, "vo020", site.paper(papers[0].id))
        if isinstance(page, PaperPage):
            anchors |= dict.fromkeys(section.code for section in page.sections)
            files = (
                f"{len(page.attachments)} attachments (paths of one session), {len(page.documents)} documents (do027)"
            )
    report.facts["sections"] = ", ".join(anchors) or "none"
    report.facts["attachments"] = files or "none seen"
    if agenda.meeting.organization:
        url = site.roster(agenda.meeting.organization.id)
        page, _ = await _ask(fetch, report, program(url), url)
        person = next((m.person for m in page.members if m.person), None) if isinstance(page, RosterPage) else None
        if person:
            await _ask(fetch, report, "kp020", site.person(person.id))


async def _interfaces(fetch: Fetch, site: Site, report: Report) -> None:
    """Better doors than HTML, if the city has bought or released them."""
    for name, address, sign in (
        ("XML templates", "si010.asp?selfaction=ws&template=xyz", rb"<root|<special"),
        ("OParl", "oparl/1.0/system.asp", rb"schema\.oparl\.org"),
    ):
        try:
            response = await fetch(urljoin(site.base_url, address))
            found = response.status == 200 and re.search(sign, response.body)
            report.facts[name] = "answers" if found else f"not there (HTTP {response.status})"
        except Exception as problem:
            report.facts[name] = f"no answer ({type(problem).__name__})"
