"""Real PDFs written by hand: pages of text, the same scanned, the same behind a password."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import pypdfium2

LINES = 32
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
# No password fits these keys, so that no reader gets in: the file need not even be encrypted.
_LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>] " % (b"ab" * 32, b"cd" * 32)


def text(pages: Sequence[Sequence[str]], locked: bool = False) -> bytes:
    """A4 pages that show the lines; ``locked``: to nobody."""
    bodies = []
    for lines in pages:
        shown = "".join(f"({_escape(line)}) Tj 0 -22 Td " for line in lines)
        bodies.append(_stream(b"", f"BT /F1 11 Tf 60 780 Td {shown}ET".encode("cp1252", "replace")))
    return _whole([(body, b"/Font << /F1 3 0 R >>") for body in bodies], [_FONT], _LOCK if locked else b"")


def scanned(pages: Sequence[Sequence[str]]) -> bytes:
    """The same pages as grey pictures of 150 dpi, as a copier makes them: nothing to select, nothing to search."""
    pictures = []
    for page in pypdfium2.PdfDocument(text(pages)):
        bitmap = page.render(scale=150 / 72, grayscale=True)
        rows = memoryview(bitmap.buffer).cast("B")
        grey = b"".join(bytes(rows[y * bitmap.stride :][: bitmap.width]) for y in range(bitmap.height))
        kind = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        pictures.append(_stream(kind % (bitmap.width, bitmap.height) + b"/Filter /FlateDecode ", zlib.compress(grey)))
    body = _stream(b"", b"q 595 0 0 842 0 0 cm /P Do Q")
    return _whole([(body, b"/XObject << /P %d 0 R >>" % (3 + n)) for n in range(len(pictures))], pictures)


def _whole(pages: Sequence[tuple[bytes, bytes]], shared: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of pages (content, resources); ``shared`` are the objects from number 3 on."""
    first = 3 + len(shared)
    kids = b" ".join(b"%d 0 R" % (first + 2 * place) for place in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages))]
    objects += shared
    for place, (body, resources) in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << %s >> >>"
            % (first + 2 * place + 1, resources)
        )
        objects.append(body)
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R %s>>\n" % (len(objects) + 1, trailer)
    return bytes(data) + b"startxref\n%d\n%%%%EOF\n" % start


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def _escape(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
