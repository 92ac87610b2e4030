"""The markup an editor pastes. Pure; everything from the data is escaped here."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup


def iframe(address: str, title: str, width: int | None, height: int) -> str:
    """``width`` None: as wide as the column."""
    tag = '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0;max-width:100%"></iframe>'
    return str(Markup(tag).format(address, title, width or "100%", height))


def figure(page: str, alt: str, pictures: Sequence[tuple[str, int, int]]) -> str:
    """A picture with its text alternative and a link to ``page``; ``pictures``: address, width, height, widest last."""
    *narrower, (address, width, height) = pictures
    lines = [
        Markup('    <source media="(max-width: {}px)" srcset="{}">').format(limit, source)
        for limit, (source, _, _) in zip(limits([width for _, width, _ in pictures]), narrower)
    ]
    image = '    <img src="{}" alt="{}" width="{}" height="{}" loading="lazy" style="max-width:100%;height:auto">'
    caption = '  <figcaption><a href="{}">Zahlen und Quelle</a></figcaption>'
    return "\n".join(
        [
            '<figure style="margin:0">',
            "  <picture>",
            *lines,
            Markup(image).format(address, alt, width, height),
            "  </picture>",
            Markup(caption).format(page),
            "</figure>",
        ]
    )


def limits(widths: Sequence[int]) -> list[int]:
    """For each picture but the widest: the widest window that it is for, in which the next one has no room."""
    return [width - 1 for width in widths[1:]]
