"""Command line: `python -m demo` serves Lindenrath until it is interrupted."""

from __future__ import annotations

import argparse
import time
from datetime import date

from . import Fault, Revision, Town, serve
from .faults import KINDS
from .pages import CALENDARS
from .schedule import SIZES


def main() -> None:
    """Read the options, print the base URL once it listens, wait."""
    kinds = f"Kinds of faults: {', '.join(KINDS)}; demo/faults.py says what they do. Example: --fault vo020=status:500"
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__, epilog=kinds)
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--dialect", choices=("embedded", "standalone"), default="embedded")
    parser.add_argument("--calendar", choices=CALENDARS)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
    for name in ("changed", "new", "withdrawn", "moved"):
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=f"that many pages or meetings {name}")
    parser.add_argument("--fault", action="append", default=[], metavar="PATTERN=KIND", help="may be repeated")
    options = parser.parse_args()
    revision = Revision(options.changed, options.new, options.withdrawn, options.moved)
    town = Town(options.seed, options.size, options.today, revision)
    try:
        faults = [Fault(pattern, kind) for pattern, _, kind in (text.rpartition("=") for text in options.fault)]
    except ValueError as problem:
        parser.error(str(problem))
    calendar = options.calendar or ("si010_j" if options.dialect == "embedded" else "si010_e")
    try:
        server = serve(town, options.dialect, calendar, faults, options.host, options.port)
    except OSError as problem:
        parser.error(f"port {options.port} cannot be used ({problem}): name another, or 0 for a free one")
    with server as site:
        print(site.base_url, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
