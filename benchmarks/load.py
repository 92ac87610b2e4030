"""Production under load, on loopback: kinds of pages beside plain Datasette's table page, many visitors for a minute,
hostile SQL, start and charts, one and two serving processes behind a proxy."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from .production import Server, ask, build, ours, plain, proxy
from .traffic import KINDS, WHOLE, YARDSTICK, Traffic, hostile
from .wrk import Load, load, needed

#: At the same time, each asking again as soon as it is answered.
READERS, VISITORS, ATTACKERS = 8, 200, 10
#: Seconds that the visitors stay.
STAY = 60
#: How many times slower the home page's p95 may be meanwhile; seconds to the first answer; MB while charts are drawn.
HOSTILE_GOAL, START_GOAL, MEMORY_GOAL = 3, 2, 256


def run(part: str | None, database: Path, rounds: int, seconds: int) -> None:
    """Over a crawled database, best of full size. A measurement lasts so many seconds; without a part, all of them."""
    needed("wrk", "haproxy", "taskset")
    traffic = Traffic(database)
    with tempfile.TemporaryDirectory() as name:
        site = build(Path(name), database)
        for one in [part] if part else PARTS:
            print(f"\nprocesses that wanted a core in the minute before: {os.getloadavg()[0]:.1f}", end="", flush=True)
            PARTS[one](site, traffic, rounds, seconds)


def pages(folder: Path, traffic: Traffic, rounds: int, seconds: int) -> None:
    """Of each kind, addresses nobody has asked for, then one of them again and again; all kinds in each round."""
    new: dict[str, list[Load]] = {kind: [] for kind in KINDS}
    again: dict[str, list[Load]] = {kind: [] for kind in KINDS}
    files: dict[str, list[float]] = {}
    with ours(folder) as site, plain(folder) as stock:
        for turn in range(rounds):
            for kind in KINDS:
                port = stock.port if kind == YARDSTICK else site.port
                paths = _part(traffic.of(kind), turn, rounds)
                new[kind].append(load(port, paths, seconds, READERS))
                if new[kind][-1].requests > len(paths):
                    print(f"{kind}: some of the {len(paths)} addresses were asked for twice; take fewer seconds")
                again[kind].append(load(port, paths[:1], seconds, READERS))
            for said, port, path, encoding in (
                ("ours", site.port, WHOLE, "identity"),
                ("ours, gzip", site.port, WHOLE, "gzip"),
                ("plain Datasette", stock.port, f"{WHOLE}?_stream=1", "identity"),
            ):
                begun = time.perf_counter()
                status, _ = ask(port, path, {"Accept-Encoding": encoding})
                assert status == 200
                files.setdefault(said, []).append(time.perf_counter() - begun)
    for said, found in (("asked for the first time", new), ("one address again and again", again)):
        print(f"\n{said}: {READERS} readers, {seconds} s, medians of {rounds} rounds; at the end, requests/s as times")
        print(f"{'':28}{'requests/s':>10}{'MB/s':>8}{'p50 ms':>8}{'p95':>8}{'p99':>8}   the yardstick's")
        for kind, loads in found.items():
            times = [median(column) for column in zip(*((one.p50, one.p95, one.p99) for one in loads))]
            figures = f"{median(one.rate for one in loads):>10.1f}{median(one.flow for one in loads):>8.2f}"
            figures += "".join(f"{time:>8.1f}" for time in times)
            ratios = _spread(one.rate / other.rate for one, other in zip(loads, found[YARDSTICK]))
            print(f"{kind:28}{figures}   {ratios}{_errors(loads)}")
    print(f"\n{WHOLE}, seconds: " + "; ".join(f"{said} {_spread(times)}" for said, times in files.items()))


def visitors(folder: Path, traffic: Traffic, rounds: int, seconds: int) -> None:
    """Many at once over a mix of pages and files; every fourth request, as a program's, does not take gzip."""
    with ours(folder) as site:
        mix = traffic.visits(site)
        before = site.cpu()
        with watched(site) as memory:
            found = load(site.port, mix, STAY, VISITORS, clients=VISITORS, plain_every=4)
        cpu = site.cpu() - before
    print(f"\n{VISITORS} clients for {STAY} s, {len(set(mix)):,} addresses: {found.requests:,} requests", end=" ")
    print(f"({found.rate:.0f}/s), p50 {found.p50:.0f}, p95 {found.p95:.0f}, p99 {found.p99:.0f} ms", end="; ")
    print(f"{found.refused} refused, {found.broken} broken: {_met(not found.refused + found.broken)}")
    print(f"a request: {found.megabytes / found.requests * 1000:.1f} KB sent", end=", ")
    print(f"{cpu / found.requests * 1000:.1f} ms of processor time")
    quarters = [memory[quarter * (len(memory) - 1) // 4] for quarter in range(5)]
    print(f"memory at 0, 15, 30, 45, 60 s: {', '.join(f'{one:.0f}' for one in quarters)} MB, highest {max(memory):.0f}")


def hostility(folder: Path, traffic: Traffic, rounds: int, seconds: int) -> None:
    """The home page in quiet, then while ten clients have one hostile query after the other."""
    with ours(folder) as site, ThreadPoolExecutor(1) as attackers:
        for said, paths in (("from memory", ["/"]), ("made anew", traffic.of("home"))):
            calm, under, attacks = [], [], []
            with watched(site) as memory:
                for turn in range(rounds):
                    calm.append(load(site.port, _part(paths, 2 * turn, 2 * rounds), seconds, READERS))
                    attack = attackers.submit(load, site.port, hostile(), seconds + 2, ATTACKERS, ATTACKERS)
                    time.sleep(1)
                    under.append(load(site.port, _part(paths, 2 * turn + 1, 2 * rounds), seconds, READERS))
                    attacks.append(attack.result())
                    _settle(site)
            ratios = [two.p95 / one.p95 for one, two in zip(calm, under)]
            print(f"\nhome {said}, {READERS} readers, {seconds} s, medians of {rounds} rounds: p95", end=" ")
            print(f"{median(one.p95 for one in calm):.1f} ms, with {ATTACKERS} hostile queries at once", end=" ")
            print(f"{median(one.p95 for one in under):.1f} ms: {_spread(ratios)} times", end=", ")
            print(f"goal {HOSTILE_GOAL}: {_met(median(ratios) <= HOSTILE_GOAL)}{_errors(calm + under)}")
            answered, refused = sum(one.requests for one in attacks), sum(one.refused for one in attacks)
            print(f"hostile queries: {answered} answers, {refused} of them refusals", end="; ")
            print(f"memory {memory[0]:.0f} MB, highest {max(memory):.0f} MB")


def charts(folder: Path, traffic: Traffic, rounds: int, seconds: int) -> None:
    """From the start to the first answer; then all statistics in all forms and a hundred ballots, four at once."""
    paths = traffic.charts()
    starts, before, peaks, wrong = [], [], [], 0
    for _ in range(rounds):
        with ours(folder) as site, ThreadPoolExecutor(4) as readers:
            starts.append(site.started)
            with watched(site) as memory:
                wrong += sum(status != 200 for status, _ in readers.map(lambda path: ask(site.port, path), paths))
            before.append(memory[0])
            peaks.append(max(memory))
    print(f"\nstart to first answer {_spread(starts)} s, goal {START_GOAL}: {_met(median(starts) < START_GOAL)}")
    print(f"memory after the start {_spread(before)} MB, while {len(paths)} charts are drawn at most", end=" ")
    print(f"{_spread(peaks)} MB, goal {MEMORY_GOAL}: {_met(max(peaks) < MEMORY_GOAL)}; {wrong} errors")


def scaling(folder: Path, traffic: Traffic, rounds: int, seconds: int) -> None:
    """One and two serving processes behind a proxy in turn, each on a core of its own, as a machine with one core.
    The proxy and wrk take what they need of the same two cores."""
    with ExitStack() as stack:
        sites = [stack.enter_context(ours(folder, core)) for core in (0, 1)]
        fronts = [stack.enter_context(proxy(folder, sites[:number])) for number in (1, 2)]
        print(f"\nserving processes behind a proxy, {2 * READERS} readers, {seconds} s, medians of {rounds} rounds")
        print(f"{'':28}{'requests/s':>10}{'p95 ms':>8}{'cores: servers':>16}{'proxy':>7}{'wrk':>7}{'a core':>8}")
        for said, paths in (("papers, the first time", traffic.of("paper")), ("home, from memory", ["/"])):
            found: tuple[list[Load], list[Load]] = [], []
            shares: tuple[list[list[float]], list[list[float]]] = [], []
            for turn in range(rounds):
                for number, front in enumerate(fronts):
                    before = [one.cpu() for one in (*sites, front)]
                    one = load(front.port, _part(paths, 2 * turn + number, 2 * rounds), seconds, 2 * READERS)
                    used = [server.cpu() - start for server, start in zip((*sites, front), before)]
                    found[number].append(one)
                    shares[number].append([part / one.seconds for part in (used[0] + used[1], used[2], one.cpu)])
            for number, loads in enumerate(found):
                servers, front_share, wrk_share = (median(column) for column in zip(*shares[number]))
                rate = median(one.rate for one in loads)
                print(f"{f'{said}, {number + 1}':28}{rate:>10.0f}{median(one.p95 for one in loads):>8.1f}", end="")
                print(f"{servers:>16.2f}{front_share:>7.2f}{wrk_share:>7.2f}{rate / servers:>8.0f}{_errors(loads)}")
            print(f"{'':28}{_spread(two.rate / one.rate for one, two in zip(*found))} times")


PARTS = {"pages": pages, "visitors": visitors, "hostile": hostility, "charts": charts, "scaling": scaling}


@contextmanager
def watched(server: Server) -> Iterator[list[float]]:
    """Its memory in MB, read four times a second until the block ends."""
    found, ended = [server.megabytes()], threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            found.append(server.megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        ended.set()
        watcher.join()


def _part(paths: list[str], number: int, parts: int) -> list[str]:
    """Addresses that no other part has; where there is but one, that."""
    return paths[number::parts] or paths


def _settle(server: Server) -> None:
    """Waits until it does nothing any more."""
    used = -1.0
    while server.cpu() - used > 0.05:
        used = server.cpu()
        time.sleep(0.5)


def _spread(values: Iterable[float]) -> str:
    found = sorted(values)
    return f"{median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})"


def _errors(loads: Iterable[Load]) -> str:
    errors = sum(one.refused + one.broken for one in loads)
    return f"   {errors} ERRORS" if errors else ""


def _met(goal: bool) -> str:
    return "met" if goal else "MISSED"
