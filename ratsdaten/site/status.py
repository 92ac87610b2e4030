"""How fresh and complete the data are, for people and for machines that watch: /status, /status.json.

``facts`` reads the database, once a release; ``status`` judges them by the clock, at every request.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from ratsdaten import clock
from ratsdaten.charts.text import clean, percent

from .page import Page, Row, one, rows
from .words import many

#: Kind of page -> what people call such pages.
KINDS = {
    "si010": "Sitzungskalender",
    "to010": "Tagesordnungen",
    "to020": "Tagesordnungspunkte",
    "vo020": "Vorlagen",
    "vo040": "Listen der Vorlagen",
    "au010": "Listen der Ausschüsse",
    "pa010": "Listen der Räte",
    "pa021": "Seite des Rates",
    "fr010": "Listen der Fraktionen",
    "au020": "Mitglieder der Ausschüsse",
    "pa020": "Mitglieder des Rates",
    "fr020": "Mitglieder der Fraktionen",
    "kp020": "Personen",
}
MODES = {"full": "vollständig", "update": "Aktualisierung", "urls": "einzelne Seiten"}
ENDS = {
    "finished": "zu Ende geführt",
    "failed": "abgebrochen",
    "incomplete": "unvollständig",
    "shutdown": "angehalten",
    "cancelled": "angehalten",
}
#: How a reason in pages.error begins -> a code, and what people read.
REASONS = {
    "refused (": ("not_public", "nicht öffentlich"),
    "HTTP 404": ("gone", "nicht mehr da (HTTP 404)"),
    "HTTP 410": ("gone", "nicht mehr da (HTTP 410)"),
    "HTTP ": ("http", "der Server meldet einen Fehler"),
    "no answer": ("no_answer", "keine Antwort"),
    "not understood": ("not_understood", "anders aufgebaut als bekannt"),
    "not fetched": ("not_fetched", "nicht abgerufen"),
    "cannot be": ("not_stored", "nicht zu speichern"),
    "ALLRIS asks": ("busy", "der Server bat um Pause"),
    "": ("other", "anderer Grund"),
}

# What is late (docs/status.md). The update sees recent pages every night and every page within 200 nights.
WARNING_AFTER, FAILING_AFTER = timedelta(hours=36), timedelta(hours=72)
RECENT, RECENT_LATE, LATE = timedelta(days=90), timedelta(days=3), timedelta(days=220)
#: Share of pages that is overdue, or could not be read, before anybody is told.
OVERDUE_WARNING, ERRORS_WARNING, ERRORS_FAILING = 0.05, 0.02, 0.2
#: A clock may differ that much.
TOLERANCE = timedelta(hours=1)
#: Months and years that are told one by one.
MONTHS, YEARS = 24, 30
#: What parts one file's reason from another's: 3 von 40 Seiten sind beschädigt.
_NUMBERS = re.compile(r"\d[\d.,]*")


# ---- what the database says ----------------------------------------------------------------------


def facts(conn: sqlite3.Connection, now: datetime) -> Row:
    """Everything /status tells but for what the hour makes of it; ``now`` in UTC. Takes 0.5 s for 90,000 items."""
    day = clock.local(now).date()
    before = {name: (now - span).isoformat() for name, span in (("recent", RECENT_LATE), ("all", LATE))}
    complete, recent = (
        one(conn, "status_complete"),
        one(conn, "status_recent", since=(day - RECENT).isoformat(), before=before["recent"]),
    )
    errors = rows(conn, "status_errors")
    words = one(conn, "status_words")
    assert complete and recent and words  # aggregates always have their row
    kinds = by_kind(rows(conn, "status_pages", before=before["all"]), errors)
    return {
        "last_complete_run": complete["finished_at"],
        "runs": [run(row) for row in rows(conn, "status_runs")],
        "pages": {name: sum(kind[name] for kind in kinds) for name in ("pages", "unread", "errors", "not_public")},
        "pages_by_kind": kinds,
        "overdue": {"recent": recent, "all": sum(kind["overdue"] for kind in kinds)},
        "errors_by_reason": by_reason(errors),
        "latest_errors": [failure(row) for row in rows(conn, "status_failed")],
        "unknown_phrases": {name: words[name] for name in ("results", "roles", "groups")},
        "votes": {"unread": words["unread_votes"], "inconsistent": words["inconsistent_votes"]},
        "files": documents(rows(conn, "status_files")),
        "removals": removals(rows(conn, "status_removals")),
        "growth_by_year": rows(conn, "status_growth")[:YEARS],
    }


def label(kind: Any) -> str:
    return KINDS.get(kind, "Sonstige Seiten")


def reason(text: Any) -> tuple[str, str]:
    """Code and words for what pages.error says, without the address."""
    return next(words for start, words in REASONS.items() if str(text).startswith(start))


def by_kind(found: Sequence[Row], errors: Sequence[Row]) -> list[Row]:
    """Of each kind of page how many there are and when they were last read; ``median`` is a day."""
    failed: dict[Any, Counter[bool]] = {}
    for row in errors:
        failed.setdefault(row["kind"], Counter())[reason(row["reason"])[0] == "not_public"] += row["pages"]
    kinds: dict[Any, Row] = {}
    days: dict[Any, list[tuple[str, int]]] = {}
    for row in found:
        kind = kinds.setdefault(
            row["kind"],
            {"kind": row["kind"], "label": label(row["kind"]), "pages": 0, "unread": 0, "overdue": 0}
            | {"errors": failed.get(row["kind"], Counter())[False]}
            | {"not_public": failed.get(row["kind"], Counter())[True]}
            | {"oldest": None, "newest": None, "median": None},
        )
        for name in ("pages", "unread", "overdue"):
            kind[name] += row[name] or 0
        if row["readable"]:
            days.setdefault(row["kind"], []).append((row["day"], row["readable"]))
            kind["oldest"] = kind["oldest"] or row["oldest"]
            kind["newest"] = row["newest"]
    for name, counted in days.items():
        kinds[name]["median"] = middle(counted)
    order = list(KINDS)
    return sorted(kinds.values(), key=lambda kind: order.index(kind["kind"]) if kind["kind"] in order else len(order))


def middle(counted: Sequence[tuple[str, int]]) -> str:
    """The median of values in their order, each with how often it occurs."""
    running = accumulate(count for _, count in counted)
    half = sum(count for _, count in counted) / 2
    return next(value for (value, _), so_far in zip(counted, running) if so_far >= half)


def by_reason(errors: Sequence[Row]) -> list[Row]:
    """Pages without data, those that are not public included, the most frequent reason first."""
    counted: Counter[tuple[str, str]] = Counter()
    for row in errors:
        counted[reason(row["reason"])] += row["pages"]
    return [{"reason": code, "label": said, "pages": pages} for (code, said), pages in counted.most_common()]


def failure(row: Row) -> Row:
    code, said = reason(row["reason"])
    named = {"kind": row["kind"], "label": label(row["kind"]), "url": clean(row["url"]), "reason": code, "said": said}
    return named | {"http_status": row["http_status"], "fetched_at": row["fetched_at"], "error": clean(row["reason"])}


#: What is checked before publishing (scraper/release.py), beside the rows of each table.
CHECKS = {"integrity": "Datei unbeschädigt", "foreign keys": "Verweise vollständig"}


def run(row: Row) -> Row:
    """A line of crawls with its checks: [{check, label, passed, found}], what has not that shape left out."""
    try:
        found = json.loads(row.pop("report") or "[]")
    except (ValueError, TypeError, RecursionError):
        found = []
    checks = [
        {"check": (name := clean(each.get("check"))), "label": CHECKS.get(name, name.replace("rows of", "Zeilen in"))}
        | {"passed": each.get("passed") is True, "found": clean(each.get("found"))}
        for each in (found if isinstance(found, list) else ())
        if isinstance(each, dict)
    ]
    why = row["reason"]
    return row | {
        "mode_label": MODES.get(row["mode"], row["mode"]),
        "end_label": ENDS.get(why, why) if why else "läuft noch oder abgebrochen",
        "good": why == "finished" and all(each["passed"] for each in checks),
        "checks": checks,
    }


def documents(found: Sequence[Row]) -> Row:
    """How many files there are, how many have a text, and why the others have none."""
    without: Counter[str] = Counter()
    with_text = 0
    for row in found:
        if row["text_source"] in ("embedded", "ocr"):
            with_text += row["files"]
        elif row["problem"]:
            without[_NUMBERS.sub("…", clean(row["problem"]))[:120]] += row["files"]
        else:
            without["kein Text im Dokument" if row["text_source"] else "geladen, nicht gelesen"] += row["tried"]
            without["noch nicht geladen"] += row["files"] - row["tried"]
    reasons = [{"label": said, "files": files} for said, files in without.most_common(30) if files]
    return {"files": with_text + without.total(), "with_text": with_text, "without_text": reasons}


def removals(found: Sequence[Row]) -> Row:
    """Numbers of withdrawn pages, the latest months one by one."""
    months = sorted({row["month"] for row in found}, reverse=True)[:MONTHS]
    total: Counter[str] = Counter()
    for row in found:
        total[row["kind"]] += row["pages"]
    return {
        "pages": total.total(),
        "by_kind": [{"kind": kind, "label": label(kind), "pages": pages} for kind, pages in total.most_common()],
        "by_month": [row | {"label": label(row["kind"])} for row in found if row["month"] in months],
    }


# ---- what the hour makes of it -------------------------------------------------------------------


def reasons(found: Row, now: datetime) -> list[Row]:
    """Why not all is well, the worst first: ``code``, ``state`` (failing or warning) and a German sentence."""
    told: list[Row] = []

    def tell(code: str, failing: bool, text: str) -> None:
        told.append({"code": code, "state": "failing" if failing else "warning", "text": text})

    finished = _moment(found["last_complete_run"])
    if finished is None:
        tell("no_run", True, "Noch kein Abruf ist vollständig zu Ende gegangen.")
    elif finished - now > TOLERANCE:
        tell("clock", False, "Der letzte vollständige Abruf liegt in der Zukunft; eine Uhr geht falsch.")
    elif (age := now - finished) > WARNING_AFTER:
        tell("old", age > FAILING_AFTER, f"Der letzte vollständige Abruf ist {span(age)} her.")

    last = next((each for each in found["runs"] if each["mode"] in ("full", "update")), None)
    if last and not last["good"] and not _running(last, now):
        failed = [each["label"] for each in last["checks"] if not each["passed"]]
        why = f": {', '.join(failed)}" if failed else ""
        tell("bad_run", False, f"Der letzte Abruf ist nicht gut ausgegangen{why}.")
    if unpublished := found.get("failed_run"):
        on = f" am {clock.local(at):%d.%m.%Y um %H:%M Uhr}" if (at := _moment(unpublished["failed_at"])) else ""
        tell("failed_run", False, f"Ein Abruf{on} ist gescheitert; hier steht weiter der Stand davor.")

    pages, read = found["pages"], found["pages"]["pages"] - found["pages"]["unread"]
    if read and (share := pages["errors"] / read) > ERRORS_WARNING:
        said = f"{many(pages['errors'], 'Seite ließ', 'Seiten ließen')} sich nicht lesen ({percent(100 * share)})."
        tell("errors", share > ERRORS_FAILING, said)
    recent, late = found["overdue"]["recent"], found["overdue"]["all"]
    if recent["overdue"] > OVERDUE_WARNING * recent["pages"]:
        said = f"{many(recent['overdue'], 'Tagesordnung', 'Tagesordnungen')} der letzten und kommenden Zeit"
        tell("overdue_recent", False, f"{said} haben wir seit mehr als {RECENT_LATE.days} Tagen nicht mehr abgerufen.")
    if late > OVERDUE_WARNING * pages["pages"]:
        said = f"{many(late, 'Seite', 'Seiten')} haben wir seit mehr als {LATE.days} Tagen nicht mehr abgerufen."
        tell("overdue", False, said)
    return sorted(told, key=lambda each: each["state"] != "failing")


def status(found: Row, now: datetime, notice: str | None = None) -> Page:
    """``notice``: what towns.toml says of a database of invented data, which may well be old."""
    why = reasons(found, now)
    state = why[0]["state"] if why else "ok"
    finished = _moment(found["last_complete_run"])
    age = max(now - finished, timedelta()) if finished else None
    said = {"ok": "Die Daten sind aktuell.", "warning": "Nicht alle Daten sind aktuell."}
    return Page(
        template="status.html",
        path="/status",
        title="Stand der Daten",
        description=said.get(state, "Die Daten sind nicht aktuell.")
        + (f" Letzter vollständiger Abruf: {span(age)} her." if age is not None else ""),
        data={
            "state": state,
            "reasons": why,
            "checked_at": now.isoformat(timespec="seconds"),
            "notice": notice,
            "age_hours": round(age / timedelta(hours=1), 1) if age is not None else None,
            **found,
        },
        fetched_at=found["last_complete_run"] if finished else None,
        lasting=False,
    )


def _moment(value: Any) -> datetime | None:
    return clock.moment(value) if isinstance(value, str) else None


def _running(last: Mapping[str, Any], now: datetime) -> bool:
    """Whether a run without an end may still be on its way."""
    begun = _moment(last["started_at"])
    return last["finished_at"] is None and last["reason"] is None and begun is not None and now - begun < WARNING_AFTER


def span(age: timedelta) -> str:
    """``weniger als eine Stunde``, ``5 Stunden``, ``3 Tage``."""
    hours = int(age / timedelta(hours=1))
    if not hours:
        return "weniger als eine Stunde"
    return many(hours, "Stunde", "Stunden") if hours < 48 else many(age.days, "Tag", "Tage")
