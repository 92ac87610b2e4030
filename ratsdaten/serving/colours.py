"""A town's colours as a stylesheet of custom properties, for static/ratsdaten.css and static/einbetten.css."""

from __future__ import annotations

from ratsdaten.charts.theme import contrast
from ratsdaten.towns import Town, TownProblem

#: What an accent stands on or has upon it, on light and on dark pages, in static/ratsdaten.css: --paper, --surface,
#: --tint, --note, --on-accent.
GROUNDS = (
    ("#faf8f4", "#ffffff", "#eaf1f5", "#f5ecd5"),
    ("#1d2024", "#15181c", "#233441", "#39331f", "#10222e"),
)
#: WCAG 2.2, AA: the contrast of text.
LEAST = 4.5


def stylesheet(town: Town) -> str:
    """Nothing for a town without colours. Raises TownProblem for one that cannot be read on our pages."""
    if town.accent is None:
        return ""
    for name, colour, grounds in zip(("light", "dark"), town.accent, GROUNDS):
        found = min(contrast(colour, ground) for ground in grounds)
        if found < LEAST:
            mend = "darker" if name == "light" else "lighter"
            raise TownProblem(
                f"towns.toml: [{town.key}]: accent: {name} {colour} is hard to read on our {name} pages (contrast "
                f"{found:.1f}, needed {LEAST}): choose a {mend} colour."
            )
    light, dark = (f"--accent: {colour}; --link: {colour};" for colour in town.accent)
    return f"""@media screen {{
  :root {{ {light} }}
  :root[data-farben="dunkel"] {{ {dark} }}
}}
@media screen and (prefers-color-scheme: dark) {{
  :root:not([data-farben="hell"]) {{ {dark} }}
}}
"""
