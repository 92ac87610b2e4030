"""What cannot be served is refused before the start: one sentence, exit code 1, nothing else."""

from __future__ import annotations

import re
import socket
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, configuration
from datasette.cli import cli

from ratsdaten.database import SCHEMA_VERSION, close, connect
from ratsdaten.serving.start import check

PRODUCTION = {"RATSDATEN_HOSTS": "ratsdaten.example", "DATASETTE_SECRET": "0123456789abcdef" * 2}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration with a good database."""
    close(connect(configuration(tmp_path)))
    return tmp_path


def refused(folder: Path, *options: str, **environment: str) -> str:
    """What `datasette FOLDER` says, which ends at once."""
    settings: dict[str, str | None] = dict.fromkeys(("DATASETTE_SECRET", "RATSDATEN_HOSTS", "RATSDATEN_METRICS_PORT"))
    result = CliRunner().invoke(cli, [str(folder), *options], env=settings | environment)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ") and result.output.count("\n") == 1
    return result.output


def set_schema(database: Path, version: int) -> None:
    with sqlite3.connect(database) as conn:
        conn.execute(f"PRAGMA user_version = {version}")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda file: file.write_bytes(b"no database, but some text"), "cannot be read (file is not a database)"),
        (
            lambda file: file.write_bytes(file.read_bytes()[:50_000]),
            "cannot be read (database disk image is malformed)",
        ),
        (lambda file: set_schema(file, SCHEMA_VERSION + 1), f"this program reads {SCHEMA_VERSION}: update the program"),
        (lambda file: set_schema(file, SCHEMA_VERSION - 1), f"this program reads {SCHEMA_VERSION}: crawl anew"),
        (lambda file: file.unlink(), "There is no database of a town in "),
        (lambda file: file.rename(file.with_name("other.db")), "There is no database of a town in "),
        (lambda file: file.with_name("inspect-data.json").write_text("{"), "inspect-data.json is damaged"),
        (
            lambda file: file.with_name("inspect-data.json").write_text('{"demo": {"file": "demo.db", "size": 7}}'),
            "is not the file that inspect-data.json was made from",
        ),
    ],
)
def test_databases(folder: Path, damage: Callable[[Path], object], said: str) -> None:
    damage(folder / "demo.db")
    assert said in refused(folder, **PRODUCTION)


def test_unreadable_file(folder: Path) -> None:
    """A link to nothing stands for missing rights, which root has."""
    (folder / "herne.db").symlink_to(folder / "gone")
    assert "herne.db cannot be read (No such file or directory): let the user" in refused(folder)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DATASETTE_SECRET": ""}, "DATASETTE_SECRET is missing"),
        ({"DATASETTE_SECRET": "short"}, "DATASETTE_SECRET has fewer than 32 characters"),
        ({"RATSDATEN_HOSTS": " "}, "RATSDATEN_HOSTS names no host"),
        (
            {"RATSDATEN_HOSTS": "https://ratsdaten.example/"},
            "RATSDATEN_HOSTS: https://ratsdaten.example/ is no host name",
        ),
        ({"RATSDATEN_METRICS_PORT": "many"}, "RATSDATEN_METRICS_PORT must be the number of a port"),
        ({"RATSDATEN_METRICS_PORT": "8001"}, "RATSDATEN_METRICS_PORT is 8001, the site's own port"),
    ],
)
def test_environment(folder: Path, environment: dict[str, str], said: str) -> None:
    assert said in refused(folder, **PRODUCTION | environment)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('{"sql_time_limit_ms": 3000,}', "settings.json is no valid JSON (Expecting property name"),
        ("[]", "settings.json must be an object of settings"),
        ('{"sql_time": 3000}', "there is no setting sql_time;"),
        ('{"sql_time_limit_ms": "long"}', 'sql_time_limit_ms must be a number from 0, "long" is not'),
        ('{"num_sql_threads": true}', "num_sql_threads must be a number from 0, true is not"),
        ('{"force_https_urls": 1}', "force_https_urls must be true or false, 1 is not"),
    ],
)
def test_settings(folder: Path, settings: str, said: str) -> None:
    (folder / "settings.json").unlink()
    (folder / "settings.json").write_text(settings)
    assert said in refused(folder)


def test_metadata_and_towns(folder: Path) -> None:
    for name, said in (
        ("metadata.yml", "The metadata is no valid YAML or JSON (while parsing"),
        ("towns.toml", "is no TOML ("),
    ):
        (folder / name).unlink()
        (folder / name).write_text("a: [")
        assert said in refused(folder, **PRODUCTION)
        (folder / name).unlink()
        (folder / name).symlink_to(ROOT / name)


def test_files_without_a_folder(folder: Path) -> None:
    (bad := folder / "bad.yml").write_text("a: [")
    result = CliRunner().invoke(cli, [*[str(folder / "demo.db")] * 2, "-m", str(bad), "--get", "/"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: The metadata is no valid YAML or JSON (") and result.output.count("\n") == 1


def test_name_of_a_release(folder: Path) -> None:
    """Whatever bytes stand there: it starts."""
    (folder / "release.txt").write_bytes(b"\xff\n")
    assert check(folder, None, None) == "\ufffd"


def test_port_in_use(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = str(used.getsockname()[1])
        assert f"Nothing can listen at port {port} of 127.0.0.1 (another program does" in refused(
            folder, "--port", port
        )


#: A site that cannot import what is not named; arguments: its folder and the modules it must do without.
ALONE = """if True:
    import asyncio, importlib, sys
    sys.modules.update(dict.fromkeys(sys.argv[2:]))  # importing one of them fails
    from pathlib import Path
    from datasette.app import Datasette

    async def main():
        site = Datasette(config_dir=Path(sys.argv[1]))
        await site.invoke_startup()
        for path in ("/", "/status.json", "/suche?q=Rat", "/sitzungen.ics", "/daten/votes.csv", "/demo/votes"):
            assert (await site.client.get(path)).status_code == 200, path

    importlib.import_module("ratsdaten.embedding.drawing")
    asyncio.run(main())
"""


def test_site_needs_only_its_own_packages(folder: Path) -> None:
    """The image holds what pyproject.toml lists as dependencies, nothing of the crawl, of tests or of tools."""
    needed: set[str] = {"ratsdaten"}
    queue = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    while queue:
        line = queue.pop()
        name = re.match(r"[\w.-]+", line)[0].lower().replace("_", "-")
        if name not in needed and "extra ==" not in line:
            needed.add(name)
            with suppress(PackageNotFoundError):  # for other Pythons
                queue += requires(name) or ()
    needed -= {"pip", "setuptools"}  # removed by deploy/build.sh
    others = [
        module
        for module, names in packages_distributions().items()
        if needed.isdisjoint(name.lower().replace("_", "-") for name in names)
    ]
    assert {"scrapy", "lxml", "pytest", "pip"} <= set(others)
    subprocess.run([sys.executable, "-c", ALONE, folder, *others], check=True)
