"""Drawing what a visit found is done in slices, so that others have their answers meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from .free_sql import visiting

Row = TypeVar("Row")

#: Seconds of drawing, and of leaving the event loop to others.
SLICE, REST = 0.002, 0.002

_end = 0.0


def due() -> bool:
    return time.perf_counter() > _end and visiting() is not None


async def rest() -> None:
    global _end
    await asyncio.sleep(REST)
    _end = time.perf_counter() + SLICE


async def in_slices(rows: Iterable[Row]) -> AsyncIterator[Row]:
    for row in rows:
        if due():
            await rest()
        yield row
