"""What this program is made of, as hashes of its files: a release is one state of them and of the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from weakref import WeakKeyDictionary

from datasette.app import Datasette

#: Of the configuration folder, what changes answers.
_PARTS = ("plugins", "templates", "static", "metadata.yml", "towns.toml", "settings.json")


@dataclass(frozen=True)
class Versions:
    """``program``: of all files and of Datasette; ``static``: of each file in static/, by its name."""

    program: str
    static: dict[str, str]


_known: WeakKeyDictionary[Datasette, Versions] = WeakKeyDictionary()


def versions(datasette: Datasette) -> Versions:
    """As they were when the server started."""
    if datasette not in _known:
        folder = Path(datasette.config_dir or "")
        digest = sha256(version("datasette").encode())
        for file in sorted(_files([Path(__file__).parents[1], *(folder / part for part in _PARTS)])):
            digest.update(file.read_bytes())
        static = {file.name: sha256(file.read_bytes()).hexdigest()[:12] for file in (folder / "static").glob("*.*")}
        _known[datasette] = Versions(digest.hexdigest()[:12], static)
    return _known[datasette]


def static(datasette: Datasette, name: str) -> str:
    """The address of a file in static/, which changes with its content."""
    return datasette.urls.path(f"/static/{name}?v={versions(datasette).static[name]}")


def _files(places: list[Path]) -> Iterator[Path]:
    for place in places:
        yield from (
            [place]
            if place.is_file()
            else (file for file in place.rglob("*.*") if file.is_file() and file.parent.name != "__pycache__")
        )
