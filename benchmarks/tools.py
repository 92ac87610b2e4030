"""What the benchmarks share: the look-alike and Scrapy as processes of their own, and the machine in one line."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Politeness off, the same for both spiders; all other settings come from scraper/settings.py.
FAST = {
    "AUTOTHROTTLE_ENABLED": "0",
    "DOWNLOAD_DELAY": "0",
    "CONCURRENT_REQUESTS": "16",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
}


@contextmanager
def lookalike(size: str, *options: str) -> Iterator[str]:
    """The invented town, embedded dialect, in its own process; gives its address."""
    command = [sys.executable, "-m", "demo", "--size", size, "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            address = server.stdout.readline().strip()
            if not address:
                sys.exit("The look-alike did not start; see above.")
            yield address
        finally:
            server.terminate()


def scrapy(*arguments: str, **settings: str) -> None:
    """Run one scrapy command with politeness off; ends the benchmark when it fails, but not when it is cut off."""
    command = [sys.executable, "-m", "scrapy", *arguments]
    command += [part for name, value in (FAST | settings).items() for part in ("-s", f"{name}={value}")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if run.returncode and "(closespider_itemcount)" not in run.stderr:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr[-3000:]}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    versions = ", ".join(f"{name} {version(name)}" for name in ("scrapy", "parsel", "lxml", "nh3"))
    return f"{os.cpu_count()} cores, {model}; Python {platform.python_version()}, {versions}"
