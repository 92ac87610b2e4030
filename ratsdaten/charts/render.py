"""From specification to SVG and PNG: the one place that calls vl-convert. Nothing is loaded from anywhere."""

from __future__ import annotations

import hashlib
import re

import vl_convert
from markupsafe import escape

from .frame import Chart
from .theme import DARK_OF, DARK_STYLE, FONT, THEMES

_TAG = re.compile(r"<[^<>]*>")
_COLOR = re.compile(r'(fill|stroke)="(#[0-9a-f]{6})"')
#: What Vega writes into every mark and no reader needs: the font (said once, on the root) and its own roles.
_NOISE = re.compile(r' (?:font-family|role|aria-[a-z]+|class|pointer-events|stroke-miterlimit)="[^"]*"')
_EMPTY = re.compile(r'<path d="[^"]*"(?: display="none")?/>')


def svg(chart: Chart, theme: str) -> str:
    """The chart as SVG, text as text. ``theme`` is one of ``THEMES``; "auto" follows the reader's colour scheme.

    Same chart, same bytes. A chart that Vega cannot draw raises ValueError.
    """
    if theme not in THEMES:
        raise ValueError(f"Unknown theme {theme!r}: use one of {', '.join(THEMES)}")
    picture = vl_convert.vegalite_to_svg(chart.spec, vl_version="6.4", allowed_base_urls=[])
    root, marks = re.match(r"(<svg[^>]*>)(.*)", picture, re.S).groups()  # type: ignore[union-attr]
    marks = _TAG.sub(lambda tag: _NOISE.sub("", tag[0]), marks)
    marks = _EMPTY.sub("", marks)
    if theme == "dunkel":
        marks = _TAG.sub(
            lambda tag: _COLOR.sub(lambda m: f'{m[1]}="{DARK_OF.get(m[2], m[2])}"', tag[0]),
            marks,
        )
    style = f"<style>{DARK_STYLE}</style>" if theme == "auto" else ""
    size = re.search(r'viewBox="[^"]*"', root)[0]  # type: ignore[index]
    width, height = re.search(r'width="(\d+)" height="(\d+)"', root).groups()  # type: ignore[union-attr]
    name = hashlib.sha256(f"{chart.title}\n{chart.alt}".encode()).hexdigest()[:8]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {size} lang="de" role="img"'
        f' aria-labelledby="t{name} d{name}" font-family="{FONT}"><title id="t{name}">{escape(chart.title)}</title>'
        f'<desc id="d{name}">{escape(chart.alt)}</desc>{style}{marks}'
    )


def png(chart: Chart, theme: str) -> bytes:
    """The chart as PNG, two pixels a unit; a PNG cannot follow the reader, so "auto" is light."""
    return vl_convert.svg_to_png(svg(chart, "dunkel" if theme == "dunkel" else "hell"), scale=2)
