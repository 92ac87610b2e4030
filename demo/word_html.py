"""Sections as Word documents turned into HTML by Aspose: whole nested pages, words cut over many spans."""

from __future__ import annotations

import re
from html import escape

from .dice import Dice
from .records import Block, Section

# The converter starts a new span behind every letter outside ASCII (and, by chance, in mid-word).
_CUTS = re.compile(r"(?<=[äöüßÄÖÜ§])(?=\w)")
_DATE = re.compile(r"\b(\d\d)\.(\d\d)\.(\d{4})\b")
_PARAGRAPH = (
    '<p style="margin-top:0pt; margin-bottom:0pt; text-align:justify; widows:0; orphans:0; font-size:11pt">%s</p>'
)
_BLANK = _PARAGRAPH % '<span style="font-family:Arial; -aw-import:ignore">&#xa0;</span>'
_STYLES = {
    "": "font-family:Arial",
    "bold": "font-family:Arial; font-weight:bold",
    "underline": "font-family:Arial; text-decoration:underline",
}
_HEAD = (
    '<?xml version="1.0" encoding="iso-8859-1" standalone="no"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 '
    'Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; '
    'charset=%s" /><meta http-equiv="Content-Style-Type" content="text/css" /><meta name="generator" '
    'content="Aspose.Words for .NET 19.1" /><title>%s</title></head><body>'
)
_HEADS = {"standalone": _HEAD % ("iso-8859-1", ""), "embedded": _HEAD % ("utf-8", "ALLRIS® Office Integration 3.9.2")}
_ROW_LABELS = ("dafür:", "dagegen:", "Enthaltung:")


def link_dates(html: str, dialect: str, calendar: str) -> str:
    """The embedded dialect links every printed date to the calendar."""
    if dialect != "embedded":
        return html
    return _DATE.sub(
        rf'<a href="/allris/{calendar}.asp?YY=\3&amp;MM=\2&amp;DD=\1" title="Sitzungskalender \2/\3 anzeigen">'
        r"\1.\2.\3</a>",
        html,
    )


class WordHtml:
    """Renders sections for one dialect."""

    def __init__(self, dialect: str, calendar: str) -> None:
        self._dialect = dialect
        self._calendar = calendar

    def document(self, section: Section, key: int, first: bool) -> str:
        """The nested document of a section; later ones of a page begin with a rule."""
        dice = Dice(10, key, ord(section.key[0]))
        body = "".join(self._block(block, dice) for block in section.blocks)
        return f"{_HEADS[self._dialect]}{'' if first else ' <hr />'}<div>{body}</div></body></html>"

    def _block(self, block: Block, dice: Dice) -> str:
        match block.kind:
            case "p":
                return _PARAGRAPH % self._spans(block.text, block.style, dice)
            case "blank":
                return _BLANK
            case "ol" | "ul":
                items = "".join(
                    f'<li style="margin-left:18pt; font-family:Arial; font-size:11pt">'
                    f"{self._spans(text, None, dice)}</li>"
                    for text in block.items
                )
                start = ' type="1"' if block.kind == "ol" else ' type="disc"'
                return f'<{block.kind}{start} style="margin:0pt; padding-left:0pt">{items}</{block.kind}>'
            case "table":
                rows = "".join("<tr>" + "".join(self._cell(cell, dice) for cell in row) + "</tr>" for row in block.rows)
                return (
                    '<table cellspacing="0" cellpadding="0" style="border:0.75pt solid #000000; '
                    f'border-collapse:collapse">{rows}</table>'
                )
        raise ValueError(block.kind)

    def _cell(self, text: str, dice: Dice) -> str:
        inner = _PARAGRAPH % self._spans(text, "bold" if text in _ROW_LABELS else "", dice) if text else _BLANK
        return f'<td style="width:42pt; border:0.75pt solid #000000; vertical-align:top">{inner}</td>'

    def _spans(self, text: str, style: str | None, dice: Dice) -> str:
        opening = "<span>" if style is None else f'<span style="{_STYLES[style]}">'
        pieces = []
        position = 0
        while len(text) - position > 60:
            cut = position + 25 + dice.below(60)
            if text[cut - 1 : cut].isalpha() and text[cut : cut + 1].isalpha():
                pieces.append(text[position:cut])
                position = cut
            else:
                end = text.find(" ", cut)
                end = len(text) if end < 0 else end
                pieces.append(text[position:end])
                position = end
        pieces.append(text[position:])
        between = "</span>" + opening
        html = between.join(_CUTS.sub("\0", escape(piece, quote=False)) for piece in pieces).replace("\0", between)
        html = link_dates(html.replace("\u00a0", "&#xa0;"), self._dialect, self._calendar)
        return f"{opening}{html}</span>"
