"""Shared test tools: the folder of real pages, a small server for given bodies, a crawl as a user starts it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlite_utils import Database

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
#: Politeness is for other people's servers.
FAST = ("AUTOTHROTTLE_ENABLED=0", "DOWNLOAD_DELAY=0", "BUSY_PAUSE=0.1", "RETRY_TIMES=1")


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
