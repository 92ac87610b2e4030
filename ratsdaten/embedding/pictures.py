"""Pictures of charts as bytes: drawn once, one at a time, and kept in memory."""

from __future__ import annotations

import asyncio
import json
import re
import struct
import sys
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from datasette.app import Datasette

from ratsdaten import charts
from ratsdaten.serving.answers import Problem, etag_of
from ratsdaten.serving.kept import Kept
from ratsdaten.serving.town import release, town

from .drawing import Drawer, DrawingFailed
from .figures import Figures, find
from .wishes import BASIC_WIDTH, Wish

#: Bytes of all pictures kept; a ballot's SVG has some 20 kB.
ROOM = 64_000_000
#: Pictures that may wait to be drawn, at some 50 ms each.
QUEUE = 100

NO_PICTURE = {
    "abstimmung": "Zu dieser Abstimmung nennt die Niederschrift keine Zahlen, die sich zeichnen ließen.",
    "statistik": "Für diese Auswahl liegen keine Daten vor.",
}

_SIZE = re.compile(rb'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


@dataclass(frozen=True, slots=True)
class Picture:
    """``form`` is .svg, .png or .json; ``etag`` follows the content alone."""

    form: str
    content: bytes
    etag: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of an SVG in CSS pixels, rounded up, of a PNG in its own."""
        if self.form == ".png":
            return struct.unpack(">II", self.content[16:24])
        match = _SIZE.search(self.content)
        assert match, "not an SVG of ours"
        width, height = (-int(-float(side) // 1) for side in match.groups())
        return width, height


class Pictures:
    """The pictures kept, and those being drawn: whoever asks for one of these waits for the same drawing."""

    def __init__(self, room: int = ROOM) -> None:
        self._kept: Kept[Picture] = Kept(room)
        self._drawing: dict[Hashable, asyncio.Task[Picture]] = {}
        self._thread = ThreadPoolExecutor(1)  # waits for the drawer
        self._drawer = Drawer()

    async def get(self, key: Hashable, form: str, theme: str, make: Callable[[], Awaitable[charts.Chart]]) -> Picture:
        """The picture under ``key``, from ``make``'s chart where it is not kept. Raises Problem, as ``make`` does."""
        if kept := self._kept.get(key):
            return kept
        task = self._drawing.get(key)
        if task is None:
            if len(self._drawing) >= QUEUE:
                raise Problem(503, "Gerade werden zu viele Diagramme gezeichnet. Bitte gleich noch einmal versuchen.")
            task = self._drawing[key] = asyncio.create_task(self._draw(key, form, theme, make))
            task.add_done_callback(lambda _: self._drawing.pop(key, None))
        return await asyncio.shield(task)  # others may wait for it, too

    async def _draw(self, key: Hashable, form: str, theme: str, make: Callable[[], Awaitable[charts.Chart]]) -> Picture:
        content = await self._render(await make(), form, theme)
        picture = Picture(form, content, etag_of(content))
        self._kept.put(key, picture, len(content))
        return picture

    async def _render(self, chart: charts.Chart, form: str, theme: str) -> bytes:
        if form == ".json":
            return json.dumps(chart.spec, ensure_ascii=False, indent=1).encode()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._drawer.draw, chart, form, theme)
        except DrawingFailed as failed:
            print(f"{chart.title}: {failed}", file=sys.stderr)
            raise Problem(500, "Das Diagramm ließ sich nicht zeichnen. Die Zahlen stehen in der Tabelle.") from failed


PICTURES = Pictures()


async def picture(datasette: Datasette, wish: Wish, form: str, figures: Figures | None = None) -> Picture:
    """The wish as .svg, .png or .json, from ``figures`` where these are found already.

    Raises Problem, 404 where there is nothing to draw.
    """
    stamp = figures.release if figures else release(await town(datasette))
    width = wish.width or BASIC_WIDTH
    # The specification is the light one, and a PNG cannot follow its reader.
    theme = "hell" if form == ".json" or (form == ".png" and wish.colours == "auto") else wish.colours
    key = stamp, wish.kind, wish.name, wish.view, tuple(wish.parameters.items()), width, theme, form

    async def make() -> charts.Chart:
        if chart := (figures or await find(datasette, wish)).chart(width):
            return chart
        raise Problem(404, NO_PICTURE[wish.kind])

    return await PICTURES.get(key, form, theme, make)
