"""Is it the source that has changed, or is the site out of order? An outage must never be taken for mass withdrawal."""

from __future__ import annotations

from sqlite_utils import Database

from .ledger import Ledger

#: So few of a kind may go at once whatever their share.
FEW = 5
#: Of pages that could be read before, so many may be unreadable in a run that is published.
FEW_ERRORS, MAX_ERRORS = 20, 0.1

_VISITED = """
    SELECT kind, count(*), sum(withdrawn_at IS NOT NULL), sum(withdrawn_at IS NULL AND error IS NOT NULL)
      FROM pages WHERE fetched_at >= ? AND content_hash IS NOT NULL GROUP BY kind
"""


def objection(ledger: Ledger, meetings: tuple[int, int], texts: dict[str, tuple[int, int]], most: float) -> str | None:
    """Why what this run found cannot be true, in one sentence, else None. Counted are pages once read and visited anew.

    ``meetings``: stored for the months this run has read, and listed in their calendar pages. ``texts``: of each kind
    the pages that had texts, and how many of them have none now. More than the share ``most`` cannot go at once.
    """
    excuse = "this looks like a fault of the site, so nothing is removed or published (if it is true: -s MAX_GONE=1)"
    known, listed = meetings
    if known - listed > max(FEW, most * known):
        return f"The calendar lists {listed} meetings in months that had {known}: {excuse}."
    for kind, (had, lost) in texts.items():
        if lost > max(FEW, most * had):
            return f"{lost} of {had} pages of the kind {kind}.asp have lost their texts at once: {excuse}."
    visited = ledger.db.execute(_VISITED, [ledger.since]).fetchall()
    for kind, pages, gone, errors in visited:
        if gone > max(FEW, most * pages):
            return f"{gone} of {pages} pages of the kind {kind}.asp are gone or refused at once: {excuse}."
        if errors > max(FEW, most * pages):
            return f"{errors} of {pages} pages of the kind {kind}.asp cannot be read any more: nothing is published."
    pages, errors = sum(row[1] for row in visited), sum(row[3] for row in visited)
    if errors > max(FEW_ERRORS, MAX_ERRORS * pages):
        return f"{errors} of {pages} pages that could be read before cannot be read now: nothing is published."
    return None


def take_back(db: Database) -> None:
    """Forget the removals that were in doubt: the pages are asked for again."""
    db.execute("UPDATE pages SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL AND content_hash IS NOT NULL")
