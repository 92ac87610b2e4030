"""What all ALLRIS pages share: decoding, recognising refusals, scope, labels, links, dates, rich text.

lxml is used directly (it is the engine under parsel): trees are walked once, without wrapper objects.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlsplit

import nh3  # the maintained Rust sanitiser (ammonia): safe by construction and fast
from lxml import etree
from lxml.etree import _Element as HtmlElement

from ..items import Organization, Section


class PageError(Exception):
    """A page that yields no data; the message names the page and the reason."""


class NotUnderstood(PageError):
    """The structure is not the one expected: nothing is stored, a person must look."""

    def __init__(self, url: str, expected: str):
        super().__init__(f"{url}: not understood, expected {expected}")


class Refused(PageError):
    """ALLRIS says that the page is not public, not released or not there (with HTTP 200)."""

    def __init__(self, url: str, reason: str):
        super().__init__(f"{url}: refused ({reason})")


class Busy(PageError):
    """ALLRIS asks to slow down ("zu viele Zugriffe")."""


class WrongProduct(PageError):
    """The page is no ALLRIS classic page: ALLRIS 4, the responsive edition or something else."""


# ---- vocabulary -------------------------------------------------------------------------------

REFUSALS = (
    r"Zugriff verweigert(?: \(Programm [\w.]+\))?",
    r"Keine Information verf(?:ü|&uuml;)gbar",
    r"Sie sind nicht berechtigt, die Information zu sehen",
    r"Angefordertes Dokument nicht im Bestand",
)
#: Programs ALLRIS redirects to when a page is not public.
LOGIN_PROGRAMS = {"noauth", "logon"}
#: Far above any real page (the largest seen have 200 kB).
MAX_BYTES = 8_000_000
WRONG_PRODUCTS = (
    (r'<meta[^>]+content="ALLRIS net Version [4-9]|id="toTreeTable"|wicket:', "ALLRIS 4"),
    (r'class="[^"]*(?:toTable|calenderView|bfTable)\b', "the responsive edition of ALLRIS 3"),
)
#: Two main blocks of ALLRIS: stand-alone and inside a city's own frame.
MAIN_IDS, NAME_IDS, CONTAINER_IDS = ("rismain", "rismain_raw"), ("risname", "risname_raw"), ("allriscontainer",)

TAGS = {
    *("p", "br", "div", "ul", "ol", "li", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("b", "strong", "i", "em", "u", "s", "sub", "sup", "a"),
}
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
#: Elements that end a word; all others are joined without a blank, for Word cuts words into spans.
BLOCKS = TAGS - {"b", "strong", "i", "em", "u", "s", "sub", "sup", "a"}
DROPPED = {"script", "style", "title", "head", "select", "textarea", "noscript"}

# ---- bytes to text ----------------------------------------------------------------------------

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_ENTITIES = re.compile(r"&(?:shy|zwnj|zwj|#173|#820[345]|#8288|#65279|#x(?:ad|200[bcd]|2060|feff));", re.I)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r"))
_NOT_ASCII = bytes(range(128, 256))


def decode(body: bytes, url: str) -> str:
    """Text of a page: UTF-8 where the bytes are, else windows-1252, whatever is declared.

    ALLRIS often sends no charset and declares iso-8859-1 for windows-1252; inside city frames it is UTF-8, where
    single stray bytes are read as windows-1252. Control characters of old word processors are dropped.
    """
    plain = body.translate(None, _CONTROLS)
    if b"\0" in body or len(body) - len(plain) > 5 + len(body) // 2000:
        raise NotUnderstood(url, "text, not binary data")
    try:
        return _tidy(plain.decode("utf-8-sig"))
    except UnicodeDecodeError:
        stray = len(plain) - len(plain.decode("utf-8", "ignore").encode())
        special = len(plain) - len(plain.translate(None, _NOT_ASCII))
    mostly_utf8 = stray * 10 < special
    return _tidy(plain.decode("utf-8", "windows-1252") if mostly_utf8 else plain.decode("windows-1252", "ignore"))


def _tidy(text: str) -> str:
    """Without invisible characters, for the whole page at once: most pages have none."""
    if any(character in text for character in _INVISIBLE) or _ENTITIES.search(text):
        text = re.sub(f"[{_INVISIBLE}]", "", _ENTITIES.sub("", text))
    return text


def _stray(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("windows-1252", "ignore"), error.end


codecs.register_error("windows-1252", _stray)


def clean(text: str | None) -> str | None:
    """One line: NFC, every run of white space one blank; None where nothing is left."""
    line = " ".join(text.split()) if text else ""
    return (line if line.isascii() else unicodedata.normalize("NFC", line)) or None


# ---- a page -----------------------------------------------------------------------------------


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
    return re.compile(rf"[?&]{name}=(\d{{1,18}})(?=[&#]|$)")


def number_in(url: str, name: str) -> int | None:
    """The number of parameter ``name``: 501 in ``to010.asp?SILFDNR=501&TOLFDNR=9001&BES=1#beschluss``."""
    found = _parameter(name).search(url)
    return int(found[1]) if found else None


