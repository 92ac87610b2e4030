"""Stored rich text made ready for a page of ours."""

from __future__ import annotations

import re

#: What the source prints above a text and our heading says already.
_LABEL = re.compile(r"^((?:<div>)*)<p>(?:<(?:b|strong|u)>)*([^<>]{3,40}?)\s*:?\s*(?:</(?:b|strong|u)>)*</p>")
_SECTION = re.compile(r'<section id="(\w+)">(.*?)</section>', re.S)

#: As nh3 writes it: attributes in double quotes, anchors never nested.
_ANCHOR = re.compile(r"""<a((?:\s[\w-]+="[^"]*")*)>(.*?)</a>""", re.S)

#: Sections of a paper by ALLRIS's short names.
SECTIONS = {
    "BV": "Beschlussvorschlag",
    "SV": "Sachverhalt",
    "FA": "Finanzielle Auswirkungen",
    "AN": "Anlagen laut Text",
    "BG": "Begründung",
}


def unlabelled(html: str, *labels: str) -> str:
    """The text without a first paragraph that only repeats one of the labels: ``Beschluss:``."""
    found = _LABEL.match(html)
    if found and found[2].strip().casefold() in {label.casefold() for label in labels}:
        return found[1] + html[found.end() :]
    return html


def only_links(html: str) -> str:
    """Clean HTML (of nh3) without the source's anchors that lead nowhere; their text stays."""
    return _ANCHOR.sub(lambda found: found[0] if ' href="' in found[1] else found[2], html)


def sections(html: str | None) -> list[dict[str, str]]:
    """The parts of papers.text_html: heading and text_html; one without a heading where it has no parts."""
    found = [
        {
            "heading": (heading := SECTIONS.get(code, "Text")),
            "text_html": unlabelled(part, heading, "Anlagen", "Anlage"),
        }
        for code, part in _SECTION.findall(html or "")
    ]
    return found or ([{"heading": "Text", "text_html": html}] if html else [])
