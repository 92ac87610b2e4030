"""Pictures of charts as bytes, drawn one at a time; ratsdaten/serving/cache.py keeps them."""

from __future__ import annotations

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor

from datasette.app import Datasette

from ratsdaten import charts
from ratsdaten.serving.answers import Problem

from .drawing import Drawer, DrawingFailed
from .figures import find
from .wishes import BASIC_WIDTH, Wish

#: Pictures that may wait to be drawn, at some 50 ms each.
QUEUE = 200

NO_PICTURE = {
    "abstimmung": "Zu dieser Abstimmung nennt die Niederschrift keine Zahlen, die sich zeichnen ließen.",
    "statistik": "Für diese Auswahl liegen keine Daten vor.",
}


DRAWER = Drawer()
_thread = ThreadPoolExecutor(1)  # waits for the drawer
_waiting = 0


async def picture(datasette: Datasette, wish: Wish, form: str) -> bytes:
    """The wish as .svg, .png or .json. Raises Problem, 404 where there is nothing to draw."""
    chart = (await find(datasette, wish)).chart(wish.width or BASIC_WIDTH)
    if chart is None:
        raise Problem(404, NO_PICTURE[wish.kind])
    if form == ".json":
        return json.dumps(chart.spec, ensure_ascii=False, indent=1).encode()
    # A PNG cannot follow its reader.
    return await _drawn(chart, form, "hell" if form == ".png" and wish.colours == "auto" else wish.colours)


async def _drawn(chart: charts.Chart, form: str, theme: str) -> bytes:
    global _waiting
    if _waiting >= QUEUE:
        raise Problem(503, "Gerade werden zu viele Diagramme gezeichnet. Bitte gleich noch einmal versuchen.")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_thread, DRAWER.draw, chart, form, theme)
    except DrawingFailed as failed:
        print(f"{chart.title}: {failed}", file=sys.stderr)
        raise Problem(500, "Das Diagramm ließ sich nicht zeichnen. Die Zahlen stehen in der Tabelle.") from failed
    finally:
        _waiting -= 1
