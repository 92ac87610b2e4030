"""Command line: `python -m benchmarks [parse|crawl] [--pages N] [--rounds N]`; without a name both run."""

from __future__ import annotations

import argparse

from . import crawl, parse
from .tools import machine


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="?", choices=("parse", "crawl"), help="only this one")
    parser.add_argument("--pages", type=int, default=3000, metavar="N", help="crawl so many pages (default: 3000)")
    parser.add_argument("--rounds", type=int, metavar="N", help="repeat so often (default: parse 9, crawl 3)")
    options = parser.parse_args()
    print(machine())
    if options.which != "crawl":
        parse.run(options.rounds or 9)
    if options.which != "parse":
        crawl.run(options.pages, options.rounds or 3)


if __name__ == "__main__":
    main()
