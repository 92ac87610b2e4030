"""The load: Debian's `wrk`, one thread, connections kept alive, each asks again as soon as it is answered."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from math import inf
from pathlib import Path

SCRIPT = Path(__file__).with_name("wrk.lua")
#: Seconds; an answer that takes longer counts as an error.
PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw; times in milliseconds, endless where nothing was answered. ``cpu`` are the seconds of processor
    time that wrk itself took."""

    requests: int
    seconds: float
    megabytes: float
    p50: float
    p95: float
    p99: float
    refused: int
    broken: int
    cpu: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def flow(self) -> float:
        """Megabytes a second."""
        return self.megabytes / self.seconds


def visitors(number: int) -> list[str]:
    """Addresses of so many clients, as the proxy in front would name them."""
    return [f"10.0.{one // 250}.{one % 250 + 1}" for one in range(number)]


def load(
    port: int, paths: Sequence[str], seconds: int, connections: int = 8, clients: int = 1000, plain_every: int = 0
) -> Load:
    """Ask for the paths in turn. Each request comes from another of the clients and takes gzip, but every
    ``plain_every``-th; what was refused (400 and up) and what broke (no connection, no answer) is counted."""
    lines = [
        f"{client}\t{'identity' if plain_every and number % plain_every == 0 else 'gzip'}\t{path}\n"
        for number, (path, client) in enumerate(zip(_as_many(paths, clients), cycle(visitors(clients))))
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requests:
        requests.writelines(lines)
        requests.flush()
        line = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={PATIENCE}s", f"-s{SCRIPT}"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run([*line, f"http://127.0.0.1:{port}/", "--", requests.name], capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode or "{" not in run.stdout:
        sys.exit(f"wrk failed:\n{run.stdout}{run.stderr}")
    said = json.loads(run.stdout.splitlines()[-1])
    return Load(
        said["requests"],
        said["duration"] / 1e6,
        said["bytes"] / 1e6,
        *_times(said),
        said["status"],
        sum(said[name] for name in ("connect", "read", "write", "timeout")),
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )


def _times(said: dict[str, int]) -> tuple[float, float, float]:
    if not said["requests"]:
        return inf, inf, inf
    return said["p50"] / 1000, said["p95"] / 1000, said["p99"] / 1000


def _as_many(paths: Sequence[str], number: int) -> list[str]:
    """At least ``number`` of them, so that each client asks for something."""
    return list(paths) * -(-number // len(paths))


def needed(*programs: str) -> None:
    """Ends with one sentence where one of the programs is not installed."""
    for program in programs:
        if not shutil.which(program):
            sys.exit(f"This benchmark needs {program}: apt-get install {program}")
