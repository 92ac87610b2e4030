"""Whether a release works: the real paths of its databases, asked of the release itself.

    python deploy/smoke.py build/release/site             starts it here, by the image's own command, and asks it
    python deploy/smoke.py build/release/site --at URL    asks the site on the web, until it is this release

Ends with exit code 1 and a line for each path that is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
#: Seconds: until a release answers at all, and for any one answer, the first chart on a busy machine included.
START, ANSWER = 30, 15
#: A list -> how the addresses on it begin, and the table that says whether there must be any.
LISTS = {
    "/sitzungen": ("/sitzung/", "meetings"),
    "/vorlagen": ("/vorlage/", "papers"),
    "/gremien": ("/gremium/", "organizations"),
    "/personen": ("/person/", "persons"),
    "/fraktionen": ("/fraktion/", "groups"),
    "/abstimmungen": ("/top/", "votes"),
    "/statistik": ("/statistik/", "votes"),
}
#: A path -> how its content begins.
FILES = {
    "/sitzungen.json": "{",
    "/sitzungen.csv": "",
    "/abstimmungen.atom": "<?xml",
    "/sitzungen.ics": "BEGIN:VCALENDAR",
    "/robots.txt": "",
    "/sitemap.xml": "<?xml",
}


def command(port: int) -> list[str]:
    """The CMD of the Dockerfile, listening at this port of this machine alone."""
    [line] = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    words = json.loads(line)
    words[words.index("--host") + 1], words[words.index("--port") + 1] = "127.0.0.1", str(port)
    return words


def environment(folder: Path) -> dict[str, str]:
    """In production, with the packages of the release, or else those of this project."""
    [line] = re.findall(r"^ENV (.*)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    places = [folder.parent / "venv/bin", ROOT / ".venv/bin"]
    own = next(place for place in places if place.is_dir())
    return (
        {name: value for name, value in os.environ.items() if not name.startswith("RATSDATEN_")}
        | dict(part.split("=", 1) for part in line.split())
        | {"PATH": f"{own}:{os.environ['PATH']}", "RATSDATEN_HOSTS": "smoke.invalid"}
        | {"DATASETTE_SECRET": secrets.token_hex(32)}
    )


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """The release as a server; gives its address. Ends this program if it does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryFile("w+") as log:
        begun = time.monotonic()
        server = subprocess.Popen(command(port), cwd=folder, env=environment(folder), stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            while not answers(address):
                if server.poll() is not None or time.monotonic() - begun > START:
                    log.seek(0)
                    sys.exit(f"The release did not start:\n{log.read()[-2000:]}")
                time.sleep(0.05)
            print(f"First answer after {time.monotonic() - begun:.1f} s.")
            yield address
        finally:
            server.terminate()
            server.wait(30)


def answers(address: str) -> bool:
    try:
        return urlopen(f"{address}/robots.txt", timeout=ANSWER).status == 200
    except HTTPError:
        return True  # what is wrong with it is told later
    except OSError:
        return False


@dataclass
class Smoke:
    """Asks one site about one town and notes what is wrong."""

    address: str
    host: str | None  # None: that of the address
    counts: dict[str, int]
    problems: list[str] = field(default_factory=list)
    asked: int = 0
    slowest: float = 0.0

    def get(self, path: str, begins: str = "<!DOCTYPE html") -> str:
        """The answer's text, empty where it is not as it should be."""
        headers = {"Host": self.host} if self.host else {}
        begun = time.monotonic()
        try:
            with urlopen(Request(self.address + path, headers=headers), timeout=START) as answer:
                content, status = answer.read().decode("utf-8", "replace"), answer.status
        except HTTPError as error:
            return self.note(path, f"HTTP {error.code}")
        except (URLError, OSError) as error:
            return self.note(path, str(error))
        self.asked += 1
        self.slowest = max(self.slowest, took := time.monotonic() - begun)
        if status != 200 or not content.lstrip("\ufeff").lower().startswith(begins.lower()):
            return self.note(path, f"HTTP {status}, begins with {content[:40]!r} and not {begins!r}")
        if took > ANSWER:
            self.note(path, f"took {took:.1f} s")
        return content

    def note(self, path: str, what: str) -> str:
        self.problems.append(f"{self.host or ''}{path}: {what}")
        return ""

    def all(self, database: str) -> None:
        if re.search(r"(?<![\d.])0\s+(Sitzungen|Vorlagen)", self.get("/")):
            self.note("/", "says that there is nothing")
        for page, (beginning, table) in LISTS.items():
            content = self.get(page)
            if not self.counts.get(table):
                continue
            if not (found := re.search(rf'href="({beginning}[^"#?]+)["#?]', content)):
                self.note(page, f"has no address {beginning}…")
                continue
            record = self.get(found[1])
            if page == "/vorlagen":
                self.search(record)
            if page == "/statistik":
                self.pictures(f"/einbetten{found[1]}")
            if page == "/abstimmungen" and (drawn := re.search(r'href="(/einbetten/abstimmung/[^".]+)\.svg"', record)):
                self.pictures(drawn[1])
        for path, begins in FILES.items():
            if not self.get(path, begins):
                self.note(path, "is empty")
        self.get(f"/{database}/meetings?_size=1")
        self.get(f"/{database}.json?sql=select+count(*)+as+n+from+votes&_shape=array", '[{"n"')

    def search(self, paper: str) -> None:
        """A word of a paper's title is found."""
        title = re.search(r"<h1[^>]*>\s*([^<]+)", paper)
        word = quote(max(re.findall(r"[^\W\d_]+", unescape(title[1]) if title else ""), key=len, default="Rat"))
        if '"total": 0,' in self.get(f"/suche.json?q={word}", "{"):
            self.note(f"/suche?q={word}", "finds nothing, though it stands in a title")
        self.get(f"/suche?q={word}")

    def pictures(self, embedded: str) -> None:
        self.get(embedded)
        self.get(f"{embedded}.svg", "<svg")
        self.get(f"{embedded}.png", "\ufffdPNG")

    def release(self) -> tuple[str, str]:
        """Name and database's hash, as the site says them; empty where it says none."""
        try:
            said = json.loads(self.get("/status.json", "{") or "{}").get("release") or {}
        except ValueError:
            said = {}
        return str(said.get("name") or ""), str(said.get("database") or "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="made by deploy/build.sh site")
    parser.add_argument("--at", metavar="URL", help="of the site on the web")
    parser.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for it to be this release")
    options = parser.parse_args()
    folder = options.folder.resolve()
    try:
        name = (folder / "release.txt").read_text("utf-8").strip()
        sealed = json.loads((folder / "inspect-data.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        parser.error(f"{folder} is no release ({error}): make it with deploy/build.sh site.")
    counts = {key: {table: each["count"] for table, each in entry["tables"].items()} for key, entry in sealed.items()}
    expected = {(name, entry["hash"]): key for key, entry in sealed.items()}
    if options.at:
        # Which of its towns a site is about, its name decides.
        until = time.monotonic() + options.wait
        while (said := (smoke := Smoke(options.at.rstrip("/"), None, {})).release()) not in expected:
            if time.monotonic() > until:
                sys.exit("\n".join([f"{name} is not there, {options.at} says {said}", *smoke.problems]))
            time.sleep(1)
        key = expected[said]
        smoke.counts = counts[key]
        smoke.all(key)
        smokes = [smoke]
    else:
        with started(folder) as address:
            smokes = [Smoke(address, f"{key}.localhost", counts[key]) for key in sealed]
            for key, smoke in zip(sealed, smokes):
                if expected.get(said := smoke.release()) != key:
                    smoke.note("/status.json", f"says that this is {said}")
                smoke.all(key)
    if problems := [problem for smoke in smokes for problem in smoke.problems]:
        sys.exit("\n".join([f"{name} does not work:", *problems]))
    asked, slowest = sum(smoke.asked for smoke in smokes), max(smoke.slowest for smoke in smokes)
    print(f"{asked} paths of {name} answered as they should, the slowest in {slowest:.2f} s.")


if __name__ == "__main__":
    main()
