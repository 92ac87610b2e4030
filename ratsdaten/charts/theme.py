"""Colours of the pictures: each role has one light and one dark value, and no two roles share a light one.

That a light value belongs to one role only is what lets a dark picture be made from a light one by exchanging values,
and an automatic one by a style sheet of attribute selectors.
"""

from __future__ import annotations

import re
from functools import lru_cache

THEMES = ("hell", "dunkel", "auto")
FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"

#: Role: (light, dark). Text has at least 4.5:1 to what it stands on, marks at least 3:1 to the background.
ROLES = {
    "background": ("#ffffff", "#15181c"),
    "ink": ("#1b2025", "#eceff2"),
    "muted": ("#56606a", "#a5afb9"),
    "rule": ("#d3d8dd", "#3b434b"),
    "accent": ("#416f93", "#8db7d4"),
    # The sides of a vote: dark, middle, hollow in light; light, middle, hollow in dark. So they differ in grey, too.
    "yes": ("#0e5680", "#93d0f2"),
    "no": ("#dd7519", "#c9661a"),
    "hollow": ("#fefefe", "#16181c"),
    "hollow_line": ("#66707a", "#9aa4ae"),
    "pending": ("#dfe3e7", "#343b43"),
    "track": ("#e6eaee", "#2a3037"),  # the whole width behind a bar
    # Five steps from seldom to often, and the text on each.
    "step0": ("#eef3f6", "#1d262e"),
    "step1": ("#c9dde8", "#2a4557"),
    "step2": ("#93bcd2", "#386884"),
    "step3": ("#34719a", "#7fb7d8"),
    "step4": ("#0c4566", "#cbe7f7"),
    "on_step0": ("#1b2026", "#f4f6f8"),
    "on_step1": ("#1b2027", "#f4f6f9"),
    "on_step2": ("#1b2028", "#fdfeff"),
    "on_step3": ("#fffffe", "#0f1317"),
    "on_step4": ("#fffffd", "#0f1318"),
}
LIGHT = {role: light for role, (light, _) in ROLES.items()}
DARK_OF = dict(ROLES.values())

BACKGROUND, INK, MUTED, RULE, ACCENT = (LIGHT[r] for r in ("background", "ink", "muted", "rule", "accent"))
YES, NO, HOLLOW, HOLLOW_LINE = (LIGHT[r] for r in ("yes", "no", "hollow", "hollow_line"))
PENDING, TRACK = LIGHT["pending"], LIGHT["track"]
STEPS = tuple((LIGHT[f"step{i}"], LIGHT[f"on_step{i}"]) for i in range(5))
#: For a group or an outcome nobody gave a colour.
NEUTRAL = "#80868c"

#: The style of an automatic picture, the same for all: a page that forbids inline styles can allow it by its hash.
DARK_STYLE = (
    "@media screen and (prefers-color-scheme:dark){"
    + "".join(
        f'[{attribute}="{light}"]{{{attribute}:{dark}}}'
        for light, dark in DARK_OF.items()
        for attribute in ("fill", "stroke")
    )
    + "}"
)


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG defines it."""
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21, as WCAG defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(256)
def middle_tone(color: object) -> str:
    """A colour from the data with 3:1 to both backgrounds: as it is, or darker or lighter; neutral where it is none."""
    if not isinstance(color, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        return NEUTRAL
    color = color.lower()
    for background, target in zip(ROLES["background"], (0, 255)):
        while contrast(color, background) < 3:
            channels = (int(color[i : i + 2], 16) for i in (1, 3, 5))
            color = "#" + "".join(f"{round(c * 0.95 + target * 0.05):02x}" for c in channels)
    # A value of ours would be exchanged in the dark.
    return color if color not in DARK_OF else NEUTRAL


def step(share: float | None) -> tuple[str, str]:
    """Fill and text colour for a share in percent; plain for None."""
    return STEPS[min(4, int(share // 20))] if share is not None else (BACKGROUND, MUTED)


def on(color: str) -> str:
    """The text colour with the better contrast on a middle tone; the same in light and dark."""
    return max(("#000000", "#fffffc"), key=lambda text: contrast(text, color))