def open_page(body: bytes, url: str) -> Markup:
    """Check that ``body`` is one whole ALLRIS classic page and find its own block.

    Raises Refused, Busy, WrongProduct or NotUnderstood. Pages without the main block (cut-outs, a few
    3.9.4 towns) are read from ``#allriscontainer``.
    """
    if not body or body.isspace():
        raise NotUnderstood(url, "a page, not an empty answer")
    if len(body) > MAX_BYTES:
        raise NotUnderstood(url, f"at most {MAX_BYTES:,} bytes, found {len(body):,}")
    text = decode(body, url)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    source = text.encode()
    root = etree.fromstring(source, parser=parser)
    if root is None:
        raise NotUnderstood(url, "HTML")

    main, name, container = _own_blocks(root, url)
    heading = next(name.iter("h1"), None) if name is not None else None
    scope = main if main is not None else container
    if heading is None:
        _check_refusal(flat(root if scope is None else scope) or "", url, short=len(text) < 2000)
    if scope is None:
        for pattern, product in WRONG_PRODUCTS:
            if re.search(pattern, text):
                raise WrongProduct(f"{url}: this is {product}; only ALLRIS classic (3.x, .asp pages) can be read")
        raise NotUnderstood(url, "the ALLRIS main block (#rismain, #rismain_raw or #allriscontainer)")
    _check_whole(source, url, parser, complete=main is not None)
    return Markup(url, flat(heading) if heading is not None else None, scope, root)


_NAMED = etree.XPath("//div[@id]")


def _own_blocks(root: HtmlElement, url: str) -> list[HtmlElement | None]:
    """ALLRIS's own main block, name block and container; each at most once."""
    blocks = []
    found = _NAMED(root)
    for ids in (MAIN_IDS, NAME_IDS, CONTAINER_IDS):
        own = [element for element in found if element.get("id") in ids]
        if len(own) > 1:
            raise NotUnderstood(url, f"one element #{ids[0]}, found {len(own)}")
        blocks.append(own[0] if own else None)
    return blocks


def _check_refusal(said: str, url: str, short: bool) -> None:
    """A refusal has no heading of ALLRIS; the same words under a heading may stand in any minutes."""
    for pattern in REFUSALS:
        if found := re.search(pattern, said):
            raise Refused(url, found[0])
    if re.search(r"(?i)zu viele Zugriffe", said):
        raise Busy(f"{url}: ALLRIS asks to slow down (zu viele Zugriffe)")
    if short and re.search(r"(?i)object moved", said):
        raise Refused(url, "moved to a page that is not public")


# Checked on bytes: half the size, and searched several times as fast as text.
_NOT_MARKUP = re.compile(rb"(?s)<!--.*?-->|<script\b.*?</script>")
_OWN_START = re.compile(rb'id="rismain(?:_raw)?"')
_DIV = re.compile(rb"<(/?)div\b[^<>]*>")
#: Tags that are always closed, by ALLRIS and by Word; cells and paragraphs are not.
_OPENING = re.compile(rb"<(?:table|tr|form|span|html)[\s>]")
_CLOSING = re.compile(rb"</(?:table|tr|form|span|html)>")
#: Pieces of tags in the text: some servers now and then lose a "<".
_TORN_TAG = re.compile(rb'(?<![</\w-])/?(?:table|tr|td|th|form|input|span|div)(?: [\w-]+="[^"]*")*\s*>')


def _check_whole(source: bytes, url: str, parser: etree.HTMLParser, complete: bool) -> None:
    """A page cut off, torn or too deep must not become half a row: its markup has to close what it opens."""
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise NotUnderstood(url, "elements nested less than 256 deep")
    source = source.lower()
    if (problem := _damage(source, complete)) and (problem := _damage(_NOT_MARKUP.sub(b"", source), complete)):
        raise NotUnderstood(url, f"{problem} (cut off or torn on its way?)")


