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
from .pages.envelope import LOGIN_PROGRAMS
from .pages.markup import program

CALENDARS = ("si010_e", "si010_j", "si010")
LISTS = ("au010", "fr010", "pa021", "vo040")
#: Months to look back, and agendas to open, for an excerpt and a paper.
MONTHS_BACK, AGENDAS = 15, 5

Fetch = Callable[[str], Awaitable[Response]]


@dataclass
class Report:
    """What the instance said. ``failure`` is the one sentence that stops a crawl, else None."""

    base_url: str
    calendar: str = ""
    crawl_delay: float = 0.0
    verdicts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    failure: str | None = None

    def understood(self, *names: str) -> bool:
        return all(self.verdicts.get(name) == "understood" for name in names)

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
    newest = min(latest, date.today())
    calendar = await _calendar(fetch, site, report, newest) if not report.failure else None
    if calendar is None:
        return report
    for name in LISTS:
        await _ask(fetch, report, name, site.page(name))
    await _samples(fetch, site, report, calendar, newest)
    await _interfaces(fetch, site, report)
    spare = set(CALENDARS) - {report.calendar}
    lost = [name for name, v in report.verdicts.items() if v.startswith("not understood") and name not in spare]
    if lost:
        report.failure = (
            f"{', '.join(lost)} of {site.base_url} were not understood: nothing was crawled; "
            "see the report above, mend the reader in scraper/pages and try again."
        )
    return report


async def _ask(fetch: Fetch, report: Report, name: str, url: str) -> Page | None:
    """Fetch one page, note the verdict, return what was read."""
    try:
        response = await fetch(url)
    except IgnoreRequest as problem:
        report.verdicts[name] = f"not fetched ({problem})"
        return None
    except Exception as problem:  # whatever the network does is part of the report
        report.verdicts[name] = f"no answer ({type(problem).__name__}: {str(problem)[:160]})"
        return None
    page = None
    try:
        if response.status != 200:
            report.verdicts[name] = f"HTTP {response.status}"
            return None
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
    return page


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
    report.crawl_delay = float(delay[1]) if delay else 0.0
    report.facts["robots.txt"] = f"HTTP {response.status}, " + (
        f"crawl delay {delay[1].decode()} s" if delay else "no crawl delay"
    )


async def _calendar(fetch: Fetch, site: Site, report: Report, newest: date) -> CalendarPage | None:
    """The current month in the first calendar program that is released."""
    page: Page | None = None
    for name in CALENDARS:
        found = await _ask(fetch, report, name, site.calendar(name, newest.year, newest.month))
        if report.failure:
            return None
        if isinstance(found, CalendarPage) and not report.calendar:
            report.calendar, page = name, found
    if not report.calendar:
        report.failure = await _stranger(fetch, site, report)
        return None
    assert isinstance(page, CalendarPage)
    return page


async def _stranger(fetch: Fetch, site: Site, report: Report) -> str:
    """Why no calendar answered, in one sentence."""
    verdicts = [report.verdicts[name] for name in CALENDARS]
    if all(verdict.startswith("no answer") for verdict in verdicts):
        return f"{site.base_url} does not answer: {verdicts[0]}. Try again later."
    if all(verdict.startswith("not fetched") for verdict in verdicts):
        return f"{site.base_url}: {verdicts[0]}: ask the operator for leave, do not go around it."
    if any("zu viele Zugriffe" in verdict for verdict in verdicts):
        return f"{site.base_url} asks to slow down (zu viele Zugriffe): try again in some minutes."
    if any(verdict.startswith("refused") for verdict in verdicts):
        return f"{site.base_url} has released none of the calendars {', '.join(CALENDARS)}: meetings cannot be found."
    await _ask(fetch, report, "base page", urljoin(site.base_url, "to010.asp?SILFDNR=1"))
    if report.failure:
        return report.failure
    return f"{site.base_url} is no ALLRIS classic: {verdicts[0]}. Give the folder of its .asp pages, such as …/bi/."


async def _samples(fetch: Fetch, site: Site, report: Report, page: CalendarPage, newest: date) -> None:
    """One agenda, one excerpt, one paper, one roster, one person: from the newest meeting that has minutes."""
    year, month, agendas = newest.year, newest.month, 0
    anchors: dict[str, None] = {}
    for _ in range(MONTHS_BACK):
        linked = [m for m in page.meetings if m.id in page.agendas]
        for meeting in sorted(linked, key=lambda m: m.date or "", reverse=True)[: AGENDAS - agendas]:
            if report.understood("to020", "vo020"):
                break
            agendas += 1
            agenda = await _ask(fetch, report, "to010", site.meeting(meeting.id))
            if not isinstance(agenda, AgendaPage):
                continue
            await _from_agenda(fetch, site, report, agenda, anchors)
        if agendas >= AGENDAS or report.understood("to020", "vo020"):
            break
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        found = await _ask(fetch, report, report.calendar, site.calendar(report.calendar, year, month))
        if not isinstance(found, CalendarPage):
            return
        page = found
    report.facts["sections"] = ", ".join(anchors) or "none seen"
    report.facts.setdefault("attachments", "none seen")
    missing = [name for name in ("to010", "to020", "vo020") if name not in report.verdicts]
    if missing:
        report.facts["not tried"] = f"{', '.join(missing)}: the newest {agendas} agendas lead to none"


async def _from_agenda(fetch: Fetch, site: Site, report: Report, agenda: AgendaPage, anchors: dict[str, None]) -> None:
    """The pages of each kind not yet tried that this agenda leads to."""
    report.facts.setdefault(
        "agenda",
        f"{len(agenda.items)} items, {sum(not item.public for item in agenda.items)} not public, "
        f"{len(agenda.documents)} documents",
    )
    excerpts = sorted((item for item in agenda.items if item.excerpt), key=lambda item: item.result is None)
    if excerpts and not report.understood("to020"):
        page = await _ask(fetch, report, "to020", site.excerpt(excerpts[0].id))
        anchors.update(dict.fromkeys(s.code for s in page.sections) if isinstance(page, ExcerptPage) else {})
    paper = next((item.paper for item in agenda.items if item.paper), None)
    if paper and not report.understood("vo020"):
        page = await _ask(fetch, report, "vo020", site.paper(paper.id))
        if isinstance(page, PaperPage):
            anchors.update(dict.fromkeys(s.code for s in page.sections))
            report.facts["attachments"] = (
                f"{len(page.attachments)} uploaded (paths of one session), {len(page.documents)} by the system (do027)"
            )
    if agenda.meeting.organization and not report.understood("kp020"):
        url = site.roster(agenda.meeting.organization.id)
        page = await _ask(fetch, report, program(url), url)
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
