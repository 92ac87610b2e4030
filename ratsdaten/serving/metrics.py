"""Figures for Prometheus on a port of their own (RATSDATEN_METRICS_PORT): answers and their time by kind of page.

Memory, processor time and open files of the process come with the library. The port is open on all interfaces, as Fly
asks from outside the machine; the figures name no reader and nothing that was asked for.
"""

from __future__ import annotations

import os

from prometheus_client import Counter, Histogram, start_http_server

from ratsdaten.towns import RESERVED

PORT = "RATSDATEN_METRICS_PORT"
ANSWERS = Counter("ratsdaten_answers", "Answers, refusals included.", ["kind", "status"])
SECONDS = Histogram("ratsdaten_answer_seconds", "From a request to the end of its answer.", ["kind"])


def start() -> None:
    """Whether it can is checked before (start.py)."""
    start_http_server(int(os.environ[PORT]))


def count(path: str, status: int, seconds: float) -> None:
    """``kind``: the first part of the address where it is one of the site's, else other (Datasette's pages, too)."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    kind = first if first in RESERVED else "other" if first else "start"
    ANSWERS.labels(kind, status).inc()
    SECONDS.labels(kind).observe(seconds)