def _damage(source: bytes, complete: bool) -> str | None:
    """What a whole page would have and this one has not; comments and scripts may mislead it.

    Only ALLRIS's own block counts, from its ``<div>`` to its ``</div>``: frames are as their cities write them.
    """
    own, rest = _own_block(source) if complete else (source, source[-20:])
    if b"</html>" not in rest:
        return "a page that goes on to its end"
    surplus = len(_CLOSING.findall(own)) - len(_OPENING.findall(own))
    if surplus != 0 and (complete or surplus != -1):  # a cut-out may have lost one </html> of a text
        return "tables, rows, forms and texts that are closed"
    if own.count(b"<") != own.count(b">") and _TORN_TAG.search(own):
        return "no pieces of tags in the text"
    return None


def _own_block(source: bytes) -> tuple[bytes, bytes]:
    """ALLRIS's block and what follows it; nothing follows a block that is not closed."""
    found = _OWN_START.search(source)
    start = source.rfind(b"<div", 0, found.start()) if found else len(source)
    depth = 0
    for tag in _DIV.finditer(source, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return source[start : tag.end()], source[tag.end() :]
    return source, b""


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


# ---- rich text --------------------------------------------------------------------------------

_ANCHOR = re.compile(r'<a\b[^>]*\bname="allris([A-Z]{2})"[^>]*>')
_OWN_TABLE = re.compile(r'<table\b[^>]*\bclass="[^"]*\b(?:tk1|tl1)\b')
_EMPTY = re.compile(r"<(p|div|li|h[1-6])>(?:\s|<br>|<hr>)*</\1>")
#: The innermost cell: one without another cell in it.
_CELL = re.compile(r"<t[dh](?: [^>]*)?>((?:(?!<t[dh][ >]).)*?)</t[dh]>", re.S)
_BREAK = re.compile(rf"</?(?:{'|'.join(sorted(BLOCKS - {'td', 'th'}))})(?: [^>]*)?>")
_TAG = re.compile(r"<[^>]*>")


#: Links that lead nowhere outside ALLRIS: frames link every date to their calendar.
_RELATIVE = re.compile(r' href="(?!https?://)[^"]*"')
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "title"},
    attributes=ATTRIBUTES,
    url_schemes={"http", "https"},
    link_rel="noopener nofollow",
)


def sections(main: HtmlElement) -> tuple[Section, ...]:
    """The Word texts of a page, in page order: each a whole HTML document after ``<a name="allrisWP">``.

    An anchor or a menu entry does not mean text: only sections with text are returned. A text ends at the
    next anchor or at ALLRIS's own table of attachments, wherever an unclosed tag of the document before leaves them.
    """
    if next((a for a in main.iter("a") if (a.get("name") or "").startswith("allris")), None) is None:
        return ()
    source = etree.tostring(main, encoding="unicode", method="html", with_tail=False)
    parts = _ANCHOR.split(source)[1:]
    found = []
    for code, part in zip(parts[::2], parts[1::2], strict=True):
        own = _OWN_TABLE.search(part)
        rich = sanitise(part[: own.start()] if own else part)
        if text := plain(rich):
            found.append(Section(code, rich, text))
    return tuple(found)


def sanitise(source: str) -> str:
    """Safe HTML without styles, classes and scripts; tables, lists and links to the open web stay."""
    source = " ".join(_RELATIVE.sub("", source).split())
    rich = unicodedata.normalize("NFC", _CLEANER.clean(source).replace("&nbsp;", " "))
    while (shorter := _EMPTY.sub("", rich)) != rich:
        rich = shorter
    return rich.strip()


def plain(rich: str) -> str:
    """Text of sanitised HTML: a line a paragraph or table row, cells parted by a tab."""
    text, cells_left = rich, 1
    while cells_left:
        text, cells_left = _CELL.subn(lambda cell: " ".join(_BREAK.sub(" ", cell[1]).split()) + "\t", text)
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    found = []
    for line in text.split("\n"):
        parts = [" ".join(part.split()) for part in line.split("\t")]
        if any(parts):
            found.append("\t".join(parts).rstrip("\t"))
    return "\n".join(found)
