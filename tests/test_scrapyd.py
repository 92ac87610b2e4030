"""Two towns on two look-alikes, crawled side by side by a real scrapyd, as docs/towns.md says."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from conftest import FAST, ROOT, free_port, rows, started

from demo import Fault, Town
from demo import serve as look_alike

pytest.importorskip("scrapyd", reason="scrapyd is an extra: pip install -e '.[scrapyd]'")

TODAY, SINCE = date(2026, 3, 2), "2026-01-01"


@contextmanager
def scrapyd(folder: Path) -> Iterator[str]:
    """``scrapyd`` started in a folder with our scrapyd.conf and scrapy.cfg, on a free port; gives its address."""
    port = free_port()
    (folder / "scrapyd.conf").symlink_to(ROOT / "scrapyd.conf")
    own = f"\n[scrapyd]\nhttp_port = {port}\npoll_interval = 0.2\n"
    (folder / "scrapy.cfg").write_text((ROOT / "scrapy.cfg").read_text("utf-8") + own, "utf-8")
    address = f"http://127.0.0.1:{port}"
    with started([sys.executable, "-m", "scrapyd"], folder, f"{address}/daemonstatus.json"):
        yield address


def schedule(address: str, town: str, job: str) -> None:
    """What cron does with curl."""
    settings = [f"TOWNS={Path.cwd() / 'towns.toml'}", *FAST]
    values = [("project", "default"), ("spider", "allris"), ("town", town), ("jobid", job), ("since", SINCE)]
    body = urlencode(values + [("setting", setting) for setting in settings]).encode()
    answer = json.load(urlopen(f"{address}/schedule.json", body))
    assert answer["status"] == "ok", answer


def finished(address: str, *jobs: str) -> None:
    for _ in range(600):
        listed = json.load(urlopen(f"{address}/listjobs.json?project=default"))
        if {job["id"] for job in listed["finished"]} >= set(jobs):
            return
        time.sleep(0.1)
    pytest.fail(f"not finished: {listed}")


def test_two_towns_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    towns = {"altstadt": Town(seed=1, size="small", today=TODAY), "neustadt": Town(seed=2, size="small", today=TODAY)}
    # One page is slow, so that nobody is done before the others have begun.
    slow = [[Fault("au010", "slow", times=1, seconds=5)] for _ in towns]
    with look_alike(towns["altstadt"], faults=slow[0]) as one, look_alike(towns["neustadt"], faults=slow[1]) as two:
        sites = {"altstadt": one, "neustadt": two}
        entries = [f'[{key}]\nname = "{key}"\nbase_url = "{site.base_url}"\n' for key, site in sites.items()]
        (tmp_path / "towns.toml").write_text("\n".join(entries), "utf-8")
        jobs = ["altstadt-1", "neustadt-1", "altstadt-2", "nirgends-1"]
        with scrapyd(tmp_path) as address:
            for job in jobs:
                schedule(address, job.partition("-")[0], job)
            finished(address, *jobs)
    logs = {job: (tmp_path / f".scrapyd/logs/default/allris/{job}.log").read_text("utf-8") for job in jobs}
    runs = []
    for town, site in sites.items():
        file = tmp_path / f"{town}.db"
        runs += rows(file, "select reason, started_at, finished_at from crawls")
        addresses = {row["url"] for row in rows(file, "select url from pages")}
        assert addresses and all(url.startswith(site.base_url) for url in addresses)
        assert {row["id"] for row in rows(file, "select id from meetings where source_url is not null")} >= {
            meeting.id for meeting in towns[town].meetings() if meeting.linked and meeting.date >= SINCE
        }
    assert [run["reason"] for run in runs] == ["finished", "finished"], logs
    assert max(run["started_at"] for run in runs) < min(run["finished_at"] for run in runs)
    # What went wrong stands in the run's log and, as an exit code, in scrapyd's.
    [refused] = [job for job in jobs if re.search(r"ERROR Another run is writing altstadt\.db", logs[job])]
    assert refused.startswith("altstadt") and "ERROR town=nirgends is not in" in logs["nirgends-1"]
    said = (tmp_path / "log").read_text("utf-8")
    died = {job for job in jobs if re.search(rf"Process died: exitstatus=1.*job='{job}'", said)}
    assert died == {refused, "nirgends-1"}


def test_nobody_can_upload_a_program(tmp_path: Path) -> None:
    with scrapyd(tmp_path) as address:
        for service in ("addversion", "delversion", "delproject"):
            with pytest.raises(OSError, match="404"):
                urlopen(f"{address}/{service}.json", b"project=x&version=1&egg=x")
