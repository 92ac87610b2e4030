"""A stand-in for the platform, for tests of what deploys to it: the commands ``flyctl`` and ``gh``, and Fly's proxy.

As on Fly, two machines stand behind a proxy; a release is first started as a machine on trial (strategy canary) and
given up if its check does not pass, then takes the place of one machine after the other. Machines are processes here,
started by the Dockerfile's own CMD in the folder that would be copied into the image. State lies in FLY_STATE; with
FLY_FAILS set, a new image ends with an error once the first machine runs the new release.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

REGISTRY = "registry.fly.io/ratsdaten-herne:"
#: Seconds until a machine is given up.
PATIENCE = 20


def stored(name: str, empty: Any) -> Any:
    file = Path(os.environ["FLY_STATE"], name)
    return json.loads(file.read_text()) if file.exists() else empty


def store(name: str, value: Any) -> None:
    part = Path(os.environ["FLY_STATE"], f"{name}.part")
    part.write_text(json.dumps(value))
    part.replace(part.with_suffix(""))


# ---- flyctl: run in the project's folder ---------------------------------------------------------


def flyctl(words: list[str]) -> None:
    match words:
        case ["status"]:  # leaves an agent running, as flyctl does, with every file that it was given
            none = subprocess.DEVNULL
            agent = subprocess.Popen(
                ["sleep", "300"], close_fds=False, start_new_session=True, stdout=none, stderr=none
            )
            store("agents", [*stored("agents", []), agent.pid])
        case ["secrets", "list"]:
            print("DATASETTE_SECRET")
        case ["releases", "--image", "--json"]:
            print(json.dumps(stored("releases", [])))
        case ["deploy", "--remote-only", "--image-label", label]:
            image = Path(os.environ["FLY_STATE"], "images", label)
            shutil.copytree("build/release/site", image)
            deploy(image, fails="FLY_FAILS" in os.environ)
        case ["deploy", "--image", reference]:
            deploy(Path(os.environ["FLY_STATE"], "images", reference.removeprefix(REGISTRY)))
        case _:
            sys.exit(f"flyctl {words} is not known here")


def deploy(image: Path, fails: bool = False) -> None:
    config = tomllib.loads(Path("fly.toml").read_text())
    assert config["deploy"]["strategy"] == "canary"
    release = {"Version": len(stored("releases", [])) + 1, "Status": "failed", "ImageRef": REGISTRY + image.name}
    store("releases", [release, *stored("releases", [])])
    machines = stored("machines", {})
    new: dict[str, int] | None = start(config, image)  # on trial; here it then takes the place of the first
    for name in ("a", "b"):
        if old := machines.pop(name, None):
            store("machines", machines)  # the proxy sends it nobody any more
            stop(old)
        machines[name] = new or start(config, image)
        store("machines", machines)
        if fails:
            sys.exit("The connection was lost.")
        new = None
    store("releases", [release | {"Status": "complete"}, *stored("releases", [])[1:]])


def start(config: dict[str, Any], image: Path) -> dict[str, int]:
    """A machine whose check passes, or the end of this command."""
    sys.path.insert(0, "deploy")
    from smoke import command, environment

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = {name: value for name, value in config["env"].items() if name != "RATSDATEN_METRICS_PORT"}  # one machine
    with (image.parent / f"{image.name}.log").open("a") as log:
        process = subprocess.Popen(
            command(port), cwd=image, env=environment(image) | given, stdout=log, stderr=log, start_new_session=True
        )
    [check] = config["http_service"]["checks"]
    asked = Request(f"http://127.0.0.1:{port}{check['path']}", headers=check["headers"])
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            if urlopen(asked, timeout=5).status == 200:
                return {"pid": process.pid, "port": port}
        time.sleep(0.05)
    process.kill()
    sys.exit(f"{image.name}: the machine's check did not pass")


def stop(machine: dict[str, int]) -> None:
    """As fly.toml says: by SIGTERM, and then it has time."""
    os.kill(machine["pid"], signal.SIGTERM)
    while alive(machine["pid"]):
        time.sleep(0.02)


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


# ---- gh ------------------------------------------------------------------------------------------


def gh(words: list[str]) -> None:
    """Releases with files, as folders."""
    place = Path(os.environ["FLY_STATE"], "github")
    match words[:2], words[2:]:
        case ["release", "list"], options:
            place.mkdir(exist_ok=True)
            assert {"--exclude-drafts", "--jq"} <= set(options)
            print(*(folder.name for folder in place.iterdir()), sep="\n")
        case ["release", "view"], [name, "--json", "body", "--jq", ".body"]:
            print((place / name / "notes").read_text())
        case ["release", "create"], [name, *rest]:
            (place / name).mkdir()
            for path in rest[: rest.index("--title")]:
                shutil.copy(path, place / name)
            (place / name / "notes").write_text(rest[rest.index("--notes") + 1])
        case ["release", "delete"], [name, "--yes", "--cleanup-tag"]:
            shutil.rmtree(place / name)
        case ["release", "download"], [name, "--dir", folder, "--pattern", pattern]:
            for file in (place / name).glob(pattern):
                shutil.copy(file, folder)
        case _:
            sys.exit(f"gh {words} is not known here")


# ---- the proxy -----------------------------------------------------------------------------------


@contextmanager
def proxy() -> Iterator[str]:
    """Gives its address. Each connection goes to the next machine that takes it."""
    turn = count()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports = [machine["port"] for machine in stored("machines", {}).values()]
        first = next(turn)
        for place in range(len(ports)):
            with suppress(OSError):
                machine = await asyncio.open_connection("127.0.0.1", ports[(first + place) % len(ports)])
                await asyncio.gather(pass_on(reader, machine[1]), pass_on(machine[0], writer))
                break
        writer.close()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
            writer.write_eof()

    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "127.0.0.1", 0), loop).result()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)


if __name__ == "__main__":
    {"flyctl": flyctl, "gh": gh}[sys.argv[1]](sys.argv[2:])
