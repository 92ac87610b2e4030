"""What the server writes of its readers, and what it counts: as much as running it takes, and nothing of who asked."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from conftest import OURS, free_port, served_with
from embedding_town import BY_GROUP, fill

from ratsdaten.serving import access_log

LINE = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ ratsdaten\.access ([A-Z]+) (\S+) (\d{3}) (\d+) B [\d.]+ ms")
#: Who asks, and with what; none of it may be found again.
TOLD = {
    "User-Agent": "Lesegerät/1.0".encode().decode("latin-1"),
    "Referer": "http://woher.example/",
    "Cookie": "wer=ich",
}


def get(address: str) -> int:
    try:
        return urlopen(Request(address, headers={**TOLD, "Host": OURS, "X-Forwarded-For": "203.0.113.7"})).status
    except HTTPError as error:
        return error.code


def test_a_line_tells_what_was_asked_for_and_not_by_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = free_port()
    monkeypatch.setenv("RATSDATEN_METRICS_PORT", str(metrics))
    with served_with(tmp_path, fill) as site:
        here = site.replace(OURS, "127.0.0.1")
        for path in (f"/top/{BY_GROUP}", "/suche?q=Erna+Geheim", "/demo/votes.csv?_search=Geheim", "/nirgends"):
            get(here + path)
        figures = urlopen(f"http://127.0.0.1:{metrics}/metrics").read().decode()
    log = (tmp_path / "log").read_text()
    lines = [found.groups() for found in map(LINE.fullmatch, log.splitlines()) if found]
    lines = [line for line in lines if line[1] != "/robots.txt"]  # asked for until the server answers
    assert [line[:3] for line in lines] == [
        ("GET", f"/top/{BY_GROUP}", "200"),
        ("GET", "/suche?", "200"),
        ("GET", "/demo/votes.csv?", "200"),
        ("GET", "/nirgends", "404"),
    ]
    assert int(lines[0][3]) > 3000
    for private in ("127.0.0.1:", "203.0.113.7", "Geheim", "Lese", "woher", "wer="):
        assert private not in log.replace("running on http://127.0.0.1:", ""), private
    for counted in (
        'ratsdaten_answers_total{kind="top",status="200"} 1.0',
        'ratsdaten_answers_total{kind="suche",status="200"} 1.0',
        'ratsdaten_answers_total{kind="other",status="404"} 1.0',
        'ratsdaten_answer_seconds_count{kind="top"} 1.0',
        "process_resident_memory_bytes",
    ):
        assert counted in figures, figures


def test_only_a_fault_of_ours_is_told_with_what_was_typed() -> None:
    scope = {"path": "/suche", "raw_path": b"/suche", "query_string": b"q=Geheim"}
    assert [access_log.address(scope, status) for status in (200, 404, 503, 500)] == ["/suche?"] * 3 + [
        "/suche?q=Geheim"
    ]
    scope = {"path": "/" + "x" * 5000, "query_string": b""}
    assert len(access_log.address(scope, 200)) == access_log.LONGEST + 1


def test_a_line_stays_one_whatever_it_holds() -> None:
    record = logging.makeLogRecord({"name": "ratsdaten.slow", "msg": "select 1\n-- \x1b[31m\u2028"})
    assert access_log.OneLine("%(name)s %(message)s").format(record) == r"ratsdaten.slow select 1\n-- \x1b[31m\u2028"
