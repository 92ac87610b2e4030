"""Many files as one ZIP, made while it is sent."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: From this size on a file inside needs ZIP64, which a few old programs cannot read.
ZIP64_FROM = 1 << 31


class _Pipe(io.RawIOBase):
    """Where zipfile writes to; it cannot seek, so zipfile writes as a stream."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.written += data
        return len(data)

    def taken(self) -> bytes:
        found = bytes(self.written)
        self.written.clear()
        return found


def archive(files: Iterable[tuple[str, Iterable[bytes]]], largest: int) -> Iterator[bytes]:
    """From (name, pieces) to the pieces of a ZIP. ``largest`` is an upper bound of a file's size in bytes."""
    pipe = _Pipe()
    now = time.localtime()[:6]
    with ZipFile(pipe, "w") as zipped:
        for name, pieces in files:
            entry = ZipInfo(name, now)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            with zipped.open(entry, "w", force_zip64=largest >= ZIP64_FROM) as file:
                for piece in pieces:
                    file.write(piece)
                    if pipe.written:
                        yield pipe.taken()
    yield pipe.taken()
