"""Text of PDFs, read in processes of their own with limits of time and memory: a file can be broken or meant to harm.

What was read is kept beside the file, so that a content is read once, however often it is shown, and a file that
brought its process down is not tried again (one whose process was killed or waited too long is, once). ``VERSION`` is
part of the name: raise it when reading gets better.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import resource
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path

import pypdfium2
from pypdfium2 import raw as pdfium

from .ocr import NotRecognised, recognise
from .pages.envelope import INVISIBLE
from .pages.markup import clean

log = logging.getLogger(__name__)

VERSION = 3
#: Bytes a process may map; a new one maps 50 MB.
MEMORY = 1 << 29
MAX_PAGES, MAX_CHARACTERS = 2_000, 2_000_000
#: With more unmapped characters on a page than this share it holds numbers of glyphs, not letters.
MAX_UNMAPPED = 0.1
#: Seconds a process may take to start.
STARTING = 60

#: What a reason ends with that may not be the file's fault: `due.sql` asks for such files every week.
AGAIN = "Ein neuer Versuch folgt."
BROKEN = "Die Datei ist beschädigt und nicht lesbar."
ENCRYPTED = "Die Datei ist verschlüsselt: Sie öffnet sich nur mit Kennwort."
UNKNOWN_LOCK = "Die Datei ist mit einem unbekannten Verfahren verschlüsselt."
TOO_SLOW = "Das Lesen der Datei dauerte zu lange."
TOO_BIG = "Das Lesen der Datei brauchte zu viel Speicher."
CRASHED = "Das Lesen der Datei brach ab: Sie ist beschädigt oder braucht zu viel Speicher."
KILLED = "Das Lesen der Datei wurde abgebrochen."
UNREAD = f"Die Datei ist noch nicht gelesen. {AGAIN}"
NO_LETTERS = "Eine Schrift der Datei nennt nur Zeichennummern, keine Buchstaben: Ihr Text ist nicht lesbar."
SCAN = "Die Seiten enthalten keinen Text, nur Bilder oder Leere."

_OPENING = {pdfium.FPDF_ERR_PASSWORD: ENCRYPTED, pdfium.FPDF_ERR_SECURITY: UNKNOWN_LOCK}


@dataclass(frozen=True)
class Reading:
    """What was read in a file, as columns of ``files``; ``text`` has its pages parted by form feeds."""

    page_count: int | None = None
    text: str | None = None
    text_source: str = "none"
    problem: str | None = None


# ---- in the process that reads ------------------------------------------------------------------


def read_pdf(path: str, seconds: float) -> Reading:
    """The text that is in a file, as much as ``seconds`` of CPU time allow; soon after them the kernel ends us."""
    end = time.process_time() + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (int(end) + 2, resource.RLIM_INFINITY))
    try:
        return _read(path, end)
    except MemoryError:
        return Reading(problem=TOO_BIG)


def _read(path: str, end: float) -> Reading:
    # A file without pages leaves PDFium's last error as it was: let that not be the one of the file before.
    pdfium.FPDF_LoadMemDocument(b"", 0, None)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        return Reading(problem=_OPENING.get(error.err_code, BROKEN))
    count, length, broken = len(document), 0, 0
    pages: list[str] = []
    problems: dict[str, None] = {}  # a set that keeps its order
    for number in range(count):
        if number == MAX_PAGES or length > MAX_CHARACTERS or time.process_time() > end:
            break
        try:
            text = tidy(document[number].get_textpage().get_text_bounded())
        except pypdfium2.PdfiumError:
            broken += 1
            text = ""
        if text is None:
            problems[NO_LETTERS] = None
        pages.append((text or "")[: MAX_CHARACTERS - length])
        length += len(text or "")
    if len(pages) < count or length > MAX_CHARACTERS:
        problems[f"Zu lang oder zu aufwendig: Der Text reicht nur bis Seite {len(pages)} von {count}."] = None
    if broken == count:
        problems = {BROKEN: None}
    elif broken:
        problems[f"{broken} von {count} Seiten sind beschädigt."] = None
    elif not length and not problems:
        problems[SCAN] = None
    return Reading(count, "\f".join(pages) if length else None, "embedded" if length else "none", _joined(problems))


def _joined(problems: dict[str, None]) -> str | None:
    return " ".join(problems) or None


# Controls but white space, surrogates, private use, specials: what a PDF library gives where a font tells no letters.
_UNMAPPED = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]")
_HYPHEN = re.compile(r"(?<=\w)\x02(\w+)")
#: After these a hyphen at the end of a line stands for a left-out part: "Haupt- und Personalausschuss".
_CONJUNCTIONS = {"und", "oder", "bzw", "beziehungsweise", "sowie", "bis", "statt", "als", "wie"}
_TITLE = r"(?:Herrn?|Frau|Dr\.|Prof\.)"
_WORD = r"(?:(?:von|van|vom|de|der|den|zu|zur|el|al) )*[A-ZÀ-ÖØ-ÞĀ-Ž][\w.’'-]+"
#: Labels after which forms name an employee of the administration, who is not stored: the rest of the line goes, or
#: what looks like a name where it stands alone on the next; without a colon, what looks like one at a line's start.
_LABEL = (
    r"(?i:\b(?:(?:sach)?bearbeiter|verfasser|ansprechpartner)(?:in|/-?in|\(-?in\)|[:*_]in)?(?:nen)?|\bauskunft erteilt)"
)
_STAFF = re.compile(
    rf"({_LABEL} ?:)(?: ?[^\s][^\n]*|\n(?:{_TITLE} [^\n:]{{1,50}}|{_WORD},? {_WORD}(?: {_WORD})?)$)"
    rf"|^({_LABEL}) {_TITLE}(?: {_TITLE}| {_WORD})*",
    re.M,
)


def tidy(raw: str) -> str | None:
    """A page's text by the rules of all our texts; None where its font tells no letters.

    Words parted at the end of a line (PDFium marks that by U+0002) are joined again.
    """
    text = _HYPHEN.sub(_rejoined, raw)
    if len(_UNMAPPED.findall(text)) > MAX_UNMAPPED * len("".join(text.split())):
        return None
    lines = (clean(line) or "" for line in re.sub(f"[{INVISIBLE}]", "", _UNMAPPED.sub("", text)).splitlines())
    return _STAFF.sub(r"\1\2", re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n"))


def _rejoined(found: re.Match[str]) -> str:
    rest = found[1]
    return f"- {rest}" if rest in _CONJUNCTIONS else rest if rest[0].islower() else f"-{rest}"


READY = "ready"


def main() -> None:
    """Say that we are ready, then answer each line of standard input, a path and seconds in JSON, with the reading."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # the crawl goes first
    print(READY, flush=True)
    for line in sys.stdin:
        print(json.dumps(asdict(read_pdf(*json.loads(line)))), flush=True)


