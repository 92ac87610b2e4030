"""Releases: published, refused, taken back, under load, by the scripts in deploy/ and a stand-in for the platform."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
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
from deploy import smoke

LINKED = ("ratsdaten", "scraper", "templates", "static", "fly.toml", "metadata.yml", "towns.toml", "scrapy.cfg")
COPIED = ("deploy", "plugins", "Dockerfile")
PATHS = ("/", "/sitzungen", "/abstimmungen", "/vorlagen.json", "/status.json")
#: The invented town's latest months are enough.
SINCE = (date.today() - timedelta(days=150)).isoformat()


@dataclass
class Drill:
    """A project with a platform of its own, and what its readers saw."""

    folder: Path
    site: str
    failures: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    answers: int = 0

    def run(self, *line: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "FLY_STATE": str(self.folder / "state"),
            "RATSDATEN_SITE": self.site,
            "RATSDATEN_CONTACT": "test@example.org",
        }
        return subprocess.run(
            line, cwd=self.folder, env=environment | settings, capture_output=True, text=True, timeout=120
        )

    def live(self) -> dict[str, str]:
        return json.load(urlopen(f"{self.site}/status.json"))["release"]

    def kept(self) -> list[str]:
        return sorted(folder.name for folder in (self.folder / "state/github").iterdir())

    @contextmanager
    def load(self, clients: int = 3) -> Iterator[None]:
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
                time.sleep(0.05)

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


def published(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 0, run.stdout + run.stderr
    return re.search(r"Published: (\S+)", run.stdout)[1]


def test_release_drill(drill: Drill) -> None:
    """Under load: a night's release, four broken ones, a rollback. No request fails, none sees a broken release."""
    database = drill.folder / "demo.db"
    with serve(Town()) as site:
        assert crawl(site.base_url, database, since=SINCE).returncode == 0
        first = published(drill.run("deploy/deploy.sh", "demo.db"))
        before = drill.live()
        again = drill.run("deploy/deploy.sh", "demo.db")
        assert again.stdout.endswith(f"This code with these data is published already: {first}.\n"), again

        options = f"-a base_url={site.base_url} {' '.join(f'-s {setting}' for setting in FAST)}"
        site.town = Town(revision=Revision(changed=5))
        with drill.load():
            second = published(drill.run("deploy/nightly.sh", "demo", CRAWL_OPTIONS=options))
            assert drill.live()["name"] == second != first
            assert drill.live()["database"] != before["database"]

    with drill.load():
        night = drill.run("deploy/nightly.sh", "demo", CRAWL_OPTIONS=options)
        assert night.returncode and "The update of demo failed (see above); nothing is published." in night.stderr

        content = bytearray(database.read_bytes())
        middle = slice(len(content) // 2, len(content) // 2 + 8192)
        content[middle] = b"\xff" * 8192
        (drill.folder / "build/demo.db").write_bytes(content)
        refused = drill.run("deploy/deploy.sh", "build/demo.db")
        assert refused.returncode and "is damaged (" in refused.stderr

        plugin = drill.folder / "plugins/broken.py"
        plugin.write_text("raise RuntimeError('this code does not start')\n")
        refused = drill.run("deploy/deploy.sh", "demo.db")
        assert refused.returncode and "this code does not start" in refused.stderr
        plugin.unlink()

        # What gets past all that ends at the platform's own check.
        (drill.folder / "build/release/site/demo.db").write_bytes(content[:100_000])
        refused = drill.run("flyctl", "deploy", "--remote-only", "--image-label", "20990101T000000Z-broken")
        assert refused.returncode and "check did not pass" in refused.stderr
        assert drill.live()["name"] == second

        back = drill.run("deploy/rollback.sh")
        assert back.returncode == 0, back.stdout + back.stderr
        assert drill.live() == before
    assert not drill.failures[:5]
    assert drill.seen == {first, second}
    assert drill.answers > 100
    assert drill.kept() == [first, second]

    none = drill.run("deploy/rollback.sh")
    assert none.returncode and f"There is no release before {first}" in none.stderr


def test_one_publication_at_a_time(drill: Drill) -> None:
    with (drill.folder / "build/publish.lock").open("w") as lock:
        subprocess.run(["flock", str(lock.fileno())], pass_fds=[lock.fileno()], check=True)
        for script in ("deploy/deploy.sh", "deploy/nightly.sh"):
            refused = drill.run(script, "demo.db")
            assert refused.returncode and refused.stderr.startswith("Another publication is under way"), refused


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


def test_shutdown_ends_requests_under_way(drill: Drill) -> None:
    """SIGTERM, as the platform sends it: whoever has asked is answered."""
    port, folder = free_port(), drill.folder / "state/images" / drill.kept()[0]
    sql = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 2000000) select max(x) as n from n"
    answers = []
    with subprocess.Popen(smoke.command(port), cwd=folder, env=smoke.environment(folder)) as server:
        address = f"http://127.0.0.1:{port}"
        while not smoke.answers(address):
            time.sleep(0.05)
        asked = f"{address}/demo.json?{urlencode({'sql': sql, '_shape': 'array'})}"
        reader = threading.Thread(target=lambda: answers.append(json.load(urlopen(asked))))
        reader.start()
        time.sleep(0.3)
        assert reader.is_alive()
        server.terminate()
        reader.join()
    assert answers == [[{"n": 2_000_000}]]
    assert server.returncode in (0, -signal.SIGTERM)
