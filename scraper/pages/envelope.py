"""From bytes to one whole ALLRIS classic page: decoding, refusals, foreign products, damage."""

from __future__ import annotations

import codecs
import re

from lxml import etree
from lxml.etree import _Element as HtmlElement

from .errors import Busy, NotUnderstood, Refused, WrongProduct
from .markup import Markup, flat

REFUSALS = (
    r"Zugriff verweigert(?: \(Programm [\w.]+\))?",
    r"Keine Information verf(?:ü|&uuml;)gbar",
    r"Sie sind nicht berechtigt, die Information zu sehen",
    r"Angefordertes Dokument nicht im Bestand",
)
#: Answers of a web server that mean: not public, or not there.
GONE = frozenset({401, 403, 404, 410})
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

# ---- bytes to text ----------------------------------------------------------------------------

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
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
    if any(character in text for character in INVISIBLE) or _ENTITIES.search(text):
        text = re.sub(f"[{INVISIBLE}]", "", _ENTITIES.sub("", text))
    return text


def _stray(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("windows-1252", "ignore"), error.end


codecs.register_error("windows-1252", _stray)


# ---- a page -----------------------------------------------------------------------------------


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
    return Markup(url, flat(heading, without="Zusatzinfo") if heading is not None else None, scope, root)


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
_OWN_START = re.compile(rb"\bid\s*=\s*[\"']?rismain(?:_raw)?\b")
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
