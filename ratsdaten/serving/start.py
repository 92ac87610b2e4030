"""What is checked before ``datasette FOLDER`` serves: what cannot work ends with one sentence and exit code 1.

This is an entry point of the group ``datasette`` (pyproject.toml) and no file in plugins/, because Datasette has read
the settings and opened the databases before it loads those.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any

import click
from datasette import hookimpl
from datasette.utils import BadMetadataError

from ratsdaten.database import SCHEMA_VERSION
from ratsdaten.towns import FILE, TownProblem
from ratsdaten.towns import read as read_towns

#: Characters of DATASETTE_SECRET: 128 bits, written in hexadecimal digits.
SECRET_LENGTH = 32
#: Written by deploy/build.sh: what this release is called.
RELEASE = "release.txt"


class StartProblem(Exception):
    """This cannot be served; the message says what is wrong and what to do."""


@hookimpl
def register_commands(cli: click.Group) -> None:
    serve = cli.commands["serve"]
    assert serve.callback
    serve.callback = checked(serve.callback)


def checked(serve: Callable[..., Any]) -> Callable[..., Any]:
    """Datasette's own command with the checks before it."""

    @wraps(serve)
    def started(**options: Any) -> Any:
        try:
            port = None if options["get"] or options["uds"] else options["port"]
            if len(options["files"]) == 1 and (folder := Path(options["files"][0]).absolute()).is_dir():
                options["version_note"] = check(folder, options["secret"], port) or options["version_note"]
            if port is not None:
                check_port(options["host"], port)
            return serve(**options)
        except (StartProblem, TownProblem) as problem:
            raise click.ClickException(str(problem)) from None
        except BadMetadataError as problem:
            place = " ".join(str(problem.__context__).split())
            raise click.ClickException(f"The metadata is no valid YAML or JSON ({place}): mend that place.") from None

    return started


def check(folder: Path, secret: str | None, port: int | None) -> str | None:
    """The name of the release in the folder, if it is one; ``port``: of the site. Raises StartProblem, TownProblem."""
    try:
        check_settings(folder / "settings.json")
        databases = sorted(path for ending in ("db", "sqlite", "sqlite3") for path in folder.glob(f"*.{ending}"))
        versions = {path: version_of(path) for path in databases}
        check_sealed(folder / "inspect-data.json")
        check_production(folder, versions, secret, port)
        return (folder / RELEASE).read_text("utf-8", "replace").strip() if (folder / RELEASE).exists() else None
    except OSError as error:
        raise StartProblem(
            f"{error.filename} cannot be read ({error.strerror}): "
            "let the user who runs the server read it, and enter its folder."
        ) from None


def check_production(folder: Path, versions: Mapping[Path, int], secret: str | None, port: int | None) -> None:
    """What the environment asks for. Raises StartProblem, TownProblem."""
    # Here and not above: Datasette loads this module while it is itself being imported.
    from .guard import HOSTS, own_names
    from .metrics import PORT

    if metrics := os.environ.get(PORT):
        if not metrics.isdecimal():
            raise StartProblem(f"{PORT} must be the number of a port, {metrics!r} is not.")
        if int(metrics) == port:
            raise StartProblem(f"{PORT} is {metrics}, the site's own port: name another port.")
        check_port("0.0.0.0", int(metrics))
    if HOSTS not in os.environ:
        return
    try:
        if not own_names():
            raise ValueError(f"{HOSTS} names no host: write the site's names, separated by spaces, or unset it.")
    except ValueError as error:
        raise StartProblem(str(error)) from None
    mend = "set it to what `openssl rand -hex 32` prints."
    if not secret:
        raise StartProblem(f"DATASETTE_SECRET is missing, and {HOSTS} asks for it: {mend}")
    if len(secret) < SECRET_LENGTH:
        raise StartProblem(f"DATASETTE_SECRET has fewer than {SECRET_LENGTH} characters: {mend}")
    towns = read_towns(file if (file := folder / FILE.name).exists() else FILE)
    of_towns = {path: version for path, version in versions.items() if path.stem in towns}
    if not of_towns:
        names = " or ".join(f"{key}.db" for key in towns)
        raise StartProblem(f"There is no database of a town in {folder}: put {names} there.")
    for path, version in of_towns.items():
        if version != SCHEMA_VERSION:
            mend = "update the program" if version > SCHEMA_VERSION else "crawl anew with this version"
            raise StartProblem(f"{path} has schema version {version}, this program reads {SCHEMA_VERSION}: {mend}.")


def check_settings(file: Path) -> None:
    """Datasette takes any value, and fails on it later. Raises StartProblem, OSError."""
    from datasette.app import DEFAULT_SETTINGS as KNOWN

    if not file.exists():
        return
    try:
        settings = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise StartProblem(f"{file} is no valid JSON ({error}): mend that place.") from None
    if not isinstance(settings, dict):
        raise StartProblem(f'{file} must be an object of settings such as {{"sql_time_limit_ms": 3000}}.')
    for name, value in settings.items():
        if name not in KNOWN:
            raise StartProblem(f"{file}: there is no setting {name}; `datasette --help-settings` lists them.")
        wanted = type(KNOWN[name])
        if type(value) is not wanted or (wanted is int and value < 0):
            kind = {bool: "true or false", int: "a number from 0", str: "a text in quotes"}[wanted]
            raise StartProblem(f"{file}: {name} must be {kind}, {json.dumps(value)} is not.")


def version_of(path: Path) -> int:
    """The database's user_version. SQLite tells a file that was cut off or is none; all of a file is read only before
    it is published (deploy/build.sh). Raises StartProblem, OSError."""
    path.open("rb").close()  # says what SQLite does not: why a file cannot be opened
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as conn:
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return int(conn.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise StartProblem(f"{path} cannot be read ({error}): replace it by a good copy, or remove it.") from None


def check_sealed(file: Path) -> None:
    """Where inspect-data.json lies, Datasette believes its counts and hashes. Raises StartProblem, OSError."""
    if not file.exists():
        return
    try:
        sizes = {entry["file"]: entry["size"] for entry in json.loads(file.read_text("utf-8")).values()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StartProblem(f"{file} is damaged: make it anew by `datasette inspect`, or remove it.") from None
    for name, size in sizes.items():
        path = file.parent / name
        found = path.stat().st_size if path.exists() else "no"
        if found != size:
            raise StartProblem(
                f"{path} is not the file that {file.name} was made from: it has {found} bytes instead of {size}. "
                "Make both anew (deploy/build.sh site)."
            )


def check_port(host: str, port: int) -> None:
    """Whether one can listen there. Raises StartProblem."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except (OSError, OverflowError) as error:
        used = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "another program does; end it" if used else error
        raise StartProblem(f"Nothing can listen at port {port} of {host} ({why}): name another port.") from None
