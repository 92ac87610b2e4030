"""Servers as processes of their own, and what they use: ours as in production, plain Datasette, a proxy before both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from deploy import smoke

from .tools import ROOT, free_port

#: Seconds a server may take to answer.
LONGEST = 60
TICKS = os.sysconf("SC_CLK_TCK")

PROXY = """\
global
    nbthread 1
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    http-reuse always
    balance leastconn
listen site
    bind 127.0.0.1:{port}
{servers}
"""


class Server:
    """A running one; ``started`` are the seconds to its first answer."""

    def __init__(self, process: int, port: int, started: float = 0) -> None:
        self.process, self.port, self.started = process, port, started

    def megabytes(self) -> float:
        """Memory of the process and all below it; what they share counts once (PSS)."""
        return sum(_pss(process) for process in _family(self.process))

    def cpu(self) -> float:
        """Seconds of processor time since the start, of these and of children that have ended."""
        return sum(_ticks(process) for process in _family(self.process)) / TICKS


def build(folder: Path, database: Path) -> Path:
    """The image's site folder, by the step that builds it; the database is herne.db there."""
    (folder / "herne.db").symlink_to(database.resolve())
    line = ["deploy/build.sh", "site", str(folder), "benchmark", str(folder / "herne.db")]
    subprocess.run(line, cwd=ROOT, check=True)
    return folder / "site"


@contextmanager
def ours(site: Path, core: int | None = None) -> Iterator[Server]:
    """As the Dockerfile starts it, with its variables and Fly's, on a port of its own; on one core if that is named."""
    environment = smoke.environment(site) | tomllib.loads((ROOT / "fly.toml").read_text())["env"]
    environment |= {"RATSDATEN_METRICS_PORT": str(free_port())}
    port = free_port()
    with _started(smoke.command(port), site, port, environment, core) as server:
        yield server


#: Datasette looks for plugins but where it takes itself to be tested.
PLAIN = "import sys; sys._called_from_test = True; from datasette.cli import cli; cli()"


@contextmanager
def plain(site: Path) -> Iterator[Server]:
    """Datasette as it comes, no plugin, over the same database, which it may take for unchanging, too."""
    port = free_port()
    line = [sys.executable, "-c", PLAIN, "-i", "herne.db", "--inspect-file", "inspect-data.json", "--port", str(port)]
    with _started(line, site, port) as server:
        yield server


@contextmanager
def proxy(site: Path, servers: Sequence[Server]) -> Iterator[Server]:
    """haproxy; each request goes to the server with the fewest."""
    port = free_port()
    lines = "\n".join(f"    server number{number} 127.0.0.1:{one.port}" for number, one in enumerate(servers))
    settings = site / f"haproxy-{port}.cfg"
    settings.write_text(PROXY.format(port=port, servers=lines))
    with _started(["haproxy", "-db", "-f", str(settings)], site, port) as server:
        yield server


@contextmanager
def _started(
    line: list[str], site: Path, port: int, environment: dict[str, str] | None = None, core: int | None = None
) -> Iterator[Server]:
    """Ends the benchmark with the server's words where it does not show its home page."""
    if core is not None:
        line = ["taskset", "-c", str(core), *line]
    with (site / f"log-{port}").open("w+") as log:
        begun = time.perf_counter()
        with subprocess.Popen(line, cwd=site, stdout=log, stderr=log, env=environment) as process:
            try:
                while not _answers(port):
                    if process.poll() is not None or time.perf_counter() - begun > LONGEST:
                        log.seek(0)
                        sys.exit(f"{' '.join(line)} does not answer:\n{log.read()[-3000:]}")
                    time.sleep(0.01)
                yield Server(process.pid, port, time.perf_counter() - begun)
            finally:
                process.terminate()


def _answers(port: int) -> bool:
    try:
        return ask(port, "/")[0] == 200
    except (OSError, HTTPException):
        return False


def ask(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of one answer, compressed where that was asked for."""
    connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _family(process: int) -> list[int]:
    """The process and all that it or its children started."""
    parents = {int(folder.name): _stat(int(folder.name)) for folder in Path("/proc").glob("[0-9]*")}
    found = [process]
    for one in found:  # grows meanwhile
        found += [child for child, fields in parents.items() if fields and fields[1] == str(one)]
    return found


def _pss(process: int) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB", _text(Path(f"/proc/{process}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def _ticks(process: int) -> int:
    return sum(map(int, _stat(process)[11:15]))  # user and system, of itself and of children waited for


def _stat(process: int) -> list[str]:
    """The fields of proc(5)'s stat from the third on, state and parent first."""
    return _text(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()


def _text(file: Path) -> str:
    """Nothing once the process has ended."""
    try:
        return file.read_text()
    except OSError:
        return ""
