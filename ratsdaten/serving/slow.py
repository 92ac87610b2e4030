"""What takes long is said in the log, without what a visitor filled in."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ratsdaten.charts.text import clean

#: Seconds.
SLOW = 0.5
#: Characters of a statement that the log repeats.
LONGEST = 300

_log = logging.getLogger("ratsdaten.slow")


@contextmanager
def watched(what: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        if (took := time.perf_counter() - started) > SLOW:
            _log.warning("%.1f s: %s", took, clean(what)[:LONGEST])
