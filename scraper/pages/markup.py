"""What all readers share: a page's own part, its elements, labels, links and printed values.

lxml is used directly (it is the engine under parsel): trees are walked once, without wrapper objects.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlsplit

from lxml.etree import _Element as HtmlElement

from ..items import Organization
from .errors import NotUnderstood

#: Elements that end a word; inline ones are joined without a blank, for Word cuts words into spans.
BLOCKS = {
    *("p", "br", "div", "ul", "ol", "li", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
INLINE = {"b", "strong", "i", "em", "u", "s", "sub", "sup", "a"}
DROPPED = {"script", "style", "title", "head", "select", "textarea", "noscript"}


@dataclass(frozen=True, slots=True)
class Markup:
    """An ALLRIS page that is neither refused nor foreign: its address and the block that is ALLRIS's own."""

    url: str
    heading: str | None
    main: HtmlElement
    root: HtmlElement

    def fail(self, expected: str) -> NotUnderstood:
        return NotUnderstood(self.url, expected)

    def id(self, name: str) -> int:
        """The number that names the page, from its address; the page's own ``objectID`` must agree."""
        value = number_in(self.url, name)
        if value is None:
            raise self.fail(f"an address with a number {name}=")
        if name != "KPLFDNR" and self.object_id not in (None, value):  # no person's page was seen yet
            raise self.fail(f"objectID {value}, the page says {self.object_id}")
        return value

    def complete(self, name: str, read: Collection[int]) -> None:
        """Every number ``name`` in a form of this page must have been read: no row was overlooked."""
        fields = (field for field in self.main.iter("input") if field.get("name") == name)
        if lost := {field.get("value") for field in fields} - {str(number) for number in read}:
            raise self.fail(f"rows for all of {name}, not found: {', '.join(sorted(map(str, lost))[:5])}")

    @property
    def head(self) -> HtmlElement:
        """The part with the labels, before lists and texts; cut-outs have no cell of its own for it."""
        return next(elements(self.main, "td", "ko1"), self.main)

    @property
    def object_id(self) -> int | None:
        """The number stand-alone pages state in their head."""
        values = (meta.get("content", "") for meta in self.root.iter("meta") if meta.get("name") == "objectID")
        value = next(values, "")
        return int(value) if value.isdecimal() else None

    def table(self, marker: str) -> HtmlElement | None:
        """The first list (``table.tl1``) one of whose header cells starts with ``marker``."""
        for table in elements(self.main, "table", "tl1"):
            if any((flat(th) or "").startswith(marker) for th in table.iter("th")):
                return table
        return None


def program(url: str) -> str:
    """``to010`` for ``…/to010.asp?SILFDNR=1``; empty where it is no ``.asp`` address."""
    name = urlsplit(url).path.rpartition("/")[2].lower()
    return name.removesuffix(".asp") if name.endswith(".asp") else ""


@cache
def _parameter(name: str) -> re.Pattern[str]:
    return re.compile(rf"[?&]{name}=(\d{{1,15}})(?=[&#]|$)")


def number_in(url: str, name: str) -> int | None:
    """The number of parameter ``name``: 501 in ``to010.asp?SILFDNR=501&TOLFDNR=9001&BES=1#beschluss``."""
    found = _parameter(name).search(url)
    return int(found[1]) if found else None


# ---- elements ---------------------------------------------------------------------------------


def elements(scope: HtmlElement, tag: str, css_class: str) -> Iterator[HtmlElement]:
    """All ``tag.css_class`` within ``scope``, in document order."""
    for element in scope.iter(tag):
        if css_class in element.get("class", "").split():
            yield element


def rows(table: HtmlElement) -> list[HtmlElement]:
    """The table's own rows, not those of tables nested in its cells."""
    return [
        row
        for child in table
        for row in (child if child.tag in ("tbody", "thead", "tfoot") else (child,))
        if row.tag == "tr"
    ]


def cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def flat(element: HtmlElement, without: str | None = None) -> str | None:
    """Text of an element in one line; inline elements are joined without a separator.

    ``without`` leaves out elements with this ``title`` attribute (``Zusatzinfo``).
    """
    if not len(element):
        return clean(element.text)
    if len(element) == 1 and not without and not len(element[0]) and element[0].tag not in DROPPED:
        child = element[0]
        gap = " " if child.tag in BLOCKS else ""
        return clean(f"{element.text or ''}{gap}{child.text or ''}{gap}{child.tail or ''}")
    out: list[str] = []
    _collect(element, out, without)
    return clean("".join(out))


def _collect(element: HtmlElement, out: list[str], without: str | None) -> None:
    end = " " if element.tag in BLOCKS else ""
    out += (end, element.text or "")
    for child in element:
        if child.tag not in DROPPED and not (without and child.get("title") == without):
            _collect(child, out, without)
        out.append(child.tail or "")
    out.append(end)


def lines(element: HtmlElement) -> list[str]:
    """Text of a cell, split at its ``<br>``."""
    parts: list[list[str]] = [[element.text or ""]]
    for child in element:
        if child.tag == "br":
            parts.append([])
        elif child.tag not in DROPPED:
            parts[-1].append(flat(child) or "")
        parts[-1].append(child.tail or "")
    return [line for part in parts if (line := clean("".join(part)))]


Labels = list[tuple[str, HtmlElement]]


def labels(page: Markup) -> Labels:
    """The pairs "Datum:" → value cell of a page's head, in order; a label can stand twice (Status)."""
    pairs = []
    for cell in elements(page.head, "td", "kb1"):
        value = cell.getnext()
        if value is None or value.tag != "td" or next(cell.iter("table"), None) is not None:
            continue
        label = flat(cell)
        if label and label.endswith(":"):
            if "kb1" in value.get("class", "").split() and (flat(value) or "").endswith(":"):
                raise page.fail(f"a value beside {label}")
            pairs.append((label[:-1], value))
    return pairs


def require(pairs: Labels, page: Markup, *names: str) -> dict[str, HtmlElement]:
    """Label → first value cell; the labels ``names`` must be there."""
    printed = dict(reversed(pairs))
    for name in names:
        if name not in printed:
            raise page.fail(f"the label {name}:")
    return printed


NUMBER_NAMES = {"SILFDNR", "TOLFDNR", "VOLFDNR", "KPLFDNR", "AULFDNR", "PALFDNR", "FRLFDNR"}
_NUMBERS = re.compile(rf"[?&]({'|'.join(sorted(NUMBER_NAMES))})=(\d{{1,18}})(?=[&#]|$)")
_LINK = re.compile(r"(?:^|/)(\w+)\.asp(?:[?#]|$)", re.I)


Links = dict[tuple[str, str], dict[int, HtmlElement]]


def linked(scope: HtmlElement) -> Links:
    """Which pages ``scope`` links to: ("to020", "TOLFDNR") → number → the first link with text, else field or icon.

    Never "the first link of a cell": frames turn every printed date into a link to the calendar.
    """
    found: Links = {}
    for element in scope.iter("a", "input"):
        if element.tag == "a":
            href = element.get("href", "")
            numbers = _NUMBERS.findall(href) if "FDNR=" in href else []
        elif element.get("name") in NUMBER_NAMES and re.fullmatch(r"\d{1,18}", element.get("value", "")):
            form = next(element.iterancestors("form"), None)
            href = form.get("action", "") if form is not None else ""
            numbers = [(element.get("name"), element.get("value"))]
        else:
            continue
        target = _LINK.search(href) if numbers else None
        if not target:
            continue
        for name, value in numbers:
            elements = found.setdefault((target[1].lower(), name), {})
            known = elements.get(int(value))
            if known is None or (element.tag == "a" and (known.tag == "input" or not flat(known))):
                elements[int(value)] = element
    return found


