"""A thousand broken pages through the front door: no crash, no hang, no row, each named in ``pages.error``."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path
from urllib.request import urlopen

from conftest import crawl, rows, serve

from demo import Town
from demo import serve as look_alike

COUNT = 1000


def truncated(body: bytes, dice: random.Random) -> bytes:
    return body[: dice.randrange(1, len(body) - 8)]


def shuffled(body: bytes, dice: random.Random) -> bytes:
    lines = body.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)


def binary(body: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(body))
    return body[:start] + dice.randbytes(2000) + body[start:]


def empty(_: bytes, dice: random.Random) -> bytes:
    return dice.choice([b"", b" \n", b"<html></html>", b"<html><body></body></html>", b"\xef\xbb\xbf"])


def wrong_encoding(body: bytes, dice: random.Random) -> bytes:
    return body.decode("windows-1252", "replace").encode(dice.choice(["utf-16", "utf-32", "utf-16-le"]))


def deep(body: bytes, dice: random.Random) -> bytes:
    depth = dice.choice([300, 5_000, 100_000])
    return body.replace(b'<td class="', b"<div>" * depth + b'<td class="', 1)


def torn(body: bytes, dice: random.Random) -> bytes:
    """Every twentieth "<" is lost, as some servers do."""
    return bytes(byte for byte in body if byte != 60 or dice.random() > 0.05)


BREAKS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(truncated, shuffled, binary, empty, wrong_encoding, deep, torn),
)


def test_a_thousand_malformed_pages(tmp_path: Path) -> None:
    town = Town(seed=2, size="medium", today=date(2026, 3, 2))
    linked = (meeting for meeting in town.meetings() if meeting.linked)
    pages = (
        page
        for meeting in linked
        for page in (
            f"to010.asp?SILFDNR={meeting.id}",
            *(f"to020.asp?TOLFDNR={item.id}" for item in town.items(meeting) if item.has_extract),
            *(f"vo020.asp?VOLFDNR={item.paper_id}" for item in town.items(meeting) if item.paper_id),
        )
    )
    fixed = [f"si010_e.asp?MM={month}&YY=2025" for month in range(1, 13)] + ["vo040.asp", "au010.asp", "fr010.asp"]
    names = {"au": "AULFDNR", "pa": "PALFDNR", "fr": "FRLFDNR"}
    fixed += [f"{o.id[:2]}020.asp?{names[o.id[:2]]}={o.key}" for o in town.organizations()]
    fixed += [f"kp020.asp?KPLFDNR={person.id}" for person in islice(town.persons(), 30)]
    addresses = list(islice(dict.fromkeys([*fixed, *pages]), COUNT))
    assert len(addresses) == COUNT
    bodies = {}
    with look_alike(town, dialect="standalone", calendar="si010_e") as site:
        for number, address in enumerate(addresses):
            body = urlopen(site.base_url + address).read()
            bodies[f"/bi/{address}"] = BREAKS[number % len(BREAKS)](body, random.Random(number))
    bodies[f"/bi/{addresses[-1]}"] = b"<html>" + b"x" * 20_000_000 + b"</html>"

    database = tmp_path / "town.db"
    with serve(bodies) as server:
        run = crawl(f"{server}/bi/", database, "LOG_LEVEL=CRITICAL", urls=",".join(server + path for path in bodies))
    assert run.returncode == 1
    assert (
        run.stderr.strip() == f"{COUNT} pages could not be read: see the lines above, or pages.error in the database."
    )
    assert rows(database, "SELECT count(*) AS n FROM pages WHERE error IS NOT NULL") == [{"n": COUNT}]
    for table in (
        "organizations",
        "persons",
        "memberships",
        "meetings",
        "agenda_items",
        "papers",
        "consultations",
        "files",
    ):
        assert rows(database, f"SELECT * FROM {table}") == [], table
