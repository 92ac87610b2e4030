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
_NUMBERS = tuple(f"{number:02}" for number in range(1, 13))
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


def month(day: str | None) -> str | None:
    """``2020-10-31`` or ``2020-10`` → Oktober 2020; None for what names no month."""
    number = (day or "")[5:7]
    return f"{MONTHS[int(number) - 1]} {str(day)[:4]}" if number in _NUMBERS else None


def local(moment: datetime) -> datetime:
    """A moment on the town's clocks."""
    return moment.astimezone(zone.get())
