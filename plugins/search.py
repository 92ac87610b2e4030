"""Search: any text typed into a search box is a valid query, and the page for all tables knows their German titles."""

from typing import Any

from datasette import hookimpl
from datasette.utils import escape_fts


def escape(query: object) -> str:
    """Datasette's quoting, made safe for what it turns into a syntax error: NUL, and a query with no words left."""
    return escape_fts(str(query or "").replace("\0", " ")) or '""'


@hookimpl(trylast=True)  # after Datasette's own function of the same name
def prepare_connection(conn: Any) -> None:
    conn.create_function("escape_fts", 1, escape)


@hookimpl
def extra_template_vars(template: str, datasette: Any) -> dict[str, Any]:
    def table_title(database: str, table: str) -> str:
        return datasette.table_metadata(database, table).get("title") or table

    return {"table_title": table_title} if template == "search_all.html" else {}
