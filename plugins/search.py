"""Table search understands German as the search page does: any text is a query."""

from typing import Any

from datasette import hookimpl

from ratsdaten.search import escape_fts


@hookimpl(trylast=True)  # after Datasette's own function of the same name
def prepare_connection(conn: Any) -> None:
    conn.create_function("escape_fts", 1, escape_fts, deterministic=True)
