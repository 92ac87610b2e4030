"""Days and moments: the town keeps German time, the database UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")


def today() -> date:
    return datetime.now(LOCAL).date()


def moment(iso: str | None) -> datetime | None:
    """A timestamp of the database in UTC; None for what is no moment."""
    try:
        found = datetime.fromisoformat(iso or "")
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if 1 < found.year < 9999 else None  # the ends of the calendar have no local time
