"""Days and moments: the town keeps its own time, the database UTC."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
#: The time zone of the town that is being answered for.
zone: ContextVar[ZoneInfo] = ContextVar("zone", default=BERLIN)


def now() -> datetime:
    """In UTC."""
    return datetime.now(UTC)


def today() -> date:
    return local(now()).date()


def moment(iso: str | None) -> datetime | None:
    """A timestamp of the database in UTC; None for what is no moment."""
    try:
        found = datetime.fromisoformat(iso or "")
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if 1 < found.year < 9999 else None  # the ends of the calendar have no local time


def local(moment: datetime) -> datetime:
    """A moment on the town's clocks."""
    return moment.astimezone(zone.get())