# ---- in the crawl -------------------------------------------------------------------------------

#: Deaths that are somebody else's doing: one who wants the memory, or ends the programs of this machine.
_KILLERS = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}


class CannotStart(Exception):
    """There is no process to read with."""


class Worker:
    """A process that reads one file after the other, started with the first and again after its death.

    Not one of `multiprocessing`: those begin by running the main program's file once more.
    """

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def read(self, path: Path, seconds: float) -> Reading:
        """Raises CannotStart. With a problem that ends in ``AGAIN`` where the machine may be at fault."""
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await self._start()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps([str(path), seconds]).encode() + b"\n")
            answer = await asyncio.wait_for(process.stdout.readline(), seconds * 4 + 10)
        except TimeoutError:
            await self.close()
            return Reading(problem=f"{TOO_SLOW} {AGAIN}")
        if answer.endswith(b"\n"):  # else its last words
            return Reading(**json.loads(answer))
        ended = await process.wait()
        if ended in _KILLERS:
            return Reading(problem=f"{KILLED} {AGAIN}")
        return Reading(problem=TOO_SLOW if ended == -signal.SIGXCPU else CRASHED)

    async def _start(self) -> asyncio.subprocess.Process:
        try:
            # -P: the folder somebody starts the crawl in has no say in what is imported
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", __name__),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=MAX_CHARACTERS * 13,  # in JSON
                start_new_session=True,  # Ctrl-C is for the crawl, which lets it finish
            )
            assert self._process.stdout
            said = await asyncio.wait_for(self._process.stdout.readline(), STARTING)
        except (OSError, TimeoutError) as error:
            await self.close()
            raise CannotStart from error
        if said.decode("utf-8", "replace") != f"{READY}\n":
            raise CannotStart
        return self._process

    async def close(self) -> None:
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


