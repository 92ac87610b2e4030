"""Text of scanned pages by OCRmyPDF and Tesseract, where the operator has installed them (extra ``ocr``, ``OCR=1``)."""

from __future__ import annotations

import importlib.util
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

#: Seconds for a page and for a file; bytes a process may map.
PAGE_SECONDS, FILE_SECONDS, MEMORY = 60, 900, 2 << 30
_SKIPPED = re.compile(r"\s*\[OCR skipped on page\(s\) (\d+)(?:-(\d+))?\]\s*")


class NotRecognised(Exception):
    """OCRmyPDF failed or took too long; the message is for ``files.problem``."""


def missing() -> str | None:
    """What has to be installed before OCR can be switched on, in one sentence."""
    lacking = [] if importlib.util.find_spec("ocrmypdf") else ["the extra ocr (pip install 'ratsdaten[ocr]')"]
    if shutil.which("tesseract"):
        languages = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True).stdout.split()
        lacking += [] if "deu" in languages else ["tesseract-ocr-deu (apt)"]
    else:
        lacking.append("tesseract-ocr and tesseract-ocr-deu (apt)")
    return f"OCR=1 needs {', '.join(lacking)}: scanned pages stay without text." if lacking else None


def recognise(path: Path) -> list[str]:
    """The text of each page that has none of its own, empty for the others. Blocks; raises NotRecognised."""
    with TemporaryDirectory() as folder:
        sidecar = Path(folder) / "text"
        line = [sys.executable, "-P", "-m", "ocrmypdf", "--skip-text", "--language", "deu", "--jobs", "1", "--quiet"]
        line += ["--tesseract-timeout", str(PAGE_SECONDS), "--sidecar", str(sidecar), "--output-type", "none"]
        # A session of its own, so that Tesseract ends with it; its temporary files lie in our folder.
        with subprocess.Popen(
            [*line, str(path), "-"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"TMPDIR": folder, "OMP_THREAD_LIMIT": "1"},
        ) as process:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
            try:
                code = process.wait(FILE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise NotRecognised("Die Texterkennung dauerte zu lange.") from None
        if code or not sidecar.exists():
            raise NotRecognised(f"Die Texterkennung ist gescheitert (Code {code}).")
        return list(_pages(sidecar.read_text("utf-8", "replace")))


def _pages(sidecar: str) -> list[str]:
    """Pages are parted by form feeds; a run of pages with text of their own is one line that says so."""
    pages: list[str] = []
    for part in sidecar.split("\f"):
        skipped = _SKIPPED.fullmatch(part)
        pages += [""] * (int(skipped[2] or skipped[1]) - int(skipped[1]) + 1) if skipped else [part]
    return pages
