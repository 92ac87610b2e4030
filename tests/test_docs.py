"""What is written down about the data and the commands is true."""

import copy
import re
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from ratsdaten.docs import METADATA, describe
from ratsdaten.search import escape_fts

ROOT = Path(__file__).parent.parent


@pytest.fixture
def schema():
    connection = sqlite3.connect(":memory:")
    connection.executescript(files("ratsdaten").joinpath("schema.sql").read_text("utf-8"))
    return connection


@pytest.fixture
def metadata():
    return yaml.safe_load(METADATA.read_text("utf-8"))


def test_data_md_is_up_to_date(schema, metadata):
    written = (ROOT / "docs/data.md").read_text("utf-8")
    assert written == describe(metadata, schema), "run: make docs"


def test_a_column_without_a_description_is_an_error(schema, metadata):
    broken = copy.deepcopy(metadata)
    del broken["plugins"]["towns"]["tables"]["papers"]["columns"]["lead"]
    with pytest.raises(KeyError, match="lead"):
        describe(broken, schema)


def test_no_description_outlives_its_column(schema, metadata):
    for table, entry in metadata["plugins"]["towns"]["tables"].items():
        assert list(entry["columns"]) == [row[1] for row in schema.execute(f"pragma table_xinfo({table})")], table


def test_the_example_queries_need_nothing_but_sqlite(schema, metadata):
    schema.execute("create virtual table agenda_items_fts using fts5(title, text, content='')")
    schema.create_function("escape_fts", 1, escape_fts)  # the one thing that is ours
    for query in metadata["plugins"]["towns"]["queries"].values():
        schema.execute(query["sql"], dict.fromkeys(re.findall(r":([a-z_]+)", query["sql"]), 'ein "Wort'))


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md"])
def test_commands_and_paths_named_in_the_documents_exist(document):
    text = (ROOT / document).read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) <= targets
    paths = re.findall(r"`((?:scraper|ratsdaten|plugins|templates|static|docs|tests|demo|scripts)/[\w./]*)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_no_registry_address_is_written_down():
    for name in ("constraints.txt", "pyproject.toml", "Makefile", ".ci/run", "scripts/environment.sh"):
        assert "://" not in (ROOT / name).read_text("utf-8"), name
