"""Is it the source that has changed, or is the site out of order? An outage must never be taken for mass withdrawal."""

from __future__ import annotations

from sqlite_utils import Database

from .ledger import Ledger

#: So few pages of a kind may go at once whatever their share, and of more than that this share.
FEW, MOST = 5, 0.5
#: Of pages that could be read before, so many may be unreadable in a run that is published.
FEW_ERRORS, MAX_ERRORS = 20, 0.1

_VISITED = """
    SELECT kind, count(*), sum(withdrawn_at IS NOT NULL), sum(withdrawn_at IS NULL AND error IS NOT NULL)
      FROM pages WHERE fetched_at >= ? AND content_hash IS NOT NULL GROUP BY kind
"""


def objection(ledger: Ledger, known_meetings: int, listed_meetings: int) -> str | None:
    """Why what this run found cannot be true, in one sentence, else None. Counted are pages once read and visited anew.

    ``known_meetings`` are stored for the months this run has read, ``listed_meetings`` stand in their calendar pages.
    """
    if known_meetings > FEW and listed_meetings < known_meetings * (1 - MOST):
        return (
            f"The calendar lists {listed_meetings} meetings in months that had {known_meetings}: "
            "this looks like a fault of the site, so nothing is published."
        )
    visited = ledger.db.execute(_VISITED, [ledger.since]).fetchall()
    for kind, pages, gone, _ in visited:
        if gone > FEW and gone > pages * MOST:
            return (
                f"{gone} of {pages} pages of the kind {kind}.asp are gone or refused at once: "
                "this looks like a fault of the site, so nothing is removed and nothing published."
            )
    pages, errors = sum(row[1] for row in visited), sum(row[3] for row in visited)
    if errors > FEW_ERRORS and errors > pages * MAX_ERRORS:
        return f"{errors} of {pages} pages that could be read before cannot be read now: nothing is published."
    return None


def take_back(db: Database) -> None:
    """Forget the removals that were in doubt: the pages are asked for again."""
    db.execute("UPDATE pages SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL AND content_hash IS NOT NULL")