class Reader:
    """Reads files beside the event loop. ``seconds`` of CPU time a file; ``ocr``: also pages that are only pictures."""

    def __init__(self, seconds: float, ocr: bool):
        self.seconds, self.ocr = seconds, ocr
        self._workers = [Worker() for _ in range(min(2, os.cpu_count() or 1))]
        self._free: asyncio.Queue[Worker] = asyncio.Queue()
        for worker in self._workers:
            self._free.put_nowait(worker)
        self._reading: dict[Path, asyncio.Task[Reading]] = {}
        self._one_at_a_time = asyncio.Semaphore(1)
        self._told = False

    def kept(self, path: Path) -> Path:
        """Where lies what was read in a file."""
        return path.with_suffix(f".{VERSION}{'-ocr' if self.ocr else ''}.json")

    async def read(self, path: Path) -> Reading:
        """Never raises for what is in the file."""
        if path not in self._reading:
            self._reading[path] = asyncio.create_task(self._read(path))
            self._reading[path].add_done_callback(lambda _: self._reading.pop(path))
        return await self._reading[path]

    async def _read(self, path: Path) -> Reading:
        kept = self.kept(path)
        try:
            return Reading(**json.loads(kept.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            pass  # not read yet, or cut off while it was written
        worker = await self._free.get()
        try:
            reading = await worker.read(path, self.seconds)
        except CannotStart:
            if not self._told:
                log.error(
                    "No PDF can be read: the process for it does not start (to see why: %s -P -m %s). "
                    "Files are kept and will be read by a later crawl.", sys.executable, __name__,
                )  # fmt: skip
            self._told = True
            return Reading(problem=UNREAD)
        finally:
            self._free.put_nowait(worker)
        if self.ocr and reading.page_count:
            reading = await self._recognised(path, reading)
        with suppress(OSError):  # a full disk: then it is read again some day
            return self._keep(kept, reading)
        return reading

    def _keep(self, kept: Path, reading: Reading) -> Reading:
        """A problem that may be the machine's is only kept when a second try has ended in the same way."""
        if reading.problem and reading.problem.endswith(AGAIN):
            once = kept.with_suffix(".once")
            if not once.exists() or once.read_text("utf-8", "replace") != reading.problem:
                once.write_text(reading.problem, "utf-8")
                return reading
            reading = replace(reading, problem=reading.problem.removesuffix(f" {AGAIN}"))
        begun = kept.with_suffix(".begun")
        begun.write_text(json.dumps(asdict(reading), ensure_ascii=False), "utf-8")
        begun.replace(kept)
        return reading

    async def _recognised(self, path: Path, reading: Reading) -> Reading:
        """With the text of those pages that are only pictures."""
        pages = (reading.text or "").split("\f")
        if reading.text and all(pages):
            return reading
        try:
            async with self._one_at_a_time:
                found = [tidy(page) or "" for page in await asyncio.to_thread(recognise, path)]
        except NotRecognised as failure:
            return replace(reading, problem=f"{failure} {AGAIN}")
        if not any(found):
            return reading
        both = zip_longest(pages if reading.text else [], found[: reading.page_count], fillvalue="")
        whole = [page or new for page, new in both]
        problem = None if reading.problem == SCAN else reading.problem
        return replace(reading, text="\f".join(whole)[:MAX_CHARACTERS], text_source="ocr", problem=problem)

    async def close(self) -> None:
        for worker in self._workers:
            await worker.close()


if __name__ == "__main__":
    main()
