"""Documents the system makes (``do027``) and uploaded attachments (``___tmp`` links), on any page."""

from __future__ import annotations

import mimetypes
import re
from datetime import datetime
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from ..items import Attachment, Document
from .markup import HtmlElement, Markup, cells, clean, flat

_OPENS = re.compile(r"\s*\(Öffnet [^)]*\)\s*$")
_UNITS = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}


def documents(page: Markup) -> tuple[Document, ...]:
    """Buttons to ``do027.asp`` outside the agenda's rows (there they belong to earlier meetings).

    The name is the button's long title ("Nachtragstagesordnung"), not its short face ("Aktuelle TO").
    """
    found: dict[int, Document] = {}
    for form in page.main.iter("form"):
        if not re.search(r"(^|/)do027\.asp", form.get("action", "")):
            continue
        if any("tl1" in table.get("class", "").split() for table in form.iterancestors("table")):
            continue
        fields = {field.get("name"): field.get("value", "") for field in form.iter("input") if field.get("name")}
        number = fields.get("DOLFDNR", "")
        if not number.isdecimal():
            raise page.fail("a DOLFDNR in every form to do027.asp")
        buttons = [field for field in form.iter("input") if field.get("type") == "submit"]
        names = [name for b in buttons for name in (_OPENS.sub("", b.get("title") or ""), b.get("value"))]
        name = next((name for name in map(clean, names) if name), "Dokument")
        found.setdefault(int(number), Document(int(number), name, urljoin(page.url, "do027.asp?" + urlencode(fields))))
    return tuple(found.values())


def attachments(page: Markup) -> tuple[Attachment, ...]:
    """Uploaded files; the side box and the table below show each once, merged here by path.

    Columns ``Nr. | Status | Name`` (Status optional). A second link in a row is a copy of it as PDF ("PDF-Dokument").
    """
    facts: dict[str, dict] = {}
    seen: set[HtmlElement] = set()
    for link in page.main.iter("a"):
        path = link.get("href", "")
        row = next(link.iterancestors("tr"), None) if "___tmp/" in path else None
        if row is None or row in seen:
            continue
        seen.add(row)
        title, text = link.get("title") or "", flat(link) or ""
        fact = facts.setdefault(path, {"name": None, "number": None, "modified": None, "size": None, "pdf": None})
        name, printed_size = _split_size(text)
        fact["name"] = fact["name"] or name
        fact["number"] = fact["number"] or _number(title, row)
        fact["modified"] = fact["modified"] or _modified(title, page)
        fact["pdf"] = fact["pdf"] or _pdf(row)
        exact = re.search(r"Größe:\s*([\d.,]+)\s*([KMG]?B)", title)
        fact["size"] = (_bytes(exact[1], exact[2]) if exact else None) or fact["size"] or printed_size

    numbers = [fact["number"] for fact in facts.values()]
    unique = None not in numbers and len(set(numbers)) == len(numbers)
    found = []
    for position, (path, fact) in enumerate(facts.items(), 1):
        file_name = unquote(urlsplit(path).path.rpartition("/")[2])
        found.append(
            Attachment(
                key=str(fact["number"] if unique else position),
                name=fact["name"] or clean(file_name) or "Anlage",
                number=fact["number"],
                modified=fact["modified"],
                size=fact["size"],
                mime_type=mimetypes.guess_type(file_name)[0],
                path=path,
                pdf_path=fact["pdf"],
            )
        )
    return tuple(found)


def _pdf(row: HtmlElement) -> str | None:
    """The first link of a row to a PDF: the file itself or its converted copy."""
    paths = (link.get("href", "") for link in row.iter("a"))
    return next((p for p in paths if "___tmp/" in p and urlsplit(p).path.lower().endswith(".pdf")), None)


def _number(title: str, row: HtmlElement) -> int | None:
    """``Anlage 3 (…) öffnen`` in the side box, the column Nr. in the table."""
    if found := re.search(r"Anlage\s+(\d+)\b", title):
        return int(found[1])
    for cell in cells(row):
        if "text3" in cell.get("class", "") and (text := flat(cell)) and text.isdecimal():
            return int(text)
    return None


def _modified(title: str, page: Markup) -> str | None:
    found = re.search(r"\b\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}\b", title)
    if not found:
        return None
    try:
        return datetime.strptime(found[0], "%d.%m.%Y %H:%M:%S").isoformat()
    except ValueError:
        raise page.fail(f"a date and time, found {found[0]!r}") from None


def _split_size(text: str) -> tuple[str | None, int | None]:
    """``Lageplan (460 KB)`` → name and bytes."""
    found = re.fullmatch(r"(.*?)\s*\(([\d.,]+)\s*([KMG]?B)\)", text)
    return (clean(found[1]), _bytes(found[2], found[3])) if found else (clean(text), None)


def _bytes(figure: str, unit: str) -> int | None:
    try:
        return round(float(figure.replace(".", "").replace(",", ".")) * _UNITS[unit])
    except ValueError:
        return None
