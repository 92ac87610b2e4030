"""Fetches the files a page shows, right after the page: their addresses last for one ALLRIS session only.

Only PDFs: what is offered in another format is taken as the PDF that ALLRIS may offer beside it, else not at all, since
its text would not be read. A file is asked for once, and again when its page says otherwise of it (an attachment), when
its page has changed (a document of the system, of which the page tells nothing), or when that failed the last time.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.pipelines.files import FilesPipeline, FSFilesStore
from scrapy.pipelines.media import MediaPipeline, _MediaRequestFiltered
from scrapy.utils.datatypes import LocalCache
from scrapy.utils.log import failure_to_exc_info
from twisted.python.failure import Failure

from . import ocr
from .extract import AGAIN, Reader
from .items import Attachment, Document, Download, Visit
from .pages.envelope import GONE, LOGIN_PROGRAMS, REFUSALS
from .pages.markup import program
from .store import folder, place

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from .spiders.allris import AllrisSpider

log = logging.getLogger(__name__)

NOT_PDF = "Keine PDF-Datei: Sie wird nicht gelesen."
HTML = "Statt der Datei kam eine HTML-Seite."
REFUSED = "Die Datei ist nicht öffentlich oder nicht mehr vorhanden."
EMPTY = "Die Datei ist leer."
CUT = "Die Datei ist unvollständig: Ihr Ende fehlt."
BUSY = f"Die Quelle bat um weniger Zugriffe. {AGAIN}"
LOST = f"Die Datei ließ sich nicht laden. {AGAIN}"
NOT_KEPT = f"Die Datei konnte nicht abgelegt werden. {AGAIN}"
FORBIDDEN = "Die Quelle erlaubt Programmen nicht, die Datei zu laden (robots.txt, fremder Server)."
TOO_LARGE = "Die Datei ist größer als {} MB und wurde nicht geladen."

#: HTTP status of what may be there soon.
_PASSING = {408, 429, *range(500, 600)}


class NoFile(_MediaRequestFiltered):  # Scrapy tells of these without a traceback
    """Why there is no file (German); ``gone``: the source says that there is none, so what is stored of it goes."""

    def __init__(self, problem: str, gone: bool = False):
        super().__init__(problem)
        self.gone = gone


class AttachmentsPipeline(FilesPipeline):
    """Scrapy's own pipeline, with a store by content and the outcome on the visit. Counted in the stats files/…"""

    def __init__(self, store: Path, *, crawler: Crawler):
        settings = crawler.settings
        super().__init__(str(store), crawler=crawler)
        self.spider = cast("AllrisSpider", crawler.spider)
        self.folder, self.stats = store, crawler.stats
        self.most = settings.getint("FILES_MAXSIZE")
        recognise = settings.getbool("OCR")
        if recognise and (lacking := ocr.missing()):
            log.warning(lacking)
            recognise = False
        self.reader = Reader(settings.getfloat("READ_SECONDS"), recognise)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AttachmentsPipeline:
        spider = cast("AllrisSpider", crawler.spider)
        if not crawler.settings.getbool("ATTACHMENTS") or spider.arguments.mode not in ("full", "update"):
            raise NotConfigured
        pipeline = cls(folder(crawler.settings), crawler=crawler)
        crawler.signals.connect(pipeline.reader.close, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:  # type: ignore[override]
        super().open_spider()
        # Scrapy remembers every request of a run: here the database does, and memory stays flat.
        self.spiderinfo.downloaded = LocalCache(limit=100)

    # ---- which -----------------------------------------------------------------------------------

    def get_media_requests(self, visit: Visit, info: MediaPipeline.SpiderInfo) -> list[Request]:
        files: dict[str, Document | Attachment] = getattr(visit.page, "files", {})
        if not files or visit.page is None:
            return []
        known = self.spider.ledger.files(files, visit.url)
        page_changed = self.spider.ledger.has_changed(visit.url, visit.page)
        requests = []
        for key, file in files.items():
            row = known.get(key)
            if row and any(row[column] != value for column, value in file.printed.items()):
                row = None
            if row and row["sha256"]:
                path = self.folder / place(row["sha256"])
                outdated = isinstance(file, Document) and (page_changed or row["outdated"])
                if not outdated and (not path.exists() or self.reader.kept(path).exists()):
                    continue
            else:
                row, outdated = None, True
            if outdated and isinstance(file, Attachment) and (problem := self.unwanted(file)):
                visit.downloads[key] = Download(problem=problem)
                self.stats.inc_value("files/unwanted")
                continue
            requests.append(self.request(file, visit.url, {"stored": row, "outdated": outdated}))
            visit.downloads[key] = Download(sha256=row["sha256"] if row else None)
        return requests

    def unwanted(self, file: Attachment) -> str | None:
        """Why it is not even asked for, by what the page says."""
        if not file.pdf_path and file.mime_type not in (None, "application/pdf"):
            return NOT_PDF
        return self.too_large() if (file.size or 0) > self.most * 1.05 else None  # printed sizes are rounded

    def too_large(self) -> str:
        return TOO_LARGE.format(f"{self.most / 1_000_000:g}".replace(".", ","))

    def request(self, file: Document | Attachment, page: str, meta: dict[str, Any]) -> Request:
        meta |= {"download_maxsize": self.most, "download_warnsize": 0, "max_retry_times": 1}
        if isinstance(file, Attachment):
            return Request(urljoin(page, file.pdf_path or file.path), meta=meta)
        address, _, form = file.url.partition("?")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Request(address, method="POST", body=form, headers=headers, meta=meta)

    # ---- fetch, keep, read -----------------------------------------------------------------------

    async def media_to_download(  # type: ignore[override]
        self, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> Download | None:
        """What is stored already is only read anew."""
        if not request.meta["outdated"]:
            row = request.meta["stored"]
            self.stats.inc_value("files/read again")
            download = await self.read(row["sha256"], row["checked_at"])
            if (download.problem or "").endswith(AGAIN):
                raise NoFile(cast(str, download.problem))  # what an older version has read stays
            return download
        while self.crawler.engine.paused:  # ALLRIS asked to slow down
            await asyncio.sleep(0.1)
        return None

    async def media_downloaded(  # type: ignore[override]
        self, response: Response, request: Request, info: MediaPipeline.SpiderInfo, *, item: Any = None
    ) -> Download:
        body = response.body
        if program(response.url) in LOGIN_PROGRAMS:
            raise NoFile(REFUSED, gone=True)
        if response.status != 200:
            problem = f"Die Quelle antwortete mit dem Fehler {response.status}."
            if response.status in _PASSING:
                problem += f" {AGAIN}"
            raise NoFile(problem, response.status in GONE)
        if b"%PDF-" not in body[:1024]:
            self.refuse(body)
        if b"%%EOF" not in body[-2048:]:
            raise NoFile(CUT)
        sha256 = hashlib.sha256(body).hexdigest()
        path = self.folder / place(sha256)
        if not path.exists() or path.stat().st_size != len(body):
            try:
                cast(FSFilesStore, self.store).persist_file(place(sha256), BytesIO(body), info)
            except OSError as error:
                log.error("%s: %s", path, error)
                raise NoFile(NOT_KEPT) from error
        self.stats.inc_value("files/downloaded")
        self.stats.inc_value("files/bytes", len(body))
        return await self.read(sha256, item.fetched_at)

    def refuse(self, body: bytes) -> NoReturn:
        """What came is no PDF. By its first bytes, for servers say application/pdf of anything."""
        start = body[:4000].decode("utf-8", "replace")
        if re.search("(?i)zu viele Zugriffe", start):
            self.spider.rest("ALLRIS asks to slow down (zu viele Zugriffe)")
            raise NoFile(BUSY)
        if any(re.search(pattern, start) for pattern in REFUSALS):
            raise NoFile(REFUSED, gone=True)
        if re.search(r"(?i)^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype|html|head|body|h1)\b", start):
            raise NoFile(HTML)
        raise NoFile(EMPTY if not body else NOT_PDF)

    async def read(self, sha256: str, checked_at: str) -> Download:
        path = self.folder / place(sha256)
        reading = await self.reader.read(path)
        if reading.problem:
            self.stats.inc_value("files/problems")
        return Download(
            sha256=sha256,
            size=path.stat().st_size,
            mime_type="application/pdf",
            page_count=reading.page_count,
            text=reading.text,
            text_source=reading.text_source,
            problem=reading.problem,
            checked_at=checked_at,
        )

    def media_failed(self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo) -> NoReturn:
        reason = failure.value
        if isinstance(reason, NoFile):
            raise reason
        if isinstance(reason, DownloadCancelledError) or "MAXSIZE" in str(reason):
            raise NoFile(self.too_large())
        if isinstance(reason, IgnoreRequest):
            raise NoFile(FORBIDDEN)
        log.warning("%s: %s: %s", request.url, type(reason).__name__, reason)
        raise NoFile(LOST)

    # ---- onto the visit --------------------------------------------------------------------------

    def item_completed(self, results: list[Any], visit: Visit, info: MediaPipeline.SpiderInfo) -> Visit:
        """A failure never is the page's. What is stored stays where it may still be there, to be tried again."""
        asked = [key for key, download in visit.downloads.items() if not download.problem]
        for key, (done, outcome) in zip(asked, results, strict=True):
            if done:
                visit.downloads[key] = outcome
                continue
            self.stats.inc_value("files/failed")
            reason = outcome.value
            if isinstance(reason, NoFile):
                log.info("%s: %s: %s", visit.url, key, reason)
            else:
                log.error("%s: %s", visit.url, key, exc_info=failure_to_exc_info(outcome))
                reason = NoFile(LOST)
            if visit.downloads[key].sha256 and not reason.gone:
                del visit.downloads[key]
            else:
                visit.downloads[key] = Download(problem=str(reason), checked_at=visit.fetched_at)
        return visit
