"""datapackage.json: the tables as a Tabular Data Package of Frictionless (specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .tables import Column, Table

#: Columns of text that hold nothing but this; the contract in schema.sql fixes their form.
_TYPES = (
    (re.compile(r"date|\w+_date|decided"), {"type": "date"}),
    (re.compile(r"\w+_time"), {"type": "time", "format": "%H:%M"}),
    (re.compile(r"\w+_at"), {"type": "datetime", "format": "any"}),
)


def package(
    name: str, title: str, description: str, tables: Iterable[Table], *, source: str, source_url: str | None, home: str
) -> dict[str, Any]:
    """For all tables, as CSV files beside it. It states no licence: the source gives none."""
    return {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", f"ratsdaten-{name}".lower()),
        "title": title,
        "description": description,
        "homepage": home,
        "sources": [{"title": source} | ({"path": source_url} if source_url else {})],
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if keys := sorted((column for column in table.columns if column.key), key=lambda column: column.key):
        schema["primaryKey"] = [column.name for column in keys]
    references = [
        {"fields": column.name, "reference": {"resource": resource, "fields": field}}
        for column in table.columns
        if column.target
        for resource, field in [column.target]
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": "integer" if column.type == "INTEGER" else "string"}
    if column.type == "TEXT":
        found |= next((kind for pattern, kind in _TYPES if pattern.fullmatch(column.name)), {})
    found["description"] = column.description
    if column.required or column.key:
        found["constraints"] = {"required": True}
    return found
