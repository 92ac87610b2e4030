"""Embedded pictures over real HTTP: one from memory against the same bytes as a static file, and new ones."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier, Thread

from ratsdaten.statistics import STATISTICS

from .tools import ROOT, free_port, lookalike, scrapy

GOAL = 0.7
#: Readers that ask at the same time, each over one open connection, and how often each asks in a round.
READERS, REQUESTS = 4, 250
NEW_PICTURES = 200


def run(rounds: int) -> None:
    """Alternate memory and static file in the same Datasette process; then time pictures nobody has asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder, database = Path(name), Path(name) / "demo.db"
        with lookalike("small") as town:
            scrapy("crawl", "allris", "-a", f"base_url={town}", "-a", "since=2001-01-01", DATABASE=str(database))
        sql = "SELECT id FROM votes WHERE state = 'by_group'"
        ballots = [key for (key,) in sqlite3.connect(database).execute(sql)]
        for part in ("metadata.yml", "settings.json", "plugins", "templates"):
            (folder / part).symlink_to(ROOT / part)
        shutil.copytree(ROOT / "static", folder / "static")
        with datasette(folder) as port:
            against_static_file(port, folder, f"/einbetten/abstimmung/{ballots[0]}.svg", rounds)
            variants = product(("balken", "sitze"), (640, 340, 960), ("hell", "dunkel"), ballots)
            paths = [f"abstimmung/{key}.svg?ansicht={v}&breite={w}&farben={c}" for v, w, c, key in variants]
            never_asked_for(port, "pictures of ballots", paths[:NEW_PICTURES])
            variants = product(STATISTICS, (640, 340, 960), ("hell", "dunkel"))
            paths = [f"statistik/{name}.svg?breite={w}&farben={c}" for name, w, c in variants]
            never_asked_for(port, "pictures of statistics", paths)


def against_static_file(port: int, folder: Path, path: str, rounds: int) -> None:
    picture = fetch(HTTPConnection("127.0.0.1", port), path)
    (folder / "static" / "picture.svg").write_bytes(picture)
    pairs = []
    for _ in range(rounds):
        pairs.append((rate(port, "/static/picture.svg", picture), rate(port, path, picture)))
    static, ours = (median(side) for side in zip(*pairs))
    ratios = [ours / static for static, ours in pairs]
    print(f"\nAn SVG of {len(picture):,} bytes, {READERS} readers, medians of {rounds} alternating rounds")
    print(f"static file {static:.0f} requests/s, from memory {ours:.0f} requests/s; ", end="")
    print(f"ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})", end="")
    print(f", goal {GOAL}: {'met' if median(ratios) >= GOAL else 'MISSED'}")


def never_asked_for(port: int, what: str, paths: list[str]) -> None:
    """Each a chart, width or colour of its own, one after the other: query, specification, drawing."""
    connection = HTTPConnection("127.0.0.1", port)
    times = []
    for path in paths:
        started = time.perf_counter()
        fetch(connection, f"/einbetten/{path}")
        times.append((time.perf_counter() - started) * 1000)
    cuts = quantiles(times, n=20)
    print(f"{len(times)} {what} nobody had asked for: median {median(times):.0f} ms, p95 {cuts[-1]:.0f} ms")


def rate(port: int, path: str, expected: bytes) -> float:
    """Requests per second of all readers together."""
    start = Barrier(READERS + 1)

    def read() -> None:
        connection = HTTPConnection("127.0.0.1", port)
        fetch(connection, path)
        start.wait()
        for _ in range(REQUESTS):
            assert fetch(connection, path) == expected

    readers = [Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    start.wait()
    started = time.perf_counter()
    for reader in readers:
        reader.join()
    return READERS * REQUESTS / (time.perf_counter() - started)


def fetch(connection: HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{path} answered {answer.status}: {body[:200]!r}")
    return body


@contextmanager
def datasette(folder: Path) -> Iterator[int]:
    """`datasette FOLDER` in its own process, without its access log; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "datasette", str(folder), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while server.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            yield port
        finally:
            server.terminate()
