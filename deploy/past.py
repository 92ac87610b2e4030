"""What was published and not taken back since, the latest first; reads `flyctl releases --image --json` (its last 25).

    … | python3 deploy/past.py          a line each: NAME IMAGE STATE
    … | python3 deploy/past.py NAME     the line of that one, taken back or not; nothing if it never was published

STATE is "complete", or "unfinished" where the last publication was not: some machines may run it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Release(NamedTuple):
    name: str
    image: str
    state: str


def released(said: Iterable[Mapping[str, Any]]) -> list[Release]:
    """The oldest first; only those that bear the label of deploy.sh."""
    entries = [{key.lower(): value for key, value in entry.items()} for entry in said]
    found = []
    for entry in sorted(entries, key=lambda entry: int(entry["version"])):
        image = entry.get("imageref") or ""
        if label := re.search(r":(\d{8}T\d{6}Z-[^@]+)", image):
            complete = str(entry.get("status")).lower() in ("complete", "succeeded")
            found.append(Release(label[1], image, "complete" if complete else "unfinished"))
    return found


def past(releases: Iterable[Release]) -> list[Release]:
    """To publish an old one again takes back what came after it."""
    history: list[Release] = []
    for release in releases:
        history = [each for each in history if each.state == "complete"]
        names = [each.name for each in history]
        if release.state == "complete" and release.name in names:
            del history[names.index(release.name) :]
        if release.state == "complete" or release.name not in names:
            history.append(release)
    return history


if __name__ == "__main__":
    releases = released(json.load(sys.stdin))
    if sys.argv[1:]:
        chosen = [each for each in releases if each.name == sys.argv[1] and each.state == "complete"][-1:]
    else:
        chosen = past(releases)[::-1]
    for each in chosen:
        print(*each)
