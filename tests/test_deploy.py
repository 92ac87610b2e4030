"""Releases: published, refused, taken back, under load, by the scripts in deploy/ and a stand-in for the platform."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import fly
import pytest
from conftest import FAST, ROOT, crawl, free_port

from demo import Revision, Town, serve
from deploy import past, smoke
from ratsdaten.database import close, connect

LINKED = ("ratsdaten", "scraper", "templates", "static", "fly.toml", "metadata.yml", "towns.toml", "scrapy.cfg")
COPIED = ("deploy", "plugins", "Dockerfile")
PATHS = ("/", "/sitzungen", "/abstimmungen", "/vorlagen.json", "/status.json")
#: The invented town's latest months are enough.
SINCE = (date.today() - timedelta(days=90)).isoformat()


#: Works when the release is tried, and fails on the web.
ONLY_HERE = """
import os
from datasette import hookimpl

def broken():
    raise RuntimeError("not on the web")

@hookimpl(tryfirst=True)
def register_routes():
    return [] if os.environ["RATSDATEN_HOSTS"] == "smoke.invalid" else [("^/gremien$", broken)]
"""


@dataclass
class Drill:
    """A project with a platform of its own, and what its readers saw."""

    folder: Path
    site: str
    failures: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    answers: int = 0

    def run(self, *line: str, cwd: str = ".", **settings: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "FLY_STATE": str(self.folder / "state"),
            "RATSDATEN_SITE": self.site,
            "RATSDATEN_CONTACT": "test@example.org",
        }
        return subprocess.run(
            line, cwd=self.folder / cwd, env=environment | settings, capture_output=True, text=True, timeout=120
        )

    def live(self) -> dict[str, str]:
        return json.load(urlopen(f"{self.site}/status.json"))["release"]

    def kept(self) -> list[str]:
        return sorted(folder.name for folder in (self.folder / "state/github").iterdir())

    @contextmanager
    def load(self, clients: int = 2) -> Iterator[None]:
        """Readers that ask without a pause."""
        ended = threading.Event()

        def reader() -> None:
            while not ended.is_set():
                path = random.choice(PATHS)
                try:
                    with urlopen(self.site + path, timeout=20) as answer:
                        content = answer.read()
                    if path == "/status.json":
                        self.seen.add(json.loads(content)["release"]["name"])
                    self.answers += 1
                except Exception as error:
                    self.failures.append(f"{path}: {error!r}")
                time.sleep(0.2)

        readers = [threading.Thread(target=reader) for _ in range(clients)]
        for each in readers:
            each.start()
        try:
            yield
        finally:
            ended.set()
            for each in readers:
                each.join()


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    folder = tmp_path_factory.mktemp("project")
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    subprocess.run(["cp", "-r", *(ROOT / name for name in COPIED), folder], check=True)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / ".gitignore").write_text("*\n!fly.toml\n")
    for name in ("flyctl", "gh"):
        tool = folder / "bin" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(fly.__file__)}" {name} "$@"\n')
        tool.chmod(0o755)
    (folder / "state").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLY_STATE", str(folder / "state"))
        with fly.proxy() as site:
            drill = Drill(folder, site)
            for line in ("git init -q", "git add fly.toml", "git -c user.name=x -c user.email=x@x commit -qm x"):
                assert drill.run(*line.split()).returncode == 0
            try:
                yield drill
            finally:
                for machine in fly.stored("machines", {}).values():
                    fly.stop(machine)
                for agent in fly.stored("agents", []):
                    os.kill(agent, signal.SIGTERM)


def published(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 0, run.stdout + run.stderr
    return re.search(r"Published: (\S+)", run.stdout)[1]


def refused(run: subprocess.CompletedProcess[str], said: str) -> None:
    assert run.returncode and said in run.stderr, run.stdout + run.stderr


def test_release_drill(drill: Drill) -> None:
    """Under load: a night's release, six that fail, each further on its way, a rollback. No request of the
    readers fails, and what does not work is taken back."""
    database = drill.folder / "demo.db"
    with serve(Town()) as site:
        assert crawl(site.base_url, database, since=SINCE).returncode == 0
        first = published(drill.run("../deploy/deploy.sh", "../demo.db", cwd="bin"))
        before = drill.live()
        again = drill.run("deploy/deploy.sh", "demo.db")
        assert again.stdout.endswith(f"This code with these data is published already: {first}.\n"), again

        options = f"-a base_url={site.base_url} {' '.join(f'-s {setting}' for setting in FAST)}"
        site.town = Town(revision=Revision(changed=5))
        with drill.load():
            second = published(drill.run("deploy/nightly.sh", "demo", CRAWL_OPTIONS=options))
    assert drill.live()["name"] == second != first
    assert drill.live()["database"] != before["database"]
    same = (drill.folder / "build/nightly/demo.db").rename(drill.folder / "build/demo.db")
    (other := drill.folder / "other").mkdir()
    shutil.copy(same, other)
    with sqlite3.connect(other / "demo.db") as conn:
        conn.execute("PRAGMA application_id = 1")
    shutil.copy(other / "demo.db", other / "herne.db")

    with drill.load():
        night = drill.run("deploy/nightly.sh", "demo", CRAWL_OPTIONS=options)
        refused(night, "The update of demo failed (see above); nothing is published.")

        content = bytearray(database.read_bytes())
        middle = slice(len(content) // 2, len(content) // 2 + 8192)
        content[middle] = b"\xff" * 8192
        database.write_bytes(content)
        refused(drill.run("deploy/deploy.sh", "demo.db"), "is damaged (")
        assert (drill.folder / "build/release/site/release.txt").read_text().strip() == second  # as it was

        plugin = drill.folder / "plugins/broken.py"
        plugin.write_text("raise RuntimeError('this code does not start')\n")
        refused(drill.run("deploy/deploy.sh", "other/demo.db"), "this code does not start")
        plugin.unlink()

        # What gets past all that ends at the platform's own check.
        (drill.folder / "build/release/site/demo.db").write_bytes(content[:100_000])
        release = drill.run("flyctl", "deploy", "--remote-only", "--image-label", "20200101T000000Z-broken")
        refused(release, "check did not pass")
        assert drill.live()["name"] == second
    assert drill.seen == {first, second}

    with drill.load():
        # The first town's data are those that are live; the publication fails when one machine has been replaced.
        half = drill.run("deploy/deploy.sh", str(same), "other/herne.db", FLY_FAILS="1")
        refused(half, f"{second} is live again.")
        assert drill.live()["name"] == second

        plugin.write_text(ONLY_HERE)
        release = drill.run("deploy/deploy.sh", "other/demo.db")
        refused(release, f"\nThe release did not work on the web (see above). {second} is live again.")
        assert "/gremien: HTTP 500\n" in release.stderr
        plugin.unlink()

        back = drill.run("deploy/rollback.sh")
        assert back.returncode == 0, back.stdout + back.stderr
        assert drill.live() == before
    assert not drill.failures[:5]
    assert drill.answers > 100
    assert drill.kept() == [first, second]
    refused(drill.run("deploy/rollback.sh"), f"There is no release before {first}")


def test_one_publication_at_a_time(drill: Drill) -> None:
    with (drill.folder / "build/publish.lock").open("w") as lock:
        subprocess.run(["flock", str(lock.fileno())], pass_fds=[lock.fileno()], check=True)
        for script in ("deploy/deploy.sh", "deploy/nightly.sh"):
            refused(drill.run(script, "demo.db"), "Another publication is under way")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("flyctl", "flyctl is missing: "),
        ("gh", "gh is missing: "),
        ("app", "Fly refuses (see above): set FLY_API_TOKEN"),
        ("token", "GitHub refuses (see above): set GH_TOKEN"),
        ("secret", "The app has no secret: run flyctl secrets set"),
        ("database", "other.db is missing or cannot be read"),
    ],
)
def test_what_is_missing_is_said(drill: Drill, tmp_path: Path, missing: str, said: str) -> None:
    for name in ("flyctl", "gh"):
        shutil.copy(drill.folder / "bin" / name, tmp_path)
    told = {"app": ("flyctl", "status"), "token": ("gh", "release"), "secret": ("flyctl", "secrets")}
    if missing in told:
        tool, word = told[missing]
        text = (tmp_path / tool).read_text()
        (tmp_path / tool).write_text(text.replace("exec", f'[ "$1" != {word} ] || exit 1\nexec'))
    (tmp_path / missing).unlink(missing_ok=True)
    run = drill.run(
        "deploy/deploy.sh", "other.db" if missing == "database" else "fly.toml", PATH=f"{tmp_path}:/usr/bin:/bin"
    )
    assert run.returncode and said in run.stderr


def test_two_towns_and_the_end_of_requests_under_way(drill: Drill) -> None:
    """The site is about the first of towns.toml, which is not the first by name. SIGTERM, as the platform sends it:
    whoever has asked is answered."""
    [folder] = (file.parent for file in (drill.folder / "state/images").glob("*/herne.db"))
    port = free_port()
    sql = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 2000000) select max(x) as n from n"
    answers = []
    with subprocess.Popen(smoke.command(port), cwd=folder, env=smoke.environment(folder)) as server:
        address = f"http://127.0.0.1:{port}"
        while not smoke.answers(address):
            time.sleep(0.05)
        asked = drill.run(sys.executable, "deploy/smoke.py", str(folder), "--at", address)
        assert asked.returncode == 0 and " answered as they should" in asked.stdout, asked
        query = f"{address}/demo.json?{urlencode({'sql': sql, '_shape': 'array'})}"
        reader = threading.Thread(target=lambda: answers.append(json.load(urlopen(query))))
        reader.start()
        time.sleep(0.3)
        assert reader.is_alive()
        server.terminate()
        reader.join()
    assert answers == [[{"n": 2_000_000}]]
    assert server.returncode in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    ("releases", "history"),
    [
        ("a b c", "c b a"),
        ("a b a c", "c a"),  # b was taken back
        ("a b c a", "a"),
        ("a b b", "b a"),  # a secret was set
        ("a b!", "b! a"),
        ("a b! a", "a"),
        ("a b! c", "c a"),
        ("a b a!", "b a"),  # going back did not succeed
        ("", ""),
    ],
)
def test_history(releases: str, history: str) -> None:
    """An exclamation mark: it did not finish."""
    said = [
        {
            "Version": number,
            "Status": "failed" if name.endswith("!") else "complete",
            "ImageRef": f"{fly.REGISTRY}20260101T000000Z-{name[0]}@sha256:0",
        }
        for number, name in enumerate(releases.split())
    ]
    found = past.past(past.released(said[::-1]))[::-1]
    assert [each.name[-1] + "!" * (each.state != "complete") for each in found] == history.split()


def test_build_keeps_what_is_there(drill: Drill) -> None:
    """A database of the folder itself is taken; what is refused leaves the folder as it was."""
    folder = drill.folder / "own"
    close(connect(drill.folder / "empty.db"))
    (folder / "site").mkdir(parents=True)
    shutil.copy(drill.folder / "build/demo.db", folder / "site")
    line = ("deploy/build.sh", "site", "own", "x")
    built = drill.run(*line, "own/site/demo.db")
    assert built.returncode == 0, built
    refused(drill.run(*line, "own/site/demo.db", "build/demo.db"), "Two databases are called demo.db")
    refused(drill.run(*line, "empty.db"), "has 0 meetings and 0 agenda items: finish its crawl first.")
    assert (folder / "site/release.txt").exists() and (folder / "site/demo.db").exists()
