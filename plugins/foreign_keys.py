"""Cells that are links: to our own pages, and on row pages to the rows they refer to (tables have that already)."""

from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_encode, truncate_url
from markupsafe import Markup

from ratsdaten.serving.answers import web_address
from ratsdaten.serving.town import is_town
from ratsdaten.site.records import page_of_cell, page_of_row

#: (database, table): its columns that refer to another table, and to which.
_references: WeakKeyDictionary[Datasette, dict[tuple[str, str], dict[str, str]]] = WeakKeyDictionary()


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.globals["seite_zu"] = page_of_row


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | Callable[[], Awaitable[Markup | None]] | None:
    if value is None or isinstance(value, dict):  # nothing, or linked already
        return None
    if is_town(database) and (path := page_of_cell(table, column, value, row)):
        text = truncate_url(str(value), datasette.setting("truncate_cells_html"))
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(path), text)
    if table is None:
        source = web_address(value) if column == "quelle" and isinstance(value, str) else None
        return Markup('<a href="{}" rel="external">Originalseite</a>').format(source) if source else None

    known = _references.setdefault(datasette, {})
    if (database, table) in known and column not in known[database, table]:
        return None

    async def link() -> Markup | None:
        if (database, table) not in known:
            keys = await datasette.get_database(database).foreign_keys_for_table(table)
            known[database, table] = {key["column"]: key["other_table"] for key in keys}
        if (other := known[database, table].get(column)) is None:
            return None
        label = (await datasette.expand_foreign_keys(database, table, column, [value])).get((column, value))
        address = f"{datasette.urls.table(database, other)}/{tilde_encode(str(value))}"
        return Markup('<a href="{}">{}</a> <em>{}</em>').format(address, label or "-", value)

    return link