def only(links: Links, program: str, name: str, page: Markup, what: str) -> int | None:
    """The single number linked; None where there is none, an error where there are several."""
    numbers = links.get((program, name))
    if not numbers:
        return None
    if len(numbers) > 1:
        raise page.fail(f"one {what}, found {sorted(numbers)}")
    return next(iter(numbers))


# ---- values -----------------------------------------------------------------------------------


def clean(text: str | None) -> str | None:
    """One line: NFC, every run of white space one blank; None where nothing is left."""
    line = " ".join(text.split()) if text else ""
    return (line if line.isascii() else unicodedata.normalize("NFC", line)) or None


WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_DAY = re.compile(rf"(?:\b({'|'.join(WEEKDAYS)})\.?,\s*)?\b(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})\b")
_TIME = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")


def day(text: str | None, page: Markup) -> str | None:
    """``Mo, 03.11.2025`` → ``2025-11-03``; a date that does not exist or falls on another weekday is an error."""
    found = _DAY.search(text) if text else None
    if not found:
        return None
    try:
        value = date(int(found[4]), int(found[3]), int(found[2]))
    except ValueError:
        raise page.fail(f"a date, found {found[0]!r}") from None
    if found[1] and WEEKDAYS[value.weekday()] != found[1]:
        raise page.fail(f"weekday and date that agree, found {found[0]!r}")
    return value.isoformat()


def times(text: str | None) -> tuple[str | None, str | None]:
    """``18:00 - 19:42`` → start and end; what is not printed is None."""
    found = [f"{int(h):02}:{m}" for h, m in _TIME.findall(text or "")]
    return found[0] if found else None, found[1] if len(found) > 1 else None


def result(text: str | None) -> str | None:
    """The Beschlussart as printed; "(offen)" is none."""
    text = clean(text)
    return None if text == "(offen)" else text


ORGANIZATION_IDS = {"AULFDNR": "au", "PALFDNR": "pa", "FRLFDNR": "fr"}
_ORGANIZATION = re.compile(r"[?&](AULFDNR|PALFDNR|FRLFDNR)=(\d+)(?=[&#]|$)")


def organization_id(scope: HtmlElement) -> str | None:
    """``au235`` from the first link or form of ``scope`` that names a body or group by its number."""
    for element in scope.iter("a", "input"):
        if element.tag == "a":
            found = _ORGANIZATION.search(element.get("href", ""))
            if found:
                return ORGANIZATION_IDS[found[1]] + found[2]
        elif element.get("name") in ORGANIZATION_IDS and element.get("value", "").isdecimal():
            return ORGANIZATION_IDS[element.get("name")] + element.get("value")
    return None


#: Words of a name that tell the kind of body; pa is the council, fr a group, where none does.
ORGANIZATION_TYPES = (
    "Bezirksvertretung",
    "Bezirksversammlung",
    "Ortsrat",
    "Integrationsrat",
    "Aufsichtsrat",
    "Beirat",
    "Kommission",
    "Arbeitskreis",
    "Fraktion",
    "Gruppe",
    "Ausschuss",
)
_TYPE_OF_LIST = {"pa": "Rat", "fr": "Fraktion"}


def organization(number: str, name: str | None, end_date: str | None = None) -> Organization:
    """A body or group with its kind (Rat, Ausschuss, Bezirksvertretung, Fraktion …), None where nothing tells it."""
    words = (name or "").replace("ausschuß", "ausschuss").lower()
    kind = next((kind for kind in ORGANIZATION_TYPES if re.search(rf"{kind.lower()}(?:e?s|en)?\b", words)), None)
    if not kind and re.search(r"\b(?:stadt|gemeinde|kreis)?rat(?:e?s)?\b", words):
        kind = "Rat"
    return Organization(number, name, kind or _TYPE_OF_LIST.get(number[:2]), end_date)
