"""Datasette's own tables and queries, complete: what the page shows, as one statement without the page's end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request

from ratsdaten.serving.answers import Problem

from .tables import quoted

#: What makes a page of a list.
_PAGE = {"_size", "_next"}
_LIMIT = re.compile(r" limit \d+( offset \d+)?$")


@dataclass(frozen=True, slots=True)
class Listing:
    sql: str
    parameters: dict[str, Any]
    rows: int | None  # as many as the reader asked for; None: all


async def listing(datasette: Datasette, request: Request, database: Database, path: str) -> Listing:
    """What stands at ``path`` (a table or query of Datasette, without its ending) with the request's filters.

    Datasette itself reads the address, checks it and writes the SQL; its first rows are asked for and thrown away.
    Raises Problem with Datasette's own words.
    """
    size = request.args.get("_size") or "max"
    whole = size == "max"
    dropped = {"_shape", *_PAGE} if whole else {"_shape"}
    wanted = [(name, value) for name in request.args for value in request.args.getlist(name) if name not in dropped]
    wanted += [("_shape", "arrays"), ("_nofacet", "1"), ("_nocount", "1")]
    if whole:
        wanted.append(("_size", "1"))
    answer = await datasette.client.get(f"{path}.json?{urlencode(wanted)}")
    found = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    if answer.status_code != 200 or not found.get("ok", True):
        raise Problem(
            answer.status_code if answer.status_code >= 400 else 400, str(found.get("error") or "Das geht hier nicht.")
        )
    if "query" not in found:
        raise Problem(400, "Dazu braucht es eine Abfrage: ?sql=select …")
    sql, parameters = found["query"]["sql"], found["query"]["params"]
    if "table" not in found:
        return Listing(sql, parameters, None)
    if whole:
        sql = _LIMIT.sub("", sql)
    if labelled := found.get("expanded_columns"):
        sql = await _with_labels(database, found["table"], found["columns"], labelled, sql)
    return Listing(sql, parameters, None if whole else int(size))


async def _with_labels(database: Database, table: str, columns: list[str], labelled: list[str], sql: str) -> str:
    """A column ``…_label`` behind every column that refers to a row with a name, as Datasette's own CSV has it."""
    keys = {key["column"]: key for key in await database.foreign_keys_for_table(table)}
    parts = []
    for column in columns:
        parts.append(f"page.{quoted(column)}")
        if column in labelled:
            other, field = keys[column]["other_table"], keys[column]["other_column"]
            label = await database.label_column_for_table(other) or field
            parts.append(
                f"(select {quoted(label)} from {quoted(other)} where {quoted(field)} = page.{quoted(column)}) "
                f"as {quoted(f'{column}_label')}"
            )
    return f"select {', '.join(parts)} from ({sql}) as page"
