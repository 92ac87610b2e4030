"""What happens to crawls in the long run: they are killed, the disk fills, the network fails, the source stumbles."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from pathlib import Path

from conftest import ROOT, command, crawl, rows
from test_crawl import content

from demo import Fault, Revision, Site, Town
from demo import serve as look_alike
from demo.faults import KINDS

RANGE = {"since": "2025-06-01"}
#: Quick failures: patience is for other people's servers.
HASTY = ("DOWNLOAD_TIMEOUT=1",)
KILLS = 20


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))


def test_whatever_happens_the_last_clean_full_crawl_makes_it_good(tmp_path: Path) -> None:
    suffer(tmp_path, "full")


def test_a_run_killed_while_it_makes_the_database_is_completed_by_the_next(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    dies = """
import os, sys
import ratsdaten.database
def create(db):  # so much that some of it is in the file when it dies
    db.execute("PRAGMA cache_size = 1")
    db.execute("INSERT INTO crawls (mode, arguments, started_at) VALUES ('full', ?, '')", ["x" * 1_000_000])
    os._exit(9)
ratsdaten.database.create = create
ratsdaten.database.connect(sys.argv[1])
"""
    assert subprocess.run([sys.executable, "-c", dies, str(database)]).returncode == 9
    assert database.stat().st_size > 500_000 and Path(f"{database}-journal").exists()
    with look_alike(Town()) as site:
        run = crawl(site.base_url, database, *HASTY, **RANGE)
        assert run.returncode == 0, run.stderr[-3000:]


def suffer(tmp_path: Path, mode: str) -> None:
    """Killed at random moments, on a full disk, without a network, with every fault the look-alike knows; then the
    database equals that of a crawl that nothing disturbed, row by row, and readers never saw anything half done."""
    chance = random.Random(5)
    database, undisturbed = tmp_path / "town.db", tmp_path / "undisturbed.db"
    changed = Town(revision=Revision(changed=4, new=2, withdrawn=2))
    arguments = RANGE if mode == "full" else {"mode": "update"}
    settings = HASTY if mode == "full" else (*HASTY, "UPDATE_BUDGET=5000")
    with look_alike(Town()) as site:
        if mode == "update":
            assert crawl(site.base_url, database, *HASTY, **RANGE).returncode == 0
        site.town = changed
        assert crawl(site.base_url, undisturbed, *HASTY, **RANGE).returncode == 0
        shown = content(database) if database.exists() else None
        for _ in range(KILLS // 2):
            killed(site, database, settings, arguments, chance.uniform(0.7, 3.0))
            if database.exists():
                empty = rows(database, "SELECT 1 FROM pages") == []
                assert empty or content(database) in (shown, content(undisturbed)), "readers saw half a run"
        crawl(site.base_url, database, *settings, preexec_fn=small_files, **arguments)
        for kind in KINDS[::2] if mode == "full" else KINDS[1::2]:
            site.faults = [Fault(r"LFDNR=\d*[37]\b", kind, times=3), Fault("FDNR", "drop", times=1)]
            crawl(site.base_url, database, *settings, **arguments)
        site.faults = [Fault("asp", "drop", spare=40)]  # the network is gone in the middle
        crawl(site.base_url, database, *settings, **arguments)
        site.faults = []
        run = crawl(site.base_url, database, *settings, **arguments)
        assert run.returncode == 0, run.stderr[-3000:]
        assert content(database) == content(undisturbed)
        assert rows(database, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert rows(database, "SELECT * FROM pages WHERE error IS NOT NULL AND content_hash IS NOT NULL") == []


def killed(site: Site, database: Path, settings: tuple[str, ...], arguments: dict[str, str], seconds: float) -> None:
    line = command(site.base_url, database, *settings, **arguments)
    with subprocess.Popen(line, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
