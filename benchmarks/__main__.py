"""Command line: `python -m benchmarks [NAME] [--rounds N] …`; without a name all but the long ones, update and load."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import crawl, embed, load, parse, search, site, update, votes
from .tools import machine

#: Benchmark -> its usual number of rounds.
ROUNDS = {"parse": 9, "crawl": 3, "votes": 9, "embed": 9, "search": 3, "site": 1}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="?", choices=(*ROUNDS, "update", "load"), help="only this one")
    parser.add_argument("--pages", type=int, default=3000, metavar="N", help="crawl so many pages (default: 3000)")
    parser.add_argument(
        "--database", type=Path, metavar="FILE", help="search, site, update, load: over this crawled database"
    )
    parser.add_argument("--size", default="full", help="update: of the look-alike (default: full, about half an hour)")
    usual = ", ".join(f"{name} {rounds}" for name, rounds in ROUNDS.items())
    parser.add_argument("--rounds", type=int, metavar="N", help=f"repeat so often (default: {usual})")
    parser.add_argument("--part", choices=load.PARTS, help="load: only this part")
    parser.add_argument("--seconds", type=int, default=4, metavar="N", help="load: of each measurement (default: 4)")
    options = parser.parse_args()
    print(machine())
    for name in [options.which] if options.which else ROUNDS:
        if name == "update":
            update.run(options.size, options.database)
            continue
        if name == "load":
            if not options.database:
                parser.error("load needs --database FILE, a crawled database of full size")
            load.run(options.part, options.database, options.rounds or 3, options.seconds)
            continue
        rounds = options.rounds or ROUNDS[name]
        if name == "crawl":
            crawl.run(options.pages, rounds)
        elif name in ("search", "site"):
            {"search": search, "site": site}[name].run(rounds, options.database)
        else:
            {"parse": parse, "votes": votes, "embed": embed}[name].run(rounds)


if __name__ == "__main__":
    main()
