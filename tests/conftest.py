"""Shared test tools: the folder of real pages, a small server for given bodies, a crawl and a site as users start them,
a real browser."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from datasette.app import Datasette
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlite_utils import Database

from ratsdaten.database import close, connect

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
#: Politeness is for other people's servers.
FAST = ("AUTOTHROTTLE_ENABLED=0", "DOWNLOAD_DELAY=0", "BUSY_PAUSE=0.1", "RETRY_TIMES=1", "ATTACHMENTS=0")
#: Names the browser resolves to this machine, and no others.
OURS, ALLOWED, FOREIGN = "ratsdaten.example", "www.herne.de", "evil.example"
BROWSER_OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=" + ", ".join(f"MAP {name} 127.0.0.1" for name in (OURS, ALLOWED, FOREIGN)),
)


#: Those that take minutes, the longest first, so that no core waits at the end for one that was begun last.
LONG = ("test_crawl", "test_update", "test_deploy", "test_faults_of_updates", "test_site_look", "test_attachments")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


def started_with(process: Path) -> list[bytes]:
    """The command line of a process, given as its folder in /proc; empty if it has ended meanwhile."""
    try:
        return (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """Real ALLRIS pages, kept outside the project because they are other people's text."""
    folder = SHARED / "allris" / "pages"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here: real pages are not part of the project")
    return folder


@contextmanager
def serve(bodies: dict[str, bytes], content_type: str = "text/html") -> Iterator[str]:
    """Serve each body under its path and query; everything else is 404. Gives the server's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client may hang up on a huge page
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def insert_ballot(
    db: Database, key: str, totals: Sequence[int | None], counts: dict[str, tuple[int, int, int]], **columns: object
) -> None:
    """A ballot with its groups' figures (yes, no, abstain); ``key`` is votes.id: to9001-1."""
    item, position = key.removeprefix("to").split("-")
    figures = dict(zip(("yes", "no", "abstain"), totals)) | {"consistent": 1 if counts else None}
    row = {"id": key, "agenda_item_id": int(item), "position": int(position)} | figures | columns
    db.table("votes").insert(row)
    db.table("vote_counts").insert_all(
        {"vote_id": key, "group_name": group, "label": group, "yes": yes, "no": no, "abstain": abstain}
        for group, (yes, no, abstain) in counts.items()
    )


def rows(database: Path, sql: str, *values: object) -> list[dict]:
    """What a reader sees, through a connection of its own."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(sql, values)]
    finally:
        connection.close()


def crawl(
    base_url: str,
    database: Path,
    *settings: str,
    timeout: float = 120,
    preexec_fn: Callable[[], None] | None = None,
    **arguments: str,
) -> subprocess.CompletedProcess[str]:
    """``scrapy crawl allris`` in its own process, with politeness off."""
    line = command(base_url, database, *settings, **arguments)
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=timeout, preexec_fn=preexec_fn)


def command(base_url: str, database: Path, *settings: str, **arguments: str) -> list[str]:
    """The command line a user types."""
    pairs = [("-a", f"base_url={base_url}"), *(("-a", f"{name}={value}") for name, value in arguments.items())]
    pairs += [("-s", value) for value in (f"DATABASE={database}", *FAST, *settings)]
    return [sys.executable, "-m", "scrapy", "crawl", "allris", *(part for pair in pairs for part in pair)]


def configuration(folder: Path) -> Path:
    """Our Datasette configuration in ``folder``, without a database yet; gives the path of the one to come."""
    for name in ("metadata.yml", "towns.toml", "settings.json", "plugins", "templates", "static"):
        (folder / name).symlink_to(ROOT / name)
    return folder / "demo.db"


async def site_with(folder: Path, fill: Callable[[Database], None]) -> Datasette:
    """Our Datasette in this process, over a new database with what ``fill`` puts into it."""
    db = connect(configuration(folder))
    fill(db)
    close(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """``datasette FOLDER`` as people start it; gives its address, by a name as on the web."""
    port = free_port()
    line = [sys.executable, "-m", "datasette", str(folder), "--port", str(port)]
    with started(line, folder, f"http://127.0.0.1:{port}/robots.txt"):
        yield f"http://{OURS}:{port}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def started(line: list[str], folder: Path, ready: str) -> Iterator[None]:
    """A server process in ``folder``, once it answers at ``ready``; its words go to ``log`` there."""
    log = folder / "log"
    with log.open("w") as output, subprocess.Popen(line, cwd=folder, stdout=output, stderr=output) as server:
        try:
            for _ in range(300):
                try:
                    urlopen(ready).read()
                    break
                except OSError:
                    assert server.poll() is None, log.read_text()
                    time.sleep(0.1)
            else:
                pytest.fail(log.read_text())
            yield
        finally:
            server.terminate()


@contextmanager
def served_with(folder: Path, fill: Callable[[Database], None]) -> Iterator[str]:
    """The same over a new database with what ``fill`` puts into it."""
    db = connect(configuration(folder))
    fill(db)
    close(db)
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is not here: run scripts/browser.sh")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_OPTIONS))


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a path below the module's ``site`` (or a whole address) in a fresh profile with the given settings.

    ``page.seen`` lists the hosts that were asked and what the console said.
    """
    contexts: list[BrowserContext] = []

    def opened(address: str, **settings: object) -> Page:
        contexts.append(browser.new_context(**settings))
        page = contexts[-1].new_page()
        page.seen = []
        page.on("request", lambda request: page.seen.append(urlsplit(request.url).hostname))
        page.on("console", lambda message: page.seen.append(message.text))
        page.goto(site + address if address.startswith("/") else address)
        return page

    yield opened
    for context in contexts:
        context.close()


def open_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
