"""Draws charts in a process of its own, one after the other.

Not in a thread: vl-convert holds Python's lock while it draws, which stopped every other answer for 40 ms. Not in a
`multiprocessing` pool either: its processes begin by running the main program's file once more.
"""

from __future__ import annotations

import pickle
import signal
import sys
import traceback
from subprocess import PIPE, Popen
from threading import Timer
from typing import IO

from ratsdaten.charts import Chart

#: Seconds; the largest chart takes less than one, the first a second more.
LONGEST = 20


class DrawingFailed(Exception):
    """The process died, or the chart cannot be drawn; the message is for the log."""


class Drawer:
    """The process, started with the first chart and again after its death; it ends with ours. Not for two threads."""

    def __init__(self) -> None:
        self._process: Popen[bytes] | None = None

    def draw(self, chart: Chart, form: str, theme: str) -> bytes:
        """``form`` is .svg or .png. Raises DrawingFailed."""
        if self._process is None or self._process.poll() is not None:
            # -P: the folder somebody starts the server in has no say in what is imported
            self._process = Popen([sys.executable, "-P", "-m", __name__], stdin=PIPE, stdout=PIPE)
        process = self._process
        assert process.stdin and process.stdout
        limit = Timer(LONGEST, process.kill)
        limit.start()
        try:
            _send(process.stdin, (chart, form, theme))
            content, error = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as broken:
            process.kill()
            process.wait()
            raise DrawingFailed(f"the drawing process ended: {broken!r}") from broken
        finally:
            limit.cancel()
        if error:
            raise DrawingFailed(error)
        return content


def _send(stream: IO[bytes], value: object) -> None:
    pickle.dump(value, stream)
    stream.flush()


def main() -> None:
    """Answers charts on standard input with pictures on standard output until that ends."""
    from ratsdaten.charts.render import png, svg  # 10 MB and 0.2 s that the server itself does not need

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    while True:
        try:
            chart, form, theme = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            content = svg(chart, theme).encode() if form == ".svg" else png(chart, theme)
            _send(sys.stdout.buffer, (content, None))
        except ValueError:
            _send(sys.stdout.buffer, (b"", traceback.format_exc()))


if __name__ == "__main__":
    main()
