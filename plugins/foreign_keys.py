"""Row pages link to the rows they refer to, as Datasette's table pages already do."""

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.utils import tilde_encode
from markupsafe import Markup


@hookimpl
def render_cell(
    value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Callable[[], Awaitable[Markup | None]] | None:
    if table is None or value is None or isinstance(value, dict):  # a query, nothing, or linked already
        return None

    async def link() -> Markup | None:
        keys = await datasette.get_database(database).foreign_keys_for_table(table)
        other = next((key["other_table"] for key in keys if key["column"] == column), None)
        if other is None:
            return None
        label = (await datasette.expand_foreign_keys(database, table, column, [value])).get((column, value))
        address = f"{datasette.urls.table(database, other)}/{tilde_encode(str(value))}"
        return Markup('<a href="{}">{}</a> <em>{}</em>').format(address, label or "-", value)

    return link
