"""The Word texts of a page (anchors ``allrisWP`` …) as safe HTML and as plain text, without losing a letter."""

from __future__ import annotations

import html
import re
import unicodedata

import nh3  # the maintained Rust sanitiser (ammonia): safe by construction and fast
from lxml import etree
from lxml.etree import _Element as HtmlElement

from ..items import Section
from .markup import BLOCKS, INLINE

TAGS = BLOCKS | INLINE
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_ANCHOR = re.compile(r'<a\b[^>]*\bname="allris([A-Z]{2})"[^>]*>')
_OWN_TABLE = re.compile(r'<table\b[^>]*\bclass="[^"]*\b(?:tk1|tl1)\b')
_EMPTY = re.compile(r"<(p|div|li|h[1-6])>(?:\s|<br>|<hr>)*</\1>")
_LEADING_RULE = re.compile(r"^((?:<div>|\s)*)<hr>")  # ALLRIS parts its texts by a rule
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
    rich = _LEADING_RULE.sub(r"\1", rich)
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
