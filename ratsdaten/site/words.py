"""German words and figures for the templates, as Jinja filters: {{ meeting.date|tag }} → 29.06.2021."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from ratsdaten import clock
from ratsdaten.charts.text import day, number, percent
from ratsdaten.outcomes import OUTCOMES
from ratsdaten.search.model import Runs

from .ballots import ballot_line

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
LABELS = {outcome.name: outcome.label for outcome in OUTCOMES}


def weekday(iso: str | None) -> str:
    """2021-06-29 → Dienstag, 29.06.2021; nothing for no day."""
    try:
        return f"{WEEKDAYS[date.fromisoformat(iso or '').weekday()]}, {day(iso or '')}"
    except ValueError:
        return day(iso or "")


def by_month(found: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Rows with a ``date``, in their order, a month at a time: (``Juni 2021``, its rows)."""
    return [
        (clock.month(month) or month, list(same))
        for month, same in groupby(found, key=lambda row: str(row["date"])[:7])
    ]


def moment(iso: str | None) -> str:
    """A UTC timestamp as people here read it: 29.06.2021, 14:30 Uhr."""
    found = clock.moment(iso)
    return clock.local(found).strftime("%d.%m.%Y, %H:%M Uhr") if found else iso or ""


def is_coming(day: str | None) -> bool:
    """Whether what is set for this day (ISO) is still to come; on the day itself it is."""
    return bool(day and day >= clock.today().isoformat())


def cancellation(day: str | None, what: str = "") -> str:
    """Of a cancelled meeting of this day: fällt aus, ausgefallen; with ``what`` as a sentence: … ist ausgefallen."""
    if is_coming(day):
        return f"{what} fällt aus".strip()
    return f"{what} ist ausgefallen" if what else "ausgefallen"


def size(value: int | None) -> str:
    """Bytes in the unit people use: 460800 → 450 KB."""
    if value is None:
        return ""
    return f"{number(value / 1_000_000, 1)} MB" if value >= 1_000_000 else f"{number(max(1, round(value / 1000)))} KB"


#: Types of files as people call them.
FILE_KINDS = {
    "application/pdf": "PDF",
    "application/rtf": "RTF",
    "application/zip": "ZIP-Archiv",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.oasis.opendocument.text": "OpenDocument-Text",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument-Tabelle",
    "image/jpeg": "Bild (JPEG)",
    "image/png": "Bild (PNG)",
    "image/tiff": "Bild (TIFF)",
    "text/plain": "Text",
}


def file_kind(mime_type: str | None) -> str:
    """application/pdf → PDF; a type we have no word for as it is."""
    return FILE_KINDS.get(mime_type or "", mime_type or "")


def local_time(text: str | None) -> str:
    """A day, or a day and time as they are told here: 2021-06-29T14:30:05 → 29.06.2021, 14:30 Uhr."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return found.strftime("%d.%m.%Y, %H:%M Uhr" if len(text or "") > len("2021-06-29") else "%d.%m.%Y")


def many(value: int, one: str, more: str) -> str:
    """1 → 1 Sitzung; 1234 → 1.234 Sitzungen."""
    return f"{number(value)} {one if value == 1 else more}"


def outcome(name: str | None) -> str:
    """accepted → angenommen."""
    return LABELS.get(name or "", name or "")


def marked(runs: Runs) -> Markup:
    """What was looked for is marked."""
    return Markup("".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in runs))


FILTERS: dict[str, Callable[..., Any]] = {
    "tag": lambda iso: day(iso) if iso else "",
    "wochentag": weekday,
    "zeitpunkt": moment,
    "zahl": lambda value, digits=0: "" if value is None else number(value, digits),
    "prozent": percent,
    "groesse": size,
    "ortszeit": local_time,
    "dateiart": file_kind,
    "anzahl": many,
    "ergebnis": outcome,
    "abstimmung": ballot_line,
    "steht_bevor": is_coming,
    "ausfall": cancellation,
    "je_monat": by_month,
    "markiert": marked,
}
