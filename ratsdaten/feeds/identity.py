"""Names of feeds, entries and appointments that stay the same wherever we are served from."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from ratsdaten.site.page import one


def system(conn: sqlite3.Connection) -> str:
    """The council information system the data are from, as ``www.herne.de/allris``: its numbers are unique there.

    Without scheme and port, which change; "" where no meeting says where it is from.
    """
    found = one(conn, "system")
    address = urlsplit(found["source_url"] if found else "")
    return f"{address.hostname or ''}{address.path.rpartition('/')[0]}"


def identity(system: str, kind: str, key: object) -> str:
    """A UUID (RFC 9562, version 5) for a row of the system: ``identity("www.herne.de/allris", "meetings", 4743)``."""
    return str(uuid5(NAMESPACE_URL, f"{system}/{kind}/{key}"))
