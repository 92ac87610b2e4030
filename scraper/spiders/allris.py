"""Which ALLRIS pages to fetch, in which order. No parsing (``scraper.pages``), no storing (``scraper.pipelines``)."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from ..addresses import Site, canonical, known_kind
from ..items import (
    AgendaPage,
    CalendarPage,
    ExcerptPage,
    OrganizationListPage,
    Page,
    PaperListPage,
    PaperPage,
    PersonPage,
    RosterPage,
    Visit,
)
from ..ledger import RECENT, Ledger, is_local, known_pages, now
from ..pages import Busy, NotUnderstood, PageError, Refused, kind_of, parse
from ..pages.envelope import GONE, LOGIN_PROGRAMS
from ..pages.markup import program
from ..probe import probe

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HERNE = "https://www.herne.de/allris/"
#: Walking back through the calendar ends after so many months without a meeting, at the latest here.
EMPTY_MONTHS, FIRST_DAY = 24, "1990-01-01"
#: Larger is sooner. The calendar and the paper list come last, so that the queue stays short.
PRIORITY = {"si010": -10, "vo040": -20, "to020": 5, "vo020": 5, "kp020": 5}
#: So many visits in a row without anything to read: is it the pages, or the whole site?
STREAK = 10
#: An update of an unchanged site asks for this share of the known pages (for more only where a young town's recent
#: material would not fit), and keeps a part of that for the pages longest unchecked. As much again may be asked of what
#: is new. Probe, lists and calendar take about FIXED.
SHARE, RESERVE, FIXED = 0.02, 0.25, 60
#: So many pages are asked for at once beside those found by links.
BATCH = 1000
#: Lists of what is new. The first page of the paper list is read, and more of them while they name unknown papers.
LISTS = ("au010", "fr010", "pa021", "vo040")
#: Pages that only lead to others: always read, even when an interrupted crawl is resumed.
WALKS = {"si010", "vo040", "au010", "fr010", "pa010", "pa021"}


class ArgumentProblem(ValueError):
    """A spider argument that makes no sense; the message says which and what to do."""


@dataclass(frozen=True)
class Arguments:
    """``-a`` arguments of the crawl, checked."""

    base_url: str
    mode: str
    since: str | None
    until: str | None
    urls: tuple[str, ...]


def parse_arguments(
    base_url: str = HERNE,
    mode: str = "full",
    since: str | None = None,
    until: str | None = None,
    urls: str | None = None,
    **unknown: str,
) -> Arguments:
    """Raises ArgumentProblem with one sentence."""
    if unknown:
        raise ArgumentProblem(f"Unknown argument {', '.join(unknown)}: use town, base_url, mode, since, until or urls.")
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise ArgumentProblem(f"base_url={base_url} is no web address: give one such as {HERNE}.")
    base_url = base_url.rstrip("/") + "/"  # one address a town, however it is typed
    if mode not in ("full", "update", "probe"):
        raise ArgumentProblem(f"mode={mode} is unknown: use full, update or probe.")
    last_day = f"{datetime.now(UTC).year + 2}-12-31"
    for name, value in (("since", since), ("until", until)):
        try:
            date.fromisoformat(value or FIRST_DAY)
        except ValueError:
            raise ArgumentProblem(f"{name}={value} is no date: write it as 2014-01-31.") from None
        if not FIRST_DAY <= (value or FIRST_DAY) <= last_day:
            raise ArgumentProblem(f"{name}={value} is out of range: {FIRST_DAY} to {last_day}.")
    if since and until and since > until:
        raise ArgumentProblem(f"since={since} is later than until={until}.")
    addresses = tuple(url.strip() for url in (urls or "").split(",") if url.strip())
    if urls is not None and not addresses:
        raise ArgumentProblem("urls= is empty: name the pages to fetch, parted by commas, or leave it out.")
    for url in addresses:
        hosts = {urlsplit(address).hostname or "" for address in (url, base_url)}
        if len(hosts) > 1 and not all(is_local(host) for host in hosts):
            raise ArgumentProblem(f"{url} is not on the host of base_url={base_url}: one town at a time.")
        try:
            known_kind(url)
        except ValueError as problem:
            raise ArgumentProblem(str(problem)) from None
    return Arguments(base_url, "urls" if addresses else mode, since, until, addresses)


class AllrisSpider(Spider):
    """``scrapy crawl allris``: see the README for the arguments."""

    name = "allris"
    ledger: Ledger

    def __init__(self, *args: Any, **arguments: str):
        super().__init__(*args)
        self.arguments = parse_arguments(**arguments)
        self.site = Site(self.arguments.base_url)
        self.start_urls = []
        hosts = (urlsplit(url).hostname for url in (self.site.base_url, *self.arguments.urls))
        self.allowed_domains = sorted({host.removeprefix("www.") for host in hosts if host})
        #: Addresses fetched or asked for in this run: most pages are linked from several others.
        self.done: set[str] = set()
        self.calendar = "si010_e"
        #: Pages to ask for once there is nothing more to do; found out when it comes to them.
        self.ahead: Iterator[tuple[str, str]] = iter(())
        #: Requests an update may still make, and those beside them that are for what it finds new or changed.
        self.budget = self.extra = self.allowance = 0
        self.streak = 0
        self.resting: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> AllrisSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        contact = crawler.settings["CONTACT"]
        crawler.settings.set("USER_AGENT", f"Ratsdaten/0.1 (open council data; {contact or 'local test'})", "spider")
        return spider

    def fail(self, sentence: str) -> None:
        """End the run: the sentence becomes its last word, the exit code 1. What is stored stays."""
        if self.failed:
            return
        self.crawler.stats.set_value("failure", sentence)
        self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="failed"))

    @property
    def failed(self) -> bool:
        return bool(self.crawler.stats.get_value("failure"))

    def expected_pages(self) -> int:
        """Pages this run will read in all, as far as an earlier one tells; 0: unknown."""
        match self.arguments.mode:
            case "full":
                return known_pages(self.ledger.db)
            case "update":
                return self.allowance
            case _:
                return len(self.arguments.urls)

    # ---- where to begin --------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        if self.arguments.mode == "urls":
            for url in self.arguments.urls:
                yield self.request(canonical(url), known_kind(url), fetch=url)
            return
        if self.arguments.mode == "update":
            self.plan_update()
        report = await probe(self.fetch, self.site, self.latest())
        for line in report.lines():
            self.logger.info(line)
        if report.failure:
            known = self.arguments.mode != "probe" and known_pages(self.ledger.db)
            before = "It could be read before, so it is out of order or has changed. What was stored is untouched: "
            self.fail(before + report.failure if known else report.failure)
            return
        if self.arguments.mode == "probe":
            return
        self.slow_down(report.crawl_delay)
        self.calendar = report.calendar
        self.done = self.ledger.done()
        if self.ledger.resumed:
            self.logger.info("The last crawl was cut off: %s pages are done, going on.", f"{len(self.done):,}")
        if self.arguments.mode == "full":
            self.plan_full()
        for name in LISTS:
            if report.understood(name) and (self.arguments.mode == "full" or self.may_ask()):
                yield self.request(self.site.page(name), name)
        if self.arguments.mode == "full":
            yield self.month(self.latest().year, self.latest().month, empty=0)
            return
        for month in self.months_of_interest():
            if self.may_ask():
                yield self.month(*month, empty=0)

    def plan_full(self) -> None:
        """What the last run has left comes in time; what nobody links to any more is asked for at the end."""
        pending = self.ledger.pending(failed=True)

        def ahead() -> Iterator[tuple[str, str]]:
            yield from pending
            yield from self.ledger.unvisited(self.arguments.since, self.arguments.until)

        self.ahead = (page for page in ahead() if page[1] not in WALKS)

    def plan_update(self) -> None:
        due = self.ledger.due()
        urgent = [(url, kind) for url, kind, urgency in due if urgency < 4]
        others = [(url, kind) for url, kind, urgency in due if urgency == 4]
        given = self.settings.getint("UPDATE_BUDGET")
        self.allowance = given or max(int(SHARE * len(due)), int((FIXED + len(urgent)) / (1 - RESERVE)))
        self.budget = self.allowance - 1  # Scrapy's own for robots.txt
        self.extra = 0 if given else self.allowance
        reserve = int(self.allowance * RESERVE)

        def ahead() -> Iterator[tuple[str, str]]:
            yield from urgent[: max(0, self.budget - reserve)]
            yield from others
            yield from urgent

        self.ahead = ahead()
        self.logger.info(
            "Update: %s requests allowed, %s of %s pages are due; every page is seen again within %s nights.",
            f"{self.allowance:,}", f"{len(urgent):,}", f"{len(due):,}", math.ceil(len(due) / max(1, reserve)),
        )  # fmt: skip

    def may_ask(self, new: bool = False) -> bool:
        """Whether an update has room for one more request, which is then counted."""
        if new and self.extra:
            self.extra -= 1
            return True
        self.budget -= 1
        return self.budget >= 0

    def months_of_interest(self) -> Iterator[tuple[int, int]]:
        """This month, those to come, and those of recent meetings."""
        today = date.fromisoformat(now()[:10])
        first, last = today - timedelta(days=RECENT), self.latest()
        this, begin, end = (day.year * 12 + day.month - 1 for day in (today, first, last))
        for number in sorted(range(begin, end + 1), key=lambda number: abs(number - this)):
            yield number // 12, number % 12 + 1

    def go_on(self) -> bool:
        """Nothing is left to do: whether there is more to ask for, of which as much is asked as memory holds."""
        return bool(self.ask(islice(self.to_ask(), BATCH)))

    def to_ask(self) -> Iterator[tuple[str, str]]:
        for url, kind in self.ahead:
            if url not in self.done and (self.arguments.mode != "update" or self.may_ask()):
                yield url, kind

    def ask(self, pages: Iterable[tuple[str, str]]) -> int:
        """Ask for pages (address, kind) beside those found by links, though they may have been read; gives how many."""
        count = 0
        for url, kind in pages:
            self.crawler.engine.crawl(self.request(url, kind))
            count += 1
        return count

    def slow_down(self, delay: float) -> None:
        """Obey the Crawl-delay of robots.txt (seconds)."""
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, delay)
        for extension in self.crawler.extensions.middlewares:
            if isinstance(extension, AutoThrottle):
                extension.mindelay = max(extension.mindelay, delay)

    def latest(self) -> date:
        """The newest month to look at: ``until``, else the end of next year (meetings are planned by the year)."""
        until = self.arguments.until
        return date.fromisoformat(until) if until else date(datetime.now(UTC).year + 1, 12, 1)

    async def fetch(self, url: str) -> Response:
        """One request of the probe, through all of Scrapy's downloader middlewares."""
        self.budget -= 1
        meta = {"dont_obey_robotstxt": url.endswith("/robots.txt")}
        return await self.crawler.engine.download_async(Request(url, meta=meta))

    # ---- requests --------------------------------------------------------------------------------

    def request(self, url: str, kind: str, fetch: str | None = None, **context: Any) -> Request:
        self.done.add(url)
        return Request(
            fetch or url,
            self.parse,
            errback=self.lost,
            priority=PRIORITY.get(kind, 0),
            dont_filter=True,  # self.done knows; Scrapy's filter would swallow a second redirect to one login page
            cb_kwargs={"url": url, "kind": kind, "context": context},
        )

    def month(self, year: int, month: int, empty: int) -> Request:
        url = self.site.calendar(self.calendar, year, month)
        return self.request(url, "si010", year=year, month=month, empty=empty)

    async def parse(self, response: Response, url: str, kind: str, context: dict[str, Any]) -> AsyncIterator[Any]:
        """Read one page; whatever is wrong with it becomes a line in the ledger and never ends the crawl."""
        page, error, refused = None, None, False
        request = cast(Request, response.request)
        try:
            page = self.read(response, url)
            if isinstance(page, PaperListPage) and page.first != context.get("first", page.first):
                page, error = None, f"{url}: not understood, expected a list that goes on at {context['first']}"
        except Busy as problem:
            self.rest(str(problem))
            if again := get_retry_request(request, spider=self, reason="busy"):
                yield _fresh(again)
                return
            error = str(problem)
        except NotUnderstood as problem:
            # Some servers send a broken page now and then: once more, unless the page has moved the session on.
            again = get_retry_request(request, spider=self, reason="not understood", max_retry_times=1)
            if again and not context.get("session"):
                yield _fresh(again)
                return
            error = str(problem)
        except PageError as problem:
            error, refused = str(problem), isinstance(problem, Refused)
        await self.doubt(page)
        if isinstance(page, CalendarPage) and (month := _month(url)):
            self.crawler.stats.inc_value("meetings/known", self.ledger.meetings_in(**month))
            self.crawler.stats.inc_value("meetings/listed", len(page.meetings))
        requests = list(self.follow(page, url, kind, context))
        yield Visit(url, kind, response.status, now(), page, error, refused, _found(requests))
        for request in requests:
            if self.arguments.mode != "update" or self.may_ask(new=True):  # else it waits for the next update
                yield request

    def rest(self, reason: str) -> None:
        """Leave the server alone for BUSY_PAUSE seconds, counted from the last complaint."""
        pause = self.settings.getfloat("BUSY_PAUSE")
        self.logger.warning("%s: waiting %s s", reason, pause)
        if self.resting:
            self.resting.cancel()
        self.crawler.engine.pause()
        self.resting = asyncio.get_running_loop().call_later(pause, self.crawler.engine.unpause)

    def read(self, response: Response, url: str) -> Page:
        arrived = program(response.url)
        if arrived in LOGIN_PROGRAMS:
            raise Refused(url, f"redirected to {arrived}.asp")
        if arrived != program(url):
            raise NotUnderstood(url, f"this page, not a redirect to {response.url}")
        return parse(response.body, url)

    async def lost(self, failure: Failure) -> AsyncIterator[Any]:
        """A request without a usable answer: HTTP error, time-out, too large, forbidden by robots.txt."""
        request = failure.request  # type: ignore[attr-defined]
        context, status, refused = request.cb_kwargs, None, False
        if isinstance(failure.value, HttpError):
            status = failure.value.response.status
            error = f"HTTP {status}"
            refused = status in GONE and context["kind"] not in WALKS and self.ledger.has_content(context["url"])
        elif isinstance(failure.value, IgnoreRequest):
            error = f"not fetched ({failure.value})"
        else:
            error = f"no answer ({type(failure.value).__name__}: {failure.value})"
        await self.doubt(None)
        requests = list(self.follow(None, context["url"], context["kind"], context["context"]))
        error = f"{context['url']}: {error[:300]}"
        found = _found(requests)
        yield Visit(context["url"], context["kind"], status, now(), error=error, refused=refused, found=found)
        for follow in requests:
            yield follow

    async def doubt(self, page: Page | None) -> None:
        """After a streak of pages that told nothing: stop if the calendar tells nothing either."""
        self.streak = 0 if page else self.streak + 1
        if self.streak < STREAK or self.arguments.mode == "urls" or self.failed:
            return
        self.streak = 0
        url = self.ledger.calendar() or self.site.calendar(self.calendar, int(now()[:4]), int(now()[5:7]))
        try:
            response = await self.fetch(url)
            if response.status != 200:
                raise NotUnderstood(url, f"HTTP 200, not {response.status}")
            self.read(response, url)
        except Exception as problem:  # whatever the network does
            self.fail(
                f"{STREAK} pages in a row told nothing, nor does the calendar ({type(problem).__name__}: "
                f"{str(problem)[:200]}): the site is out of order or has changed. What was stored is untouched; "
                "give the same command again later."
            )

    # ---- where to go from a page -----------------------------------------------------------------

    def follow(self, page: Page | None, url: str, kind: str, context: dict[str, Any]) -> Iterator[Request]:
        """Requests for the pages this one leads to; none in ``urls`` mode."""
        if self.arguments.mode not in ("full", "update"):
            return
        updating = self.arguments.mode == "update"
        # An update reads what an unchanged page leads to in its own time.
        everything = page is not None and (not updating or (kind != "vo040" and self.ledger.has_changed(url, page)))
        unknown = 0
        for target in self.targets(page, kind):
            if target in self.done:
                continue
            known = updating and self.ledger.is_known(target)
            unknown += not known
            if everything or not known:
                yield self.request(target, kind_of(target) or "")
        if isinstance(page, PaperListPage) and page.more and (unknown or not updating):
            since = self.arguments.since
            if not (since and all(paper.date and paper.date < since for paper in page.papers)):
                more = self.site.page("vo040", shownext="true")
                url = f"{more}&from={page.last + 1}"
                yield self.request(url, "vo040", fetch=more, session=True, first=page.last + 1)
        if not updating and "month" in context:
            yield from self.month_before(page, **context)

    def targets(self, page: Page | None, kind: str) -> list[str]:
        """Addresses this page leads to."""
        site = self.site
        match page:
            case CalendarPage():
                return [site.meeting(m.id) for m in page.meetings if m.id in page.agendas and self.wanted(m.date)]
            case AgendaPage():
                # An item that has lost its link is asked for, too: is its text still public?
                excerpts = [(site.excerpt(item.id), item.excerpt) for item in page.items]
                targets = [url for url, linked in excerpts if linked or self.ledger.has_content(url)]
                targets += [site.paper(item.paper.id) for item in page.items if item.paper]
                return targets + ([site.roster(page.meeting.organization.id)] if page.meeting.organization else [])
            case ExcerptPage():
                return [site.paper(page.item.paper.id)] if page.item.paper else []
            case PaperPage():
                return [site.meeting(c.meeting_id) for c in page.consultations if c.meeting_id and self.wanted(c.date)]
            case PaperListPage():
                return [site.paper(paper.id) for paper in page.papers if self.wanted(paper.date)]
            case OrganizationListPage():
                targets = [site.roster(organization.id) for organization in page.organizations]
                return targets + [canonical(f"{site.page(kind)}?{window}") for window in page.windows]
            case RosterPage():
                return [site.person(m.person.id) for m in page.members if m.person]
            case PersonPage():
                return [site.roster(m.organization_id) for m in page.memberships]
        return []

    def month_before(self, page: Page | None, year: int, month: int, empty: int) -> Iterator[Request]:
        """Back to ``since``, else until EMPTY_MONTHS past months in a row had no meeting or could not be read."""
        past = f"{year}-{month:02}" <= now()[:7]
        empty = 0 if isinstance(page, CalendarPage) and page.meetings else empty + past
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        since = self.arguments.since or FIRST_DAY
        if f"{year}-{month:02}" >= since[:7] and (self.arguments.since or empty < EMPTY_MONTHS):
            yield self.month(year, month, empty)

    def wanted(self, day: str | None) -> bool:
        since, until = self.arguments.since, self.arguments.until
        return not day or ((not since or day >= since) and (not until or day <= until))


def _fresh(request: Request) -> Request:
    """A retry without what the downloader noted on the first try."""
    kept = {name: value for name, value in request.meta.items() if name == "retry_times"}
    return request.replace(meta=kept)


def _month(url: str) -> dict[str, int]:
    """The month of a calendar page, {} where its address does not say."""
    query = dict(parse_qsl(urlsplit(url).query))
    names = {"year": "YY", "month": "MM"}
    return {name: int(query[key]) for name, key in names.items()} if set(names.values()) <= query.keys() else {}


def _found(requests: list[Request]) -> tuple[tuple[str, str], ...]:
    return tuple((request.cb_kwargs["url"], request.cb_kwargs["kind"]) for request in requests)
