"""Fifty files no reader should trip over, made here from nothing: name -> bytes and what is to be said of them."""

from __future__ import annotations

import random
import zlib

from demo import pdf
from scraper.attachments import CUT, EMPTY, HTML, NOT_PDF
from scraper.extract import BROKEN, CRASHED, ENCRYPTED, NO_LETTERS, SCAN, TOO_SLOW, UNKNOWN_LOCK

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
LINES = [["Der Rat der Stadt beschließt", "den Haushalt."]] * 3
#: What may be said of files that want too much of the reader: how far it comes depends on the machine.
HEAVY = f"{TOO_SLOW}|{CRASHED}|Speicher|Zu lang|{SCAN}|{BROKEN}"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def squeezed(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 1)
    return stream(content, b"/Filter [%s]" % (b"/FlateDecode " * times))


def whole(*objects: bytes, trailer: bytes = b"/Root 1 0 R", xref: bool = True) -> bytes:
    data = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data) if xref else 7
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(data + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start))


def one_page(content: bytes, *objects: bytes, resources: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    """Content is object 4; ``objects`` begin with 5."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (box, resources)
    return whole(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, content, *objects)


def in_font(font: bytes, shown: bytes, *objects: bytes) -> bytes:
    return one_page(
        stream(b"BT /F 12 Tf 60 780 Td %s Tj ET" % shown), font, *objects, resources=b"/Font << /F 5 0 R >>"
    )


def mapped_to(code: bytes) -> bytes:
    """A font whose letters A to J all stand for one character."""
    table = stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        b"1 begincodespacerange <00> <FF> endcodespacerange 10 beginbfchar "
        + b" ".join(b"<%02X> <%s>" % (65 + letter, code) for letter in range(10))
        + b" endbfchar endcmap end end"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    return in_font(font, b"(ABCDEFGHIJABCDEFGHIJ)", table)


def glyphs() -> bytes:
    """A subset font without ToUnicode: the numbers of its glyphs are no letters."""
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
        b"/Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 "
        b">> /FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 >> >>] >>"
    )
    return in_font(font, b"<0003000400050006000700080010001100120013001400150003>")


def forms(depth: int, width: int) -> bytes:
    """Each form shows the next so many times."""
    content = [b"/X Do " * width] * (depth - 1) + [b"BT /F 12 Tf (x) Tj ET"]
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /X %d 0 R >> >>"
    objects = [stream(text, entries % (6 + number)) for number, text in enumerate(content)]
    return one_page(stream(b"/X Do"), *objects, resources=b"/XObject << /X 5 0 R >>")


def picture(entries: bytes, data: bytes = b"x") -> bytes:
    image = stream(data, b"/Type /XObject /Subtype /Image " + entries)
    return one_page(stream(b"q 595 0 0 842 0 0 cm /X Do Q"), image, resources=b"/XObject << /X 5 0 R >>")


def locked(entries: bytes) -> bytes:
    trailer = b"/Root 1 0 R /ID [<00> <00>] /Encrypt << %s >>" % entries
    return whole(CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>", trailer=trailer)


def hostile() -> dict[str, tuple[bytes, str]]:
    """The second of each pair is a pattern of the stored reason."""
    plain, dice = pdf.text(LINES), random.Random(5)
    keys = b"/O <%s> /U <%s> /P -4" % (b"ab" * 32, b"cd" * 32)
    pages = b"<< /Type /Pages /Kids [%s] /Count %s >>"
    text = b"BT /F 12 Tf 60 780 Td (Haushalt) Tj ET"
    helvetica = {"resources": b"/Font << /F 5 0 R >>"}
    files = {
        "locked": (pdf.text(LINES, locked=True), ENCRYPTED),
        "locked, 128 bits": (locked(b"/Filter /Standard /V 2 /R 3 /Length 128 " + keys), ENCRYPTED),
        "locked, no keys": (locked(b"/Filter /Standard /V 1 /R 2 /P -4"), ENCRYPTED),
        "locked, public keys": (locked(b"/Filter /Adobe.PubSec /V 4 /SubFilter /adbe.pkcs7.s5"), UNKNOWN_LOCK),
        "locked, version 99": (locked(b"/Filter /Standard /V 99 /R 99 " + keys), f"{ENCRYPTED}|{UNKNOWN_LOCK}"),
        "no bytes": (b"", EMPTY),
        "an error page": (b"<!DOCTYPE html><html><body><h1>500</h1></body></html>", HTML),
        "an old error page": (b"<html><head><title>Fehler</title></head></html>", HTML),
        "an ASP error": (b"<?xml version='1.0'?>\n<html><body>Microsoft VBScript</body></html>", HTML),
        "Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), NOT_PDF),
        "Word, new": (b"PK\x03\x04" + dice.randbytes(500), NOT_PDF),
        "RTF": (b"{\\rtf1\\ansi Haushalt}", NOT_PDF),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(300), NOT_PDF),
        "photograph": (b"\xff\xd8\xff\xe0" + dice.randbytes(300), NOT_PDF),
        "program": (b"MZ" + dice.randbytes(900), NOT_PDF),
        "noise": (dice.randbytes(5000), NOT_PDF),
        "plain words": ("Der Rat beschließt.".encode("utf-16"), NOT_PDF),
        "NULs": (bytes(10_000), NOT_PDF),
        "PDF too late": (b"x" * 5000 + plain, NOT_PDF),
        "only a head": (b"%PDF-1.7\n", CUT),
        "half": (plain[: len(plain) // 2], CUT),
        "a tenth missing": (plain[: len(plain) * 9 // 10], CUT),
        "last line missing": (plain[:-8], CUT),
        "zeros at the end": (plain[:-200] + bytes(5000), CUT),
        "head and end": (b"%PDF-1.7\n%%EOF\n", BROKEN),
        "noise inside": (b"%PDF-1.7\n" + dice.randbytes(9000) + b"\n%%EOF", BROKEN),
        "no catalog": (whole(b"<< /Type /Nothing >>"), BROKEN),
        "no pages": (whole(b"<< /Type /Catalog >>"), BROKEN),
        "pages of nothing": (whole(CATALOG, pages % (b"", b"0")), BROKEN),
        "a billion pages": (whole(CATALOG, pages % (b"2 0 R 2 0 R", b"1000000000")), HEAVY),
        "fewer than no pages": (whole(CATALOG, pages % (b"2 0 R", b"-5")), BROKEN),
        "pages that are missing": (whole(CATALOG, pages % (b"8 0 R 9 0 R", b"2")), BROKEN),
        "a catalog in itself": (whole(b"<< /Type /Catalog /Pages 1 0 R >>"), f"{BROKEN}|{SCAN}"),
        "no content": (whole(CATALOG, pages % (b"3 0 R", b"1"), b"<< /Type /Page /Parent 2 0 R >>"), SCAN),
        "5,000 pages": (pdf.text([["Seite"]] * 5000), "bis Seite 2000 von 5000"),
        "a novel": (pdf.text([["Wort " * 18] * 32] * 750), "Zu lang"),
        "zip bomb": (one_page(squeezed(bytes(300_000_000), 2)), HEAVY),
        "zip bomb, five times": (one_page(squeezed(bytes(300_000_000), 5)), HEAVY),
        "text bomb": (one_page(squeezed(text * 1_000_000, 2), HELVETICA, **helvetica), HEAVY),
        "brackets": (one_page(squeezed(b"[" * 5_000_000)), HEAVY),
        "saved states": (one_page(squeezed(b"q " * 9_000_000)), HEAVY),
        "forms in forms": (forms(12, 12), HEAVY),
        "a form in itself": (
            one_page(
                stream(b"/X Do"),
                stream(b"/X Do", b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"),
                resources=b"/XObject << /X 5 0 R >>",
            ),
            SCAN,
        ),
        "a huge picture": (picture(b"/Width 100000 /Height 100000 /ColorSpace /DeviceRGB /BitsPerComponent 16"), SCAN),
        "a broken picture": (picture(b"/Width 10 /Height 10 /Filter /JBIG2Decode", dice.randbytes(99)), SCAN),
        "glyphs without letters": (glyphs(), NO_LETTERS),
        "private letters": (mapped_to(b"E123"), NO_LETTERS),
        "NULs as letters": (mapped_to(b"0000"), f"{NO_LETTERS}|{SCAN}"),
        "bells as letters": (mapped_to(b"0007"), NO_LETTERS),
        "replacement characters": (mapped_to(b"FFFD"), NO_LETTERS),
    }
    assert len(files) == 50
    return files
