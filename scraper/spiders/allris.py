"""Which ALLRIS pages to fetch, in which order. No parsing (``scraper.pages``), no storing (``scraper.pipelines``)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

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
from ..ledger import Ledger, is_local, now
from ..pages import Busy, NotUnderstood, PageError, Refused, kind_of, parse
from ..pages.envelope import LOGIN_PROGRAMS
from ..pages.markup import program
from ..probe import probe

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HERNE = "https://www.herne.de/allris/"
#: Walking back through the calendar ends after so many months without a meeting, at the latest here.
EMPTY_MONTHS, FIRST_DAY = 24, "1990-01-01"
#: Larger is sooner. The calendar and the paper list come last, so that the queue stays short.
PRIORITY = {"si010": -10, "vo040": -20, "to020": 5, "vo020": 5, "kp020": 5}
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
        raise ArgumentProblem(f"Unknown argument {', '.join(unknown)}: use base_url, mode, since, until or urls.")
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise ArgumentProblem(f"base_url={base_url} is no web address: give one such as {HERNE}.")
    if mode not in ("full", "probe"):
        raise ArgumentProblem(f"mode={mode} is unknown: use full or probe.")
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
        self.resting: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> AllrisSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        contact = crawler.settings["CONTACT"]
        crawler.settings.set("USER_AGENT", f"Ratsdaten/0.1 (open council data; {contact or 'local test'})", "spider")
        return spider

    def fail(self, sentence: str) -> None:
        """End the run: the sentence becomes its last word, the exit code 1. What is stored stays."""
        if self.crawler.stats.get_value("failure"):
            return
        self.crawler.stats.set_value("failure", sentence)
        self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="failed"))

    def expected_pages(self) -> int:
        """Pages this run will read in all, as far as an earlier one tells; 0: unknown."""
        return self.ledger.known_pages() if self.arguments.mode == "full" else len(self.arguments.urls)

    # ---- where to begin --------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        if self.arguments.mode == "urls":
            for url in self.arguments.urls:
                yield self.request(canonical(url), known_kind(url), fetch=url)
            return
        report = await probe(self.fetch, self.site, self.latest())
        for line in report.lines():
            self.logger.info(line)
        if report.failure:
            self.fail(report.failure)
            return
        if self.arguments.mode == "probe":
            return
        self.slow_down(report.crawl_delay)
        self.calendar = report.calendar
        self.done = self.ledger.done()
        if self.ledger.resumed:
            self.logger.info("The last crawl was cut off: %s pages are done, going on.", f"{len(self.done):,}")
        for url, kind in self.ledger.pending(failed=True):
            if kind not in WALKS and url not in self.done:  # a page read meanwhile may have asked for it
                self.done.add(url)
                yield self.request(url, kind)
        for name in ("au010", "fr010", "pa021", "vo040"):
            if report.understood(name):
                yield self.request(self.site.page(name), name)
        yield self.month(self.latest().year, self.latest().month, empty=0)

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
        meta = {"dont_obey_robotstxt": url.endswith("/robots.txt")}
        return await self.crawler.engine.download_async(Request(url, meta=meta))

    # ---- requests --------------------------------------------------------------------------------

    def request(self, url: str, kind: str, fetch: str | None = None, **context: Any) -> Request:
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
        requests = list(self.follow(page, kind, context))
        yield Visit(url, kind, response.status, now(), page, error, refused, _found(requests))
        for request in requests:
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
        context, status = request.cb_kwargs, None
        if isinstance(failure.value, HttpError):
            status = failure.value.response.status
            error = f"HTTP {status}"
        elif isinstance(failure.value, IgnoreRequest):
            error = f"not fetched ({failure.value})"
        else:
            error = f"no answer ({type(failure.value).__name__}: {failure.value})"
        requests = list(self.follow(None, context["kind"], context["context"]))
        error = f"{context['url']}: {error[:300]}"
        yield Visit(context["url"], context["kind"], status, now(), error=error, found=_found(requests))
        for follow in requests:
            yield follow

    # ---- where to go from a page -----------------------------------------------------------------

    def follow(self, page: Page | None, kind: str, context: dict[str, Any]) -> Iterator[Request]:
        """Requests for the pages this one leads to; none in ``urls`` mode."""
        if self.arguments.mode != "full":
            return
        site = self.site
        targets: list[str] = []
        match page:
            case CalendarPage():
                targets = [site.meeting(m.id) for m in page.meetings if m.id in page.agendas and self.wanted(m.date)]
            case AgendaPage():
                targets = [site.excerpt(item.id) for item in page.items if item.excerpt]
                targets += [site.paper(item.paper.id) for item in page.items if item.paper]
                targets += [site.roster(page.meeting.organization.id)] if page.meeting.organization else []
            case ExcerptPage():
                targets = [site.paper(page.item.paper.id)] if page.item.paper else []
            case PaperPage():
                targets = [
                    site.meeting(c.meeting_id) for c in page.consultations if c.meeting_id and self.wanted(c.date)
                ]
            case PaperListPage():
                targets = [site.paper(paper.id) for paper in page.papers if self.wanted(paper.date)]
                since = self.arguments.since
                if page.more and not (since and all(paper.date and paper.date < since for paper in page.papers)):
                    more = site.page("vo040", shownext="true")
                    yield self.request(
                        f"{more}&from={page.last + 1}", "vo040", fetch=more, session=True, first=page.last + 1
                    )
            case OrganizationListPage():
                targets = [site.roster(organization.id) for organization in page.organizations]
                targets += [canonical(f"{site.page(kind)}?{window}") for window in page.windows]
            case RosterPage():
                targets = [site.person(m.person.id) for m in page.members if m.person]
            case PersonPage():
                targets = [site.roster(m.organization_id) for m in page.memberships]
        for url in targets:
            if url not in self.done:
                self.done.add(url)
                yield self.request(url, kind_of(url) or "")
        if kind == "si010":
            yield from self.month_before(page, **context)

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


def _found(requests: list[Request]) -> tuple[tuple[str, str], ...]:
    return tuple((request.cb_kwargs["url"], request.cb_kwargs["kind"]) for request in requests)
