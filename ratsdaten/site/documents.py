"""The page of a file of the source, with its text: /dokument/do431017."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Mapping

from ratsdaten.charts.text import sentences
from ratsdaten.search.model import Runs
from ratsdaten.search.snippets import SEARCHED
from ratsdaten.serving.answers import Problem

from . import addresses
from .meetings import dated
from .page import Arguments, Page, Row, one, page_number, rows
from .revisions import revisions
from .words import file_kind, many

#: Letters of text on one page of ours, which keeps it below 60 KB; a section of a text that has no pages.
VIEW, SECTION = 40_000, 10_000
UNNAMED = "Dokument ohne Namen"
_SECTIONS = re.compile(rf".{{1,{SECTION}}}(?:\s|$)|.{{1,{SECTION}}}", re.S)


def document(conn: sqlite3.Connection, key: str, arguments: Arguments) -> Page:
    """A file with the part of its text that ``seite``, a page of the file, is in. Raises Problem (404)."""
    file = one(conn, "document", id=key)
    if file is None:
        raise Problem(404, "Ein Dokument mit dieser Kennung gibt es hier nicht.")
    text = file.pop("text") or ""
    paged = "\f" in text or file["page_count"] == 1
    pages = pages_of(text, file["page_count"])
    views = parted([len(page) for page in pages])
    asked = page_number(arguments)
    here = next((place for place, view in enumerate(views) if asked in view), len(views) - 1)
    first, *_ = shown = views[here]
    belongs = owners(conn, [key]).get(key, [])
    owner = belongs[0] if belongs else None
    said = SOURCES[file["text_source"] or ("missing" if file["problem"] else "unread")]
    path = addresses.document(key)
    return Page(
        template="dokument.html",
        path=path if here == 0 else f"{path}?seite={first}",
        title=title(file, owner),
        description=description(file, owner, said),
        data={
            "file": file,
            "belongs_to": belongs,
            "source": said,
            "paged": paged,
            "total": len(pages) if text.strip() else 0,
            "pages": [excerpt(number, pages[number - 1]) for number in shown],
            "previous": span(views[here - 1]) if here else None,
            "next": span(views[here + 1]) if here + 1 < len(views) else None,
            "beyond": asked > len(pages),
            **revisions(conn, "files", key),
        },
        rows=[{"page": n if paged else None, "text": page} for n, page in enumerate(pages, 1)] if text else None,
        parents=[PARENTS[owner["kind"]], (owner["label"], owner["path"])] if owner else (),
        source_url=file["source_url"] or (owner["source_url"] if owner else None),
        fetched_at=file["fetched_at"],
        noindex=here > 0,
    )


def title(file: Row, owner: Row | None) -> str:
    """Many are named ``Vorlage`` or ``Einladung``: with the paper's reference, or the meeting and its day."""
    name = " ".join((file["name"] or UNNAMED).split())
    return f"{name} ({owner['reference'] or owner['label']})" if owner else name


def description(file: Row, owner: Row | None, said: str) -> str:
    facts = [file_kind(file["mime_type"]), many(file["page_count"], "Seite", "Seiten") if file["page_count"] else ""]
    return sentences(f"Gehört zu: {owner['label']}" if owner else "", ", ".join(filter(None, facts)), said)


# ---- its text ----------------------------------------------------------------------------------

#: Where a text comes from, or why there is none.
SOURCES = {
    "embedded": "Der Text ist im Dokument enthalten",
    "ocr": "Der Text stammt aus einer Texterkennung, die Fehler haben kann",
    "none": "Aus dem Dokument ließ sich kein Text lesen",
    "missing": "Der Text liegt hier nicht vor",
    "unread": "Der Text ist noch nicht ausgelesen",
}


def pages_of(text: str, page_count: int | None) -> list[str]:
    """The text of each page, which form feeds part; of a text without pages sections of whole words."""
    found = text.split("\f")
    if len(found) > 1:
        after_the_last = len(found) > (page_count or 0) and not found[-1].strip()
        return found[:-1] if after_the_last else found
    return [text] if page_count == 1 else _SECTIONS.findall(text) or [""]


def parted(lengths: Collection[int]) -> list[range]:
    """Pages from 1, as many at a time as have VIEW letters together, at least one."""
    found, first, letters = [], 1, 0
    for number, length in enumerate(lengths, 1):
        if number > first and letters + length > VIEW:
            found.append(range(first, number))
            first, letters = number, 0
        letters += length
    return [*found, range(first, len(lengths) + 1)]


def excerpt(number: int, text: str) -> Row:
    """A page as it is shown; ``cut``: 1 where only its beginning is."""
    return {"number": number, "text": text[:VIEW].strip("\n"), "cut": int(len(text) > VIEW)}


def span(view: range) -> dict[str, int]:
    return {"first": view[0], "last": view[-1]}


def places(conn: sqlite3.Connection, snippets: Mapping[str, Runs]) -> dict[str, str]:
    """Where on its page each file's snippet stands (``?seite=14#seite-14``), as far as the file has pages."""
    wanted = {}
    for key, runs in snippets.items():
        marked = next((place for place, (_, hit) in enumerate(runs, 1) if hit), 0)
        if words := "".join(text for text, _ in runs[:marked]).lstrip("… ").split():
            wanted[key] = r"\s+".join(map(re.escape, words))
    found = {}
    for row in rows(conn, "document_texts", ids=json.dumps(list(wanted)), most=SEARCHED) if wanted else ():
        if "\f" in row["text"] and (match := re.search(wanted[row["id"]], row["text"])):
            page = row["text"].count("\f", 0, match.end()) + 1
            found[row["id"]] = (f"?seite={page}" if page > 1 else "") + f"#seite-{page}"
    return found


# ---- what it belongs to ------------------------------------------------------------------------

PARENTS = {
    "papers": ("Vorlagen", "/vorlagen"),
    "agenda_items": ("Sitzungen", "/sitzungen"),
    "meetings": ("Sitzungen", "/sitzungen"),
}


def owners(conn: sqlite3.Connection, keys: Collection[str]) -> dict[str, list[Row]]:
    """By files.id the papers, agenda items and meetings that have the file, with their pages."""
    found: dict[str, list[Row]] = {}
    for row in rows(conn, "document_owners", ids=json.dumps(list(keys))) if keys else ():
        found.setdefault(row["file_id"], []).append(
            {
                "kind": row["kind"],
                "id": row["id"],
                "path": addresses.record(row["kind"], row["id"], row["slug"]),
                "label": label(row),
                "reference": row["reference"],
                "title": " ".join((row["title"] or "").split()),
                "source_url": row["source_url"],
            }
        )
    return found


def label(owner: Row) -> str:
    """Vorlage 2021/0402; TOP 4.1, Rat, 29.06.2021; Rat, 29.06.2021."""
    if owner["kind"] == "papers":
        return " ".join(filter(None, ("Vorlage", owner["reference"])))
    of = dated(owner) if owner["meeting"] else ""
    if owner["kind"] == "meetings":
        return of
    return ", ".join(filter(None, (f"TOP {owner['number'] or ''}".strip(), of)))
