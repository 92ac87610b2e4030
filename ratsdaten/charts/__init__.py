"""Charts of votes and statistics: rows of a query in, a Vega-Lite specification, SVG or PNG out. Pure: no database.

chart = charts.ballot(rows, charts.Facts(source="Stadt Herne, Ratsinformationssystem", as_of="2026-11-21"), 640)
picture = charts.render.svg(chart, "auto")  # imported apart: the renderer is large
"""

from .ballot import ballot, result, seats, subtitle
from .by_group import motions, winning_side
from .by_year import activity, duration, outcomes
from .frame import WIDTHS, Chart, Facts
from .matrix import agreement
from .theme import DARK_STYLE, THEMES

__all__ = [
    "DARK_STYLE",
    "THEMES",
    "WIDTHS",
    "Chart",
    "Facts",
    "activity",
    "agreement",
    "ballot",
    "duration",
    "motions",
    "outcomes",
    "result",
    "seats",
    "subtitle",
    "winning_side",
]
