"""Builds the Dockerfile without Docker, in clean Debian roots, starts its CMD as it stands and asks the release.

    deploy/build.sh site build/release try demo.db && sudo python3 deploy/clean_root.py [FOLDER]

Needs root, debootstrap and the network; takes a few minutes. Each instruction is carried out as Docker would; the CMD
runs as the image's user, its root read-only, /tmp in memory. Packages come from where this machine gets its own.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: This machine's own settings for where packages come from; laid anew before each RUN, which may have replaced them.
SOURCES = ("apt/sources.list.d", "apt/apt.conf.d", "pip.conf", "ssl/certs/ca-certificates.crt")


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line)]


class Stage:
    """One FROM with what follows it."""

    def __init__(self, place: Path, base: Path) -> None:
        self.place, self.folder, self.user = place, "/", "0:0"
        self.settings = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        subprocess.run(["rm", "-rf", place], check=True)
        subprocess.run(["cp", "-a", base, place], check=True)

    def copy(self, rest: str, stages: dict[str, Stage]) -> None:
        *sources, target = rest.split()
        start = ROOT
        if sources[0].startswith("--from="):
            start = stages[sources.pop(0).removeprefix("--from=")].place
        to = self.place / os.path.join(self.folder, target).lstrip("/")
        for source in sources:
            here = start / source.lstrip("/")
            if here.is_dir():
                ignored = shutil.ignore_patterns("__pycache__") if start == ROOT else None
                shutil.copytree(here, to, dirs_exist_ok=True, symlinks=True, ignore=ignored)
            else:
                into = to if target.endswith("/") else to.parent
                into.mkdir(parents=True, exist_ok=True)
                shutil.copy(here, into)

    def run(self, line: str) -> None:
        here = [name for name in SOURCES if Path("/etc", name).exists()]
        subprocess.run(
            ["cp", "-rL", "--remove-destination", "--parents", *here, self.place / "etc"], cwd="/etc", check=True
        )
        subprocess.run(self.inside(passed_on(), "/bin/sh", "-c", f"umask 022 && {line}"), check=True)

    def inside(self, more: dict[str, str], *line: str) -> list[str]:
        """The command line that runs this in the root, as its user, in its folder, with its environment and more."""
        settings = [f"{name}={value}" for name, value in (self.settings | more).items()]
        start = f'cd {self.folder} && exec "$@"'
        return [
            *("chroot", f"--userspec={self.user}", str(self.place), "/usr/bin/env", "-i", *settings),
            *("/bin/sh", "-c", start, "sh", *line),
        ]


def passed_on() -> dict[str, str]:
    """Where this machine finds packages: pip's settings and proxies."""
    return {name: value for name, value in os.environ.items() if re.match(r"(?i)pip_(?!find_links)|.*_proxy$", name)}


def build(work: Path) -> tuple[Stage, dict[str, str]]:
    """The last stage, and the command lines of HEALTHCHECK and CMD."""
    stages: list[Stage] = []
    names: dict[str, Stage] = {}
    said: dict[str, str] = {}
    for word, rest in instructions():
        print(f"{word} {rest}"[:110], flush=True)
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            stages.append(Stage(work / (name or "image"), debian(work, image)))
            names[name] = stages[-1]
            continue
        stage = stages[-1]
        match word:
            case "RUN":
                stage.run(rest)
            case "COPY":
                stage.copy(rest, names)
            case "WORKDIR":
                stage.folder = rest
                (stage.place / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENV":
                stage.settings |= dict(part.split("=", 1) for part in shlex.split(rest))
            case "USER":
                stage.user = rest
            case "HEALTHCHECK" | "CMD":
                said[word] = rest[rest.index("[") :]
            case "EXPOSE":
                pass
            case _:
                sys.exit(f"{word}: this instruction is not known here; add it to {__file__}.")
    return stages[-1], said


def debian(work: Path, image: str) -> Path:
    """The root of debian:SUITE-slim, or what debootstrap makes of it; kept for the next time."""
    suite = image.removeprefix("debian:").removesuffix("-slim")
    base = work / suite
    if not base.exists():
        line = ["debootstrap", "--variant=minbase", suite, f"{base}.part"]
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        os.rename(f"{base}.part", base)
    return base


def main() -> None:
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("Run this as root, with debootstrap installed (apt install debootstrap).")
    if not (ROOT / "build/release/site").is_dir():
        sys.exit("There is no release: run deploy/build.sh site build/release NAME herne.db first.")
    work = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/clean-root").resolve()
    work.mkdir(parents=True, exist_ok=True)
    stage, said = build(work)
    size = subprocess.check_output(["du", "-sm", stage.place], text=True).split()[0]
    site = subprocess.check_output(["du", "-sm", stage.place / "opt/ratsdaten/site"], text=True).split()[0]
    print(f"The image has {size} MB, {site} of them databases and pages.")

    production = {"RATSDATEN_HOSTS": "try.invalid", "DATASETTE_SECRET": os.urandom(16).hex()}
    # In a mount namespace of its own the root is read-only; only /tmp can be written.
    here = shlex.quote(str(stage.place))
    script = (
        f"mount --bind {here} {here} && mount -o remount,bind,ro {here} && mount -t tmpfs tmpfs {here}/tmp && "
        f'mount -t proc proc {here}/proc && exec "$@"'
    )
    command = stage.inside(production, *json.loads(said["CMD"]))
    begun = time.monotonic()
    server = subprocess.Popen(["unshare", "--mount", "/bin/sh", "-c", script, "sh", *command])
    try:
        health = stage.inside({}, *json.loads(said["HEALTHCHECK"]))
        while subprocess.run(health, stderr=subprocess.DEVNULL).returncode:
            if server.poll() is not None or time.monotonic() - begun > 60:
                sys.exit("The image does not start (see above).")
            time.sleep(0.1)
        print(f"Healthy after {time.monotonic() - begun:.1f} s.")
        place = [str(ROOT / "build/release/site"), "--at", "http://127.0.0.1:8080"]
        asked = subprocess.run([sys.executable, str(ROOT / "deploy/smoke.py"), *place])
        print(f"It ran as user {os.stat(f'/proc/{server.pid}').st_uid}.")
    finally:
        server.terminate()
        server.wait(30)
    sys.exit(asked.returncode)


if __name__ == "__main__":
    main()
