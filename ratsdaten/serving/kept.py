"""What was made once and may be asked for again, in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key in at most ``room`` bytes; what was not asked for longest goes first. For one thread."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> Value | None:
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """``size`` in bytes, the key's own included where that is not small; too large a value is not kept."""
        if key in self._values:
            self._bytes -= self._values.pop(key)[1]
        if size > self._room:
            return
        self._values[key] = value, size
        self._bytes += size
        while self._bytes > self._room:
            self._bytes -= self._values.popitem(last=False)[1][1]
