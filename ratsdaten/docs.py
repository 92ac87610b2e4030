"""Write docs/data.md from schema.sql and metadata.yml: ``python -m ratsdaten.docs > docs/data.md``."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

METADATA = Path(__file__).parent.parent / "metadata.yml"

OPENING = """\
# Die Daten

Erzeugt aus `ratsdaten/schema.sql` und `metadata.yml` mit `python -m ratsdaten.docs > docs/data.md`;
bitte dort ändern, nicht hier.

Eine SQLite-Datei je Stadt. Die Namen folgen [OParl 1.1](https://oparl.org/). Ein leeres Feld (`NULL`) heißt: Die Quelle
sagt dazu nichts. Tage stehen als `JJJJ-MM-TT`, Uhrzeiten als `HH:MM` in Ortszeit (Europe/Berlin), Zeitpunkte des Abrufs
in UTC (ISO 8601). Fremdschlüssel gelten immer: Ist eine verknüpfte Seite nicht öffentlich, steht dort eine Zeile ohne
Namen.

Neben `meetings`, `agenda_items`, `papers`, `files`, `persons` und `organizations` steht je eine Tabelle `…_fts` für die
Volltextsuche (FTS5, ohne Inhalt, `rowid` wie in der Tabelle). Sie enthält Wörter in Grundform, ohne Umlaute, und noch
einmal in ihre Teile zerlegt: `Grundschulen` steht als `grundschul` und als `grund schul` darin.
"""


def describe(metadata: dict[str, Any], schema: sqlite3.Connection) -> str:
    """The whole document. Raises KeyError where a table or column lacks its description."""
    town = metadata["plugins"]["towns"]
    parts = [OPENING, "## Beispielabfragen\n"]
    parts += [query(**entry) for entry in town["queries"].values()]
    parts.append("## Tabellen\n")
    parts += [table(schema, name, town["tables"][name]) for name in tables(schema)]
    return "\n".join(parts)


def query(title: str, description: str, sql: str) -> str:
    return f"### {title}\n\n{description}\n\n```sql\n{sql}\n```\n"


def table(schema: sqlite3.Connection, name: str, entry: dict[str, Any]) -> str:
    lines = [f"### `{name}`: {entry['title']}", "", entry["description"], ""]
    lines += ["| Spalte | Typ | verweist auf | Bedeutung |", "|---|---|---|---|"]
    lines += [
        f"| `{column}` | {kind} | {target} | {entry['columns'][column].strip()} |"
        for column, kind, target in columns(schema, name)
    ]
    return "\n".join(lines) + "\n"


def tables(schema: sqlite3.Connection) -> list[str]:
    """Table names in the order of schema.sql."""
    return [name for (name,) in schema.execute("select name from sqlite_master where type = 'table' order by rowid")]


def columns(schema: sqlite3.Connection, name: str) -> Iterator[tuple[str, str, str]]:
    """(column, type with key, referenced table or nothing) of one table."""
    targets = {row[3]: f"`{row[2]}`" for row in schema.execute(f"pragma foreign_key_list({name})")}
    for _, column, kind, _, _, key, _ in schema.execute(f"pragma table_xinfo({name})"):
        yield column, f"{kind.split()[0]}, Schlüssel" if key else kind.split()[0], targets.get(column, "")


def main() -> None:
    schema = sqlite3.connect(":memory:")
    schema.executescript(files(__package__).joinpath("schema.sql").read_text("utf-8"))
    metadata = yaml.safe_load(METADATA.read_text("utf-8"))
    sys.stdout.buffer.write(describe(metadata, schema).encode())


if __name__ == "__main__":
    main()
