"""Readers on small invented pages: each trap of the markup once, by the promise it keeps."""

from __future__ import annotations

import pytest

from scraper.pages import Busy, NotUnderstood, Refused, WrongProduct, parse
from scraper.pages.authors import authors
from scraper.pages.names import split_name
from scraper.pages.richtext import etree, plain, sanitise


def page(main: str, heading: str = "Auszug - Neubau der Brücke") -> str:
    return (
        '<?xml version="1.0" encoding="iso-8859-1"?><html xmlns="http://www.w3.org/1999/xhtml"><head></head><body>'
        '<ul id="menu"><li><a href="au010.asp">Gremien</a></li></ul>'
        f'<div id="risname"><h1>{heading}&nbsp;&nbsp;</h1></div><div id="rismain">{main}</div></body></html>'
    )


HEAD = """
<table class="tk1"><tr><td><form action="to010.asp?topSelected=9001"><input type="hidden" name="SILFDNR" value="501"/></form></td>
<td class="text1"><a href="to010.asp?SILFDNR=501">des Rates der Stadt</a></td></tr>
<tr><td class="kb1">TOP:</td><td class="text1">Ö&nbsp;2.1</td></tr>
<tr><td class="kb1">Gremium:</td><td><a href="pa020.asp?PALFDNR=1">Rat der Stadt</a></td>
    <td class="kb1">Beschlussart:</td><td>(offen)</td></tr>
<tr><td class="kb1">Datum:</td><td>Mo, <a href="si010_e.asp?YY=2025&MM=11&DD=3" title="Sitzungskalender 11/2025 anzeigen">03.11.2025</a></td>
    <td class="kb1">Status:</td><td>öffentlich</td></tr></table><hr>
"""
WORD = '<a name="allris{}"></a><?xml version="1.0"?><html><head><title>ALLRIS® Office Integration 3.9.2</title></head><body>{}</body></html>'
URL = "https://town.example/bi/to020.asp?TOLFDNR=9001"


def excerpt(*documents: str, codes: str = "WP BS AE", encoding: str = "windows-1252"):
    words = "".join(WORD.format(code, text) for code, text in zip(codes.split(), documents, strict=False))
    return parse(page(HEAD + words).encode(encoding), URL)


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8"])
def test_text_keeps_every_letter_whatever_encoding_is_declared(encoding: str) -> None:
    found = excerpt(
        "<p><span>Der Rat stimmt „f</span><span>ü</span><span>r“ 5&#xa0;€ – ab.</span></p>", encoding=encoding
    )
    assert found.sections[0].text == "Der Rat stimmt „für“ 5 € – ab."
    assert found.meeting.date == "2025-11-03" and found.item.number == "2.1" and found.item.result is None


def test_one_stray_byte_spoils_one_letter_at_most() -> None:
    body = page(HEAD + WORD.format("WP", "<p>Straße für Fußgänger: größer, schöner, „grüner“.</p>" * 9)).encode()
    found = parse(body.replace("„".encode(), b"\x84", 1).replace(b"<p>", b"<p>\x0b\x01", 1), URL)
    assert found.sections[0].text == "\n".join(["Straße für Fußgänger: größer, schöner, „grüner“."] * 9)


def test_a_frame_may_be_as_untidy_as_it_likes() -> None:
    around = '<form><table><tr><td><span class="a"/>', '</td></tr></table><span class="b"/><p></div>'
    body = (
        page(HEAD)
        .replace('<div id="risname">', around[0] + '<div id="risname">')
        .replace("</body>", around[1] + "</body>")
    )
    assert parse(body.encode(), URL).item.number == "2.1"


def test_nested_documents_leak_no_title_and_empty_sections_are_none() -> None:
    found = excerpt("<p>&#xa0;</p>", "<hr /><p>Beschluss:</p><p>Ja.</p>")
    assert [(s.code, s.text) for s in found.sections] == [("BS", "Beschluss:\nJa.")]


def test_tables_keep_their_cells_apart() -> None:
    rows = "<tr><td><p>&nbsp;</p></td><td><p>gesamt</p></td><td><p>SPD</p></td></tr><tr><td>dafür:</td><td>21</td><td></td></tr>"
    [section] = excerpt(f"<table style='x'>{rows}</table><p>Ende</p>").sections
    assert section.text == "\tgesamt\tSPD\ndafür:\t21\nEnde"
    assert section.html.startswith("<table><tbody><tr><td></td><td><p>gesamt</p></td>") or "<td>" in section.html


def test_html_is_safe() -> None:
    rich = sanitise(
        '<p class="x" style="y" onclick="z">a<script>b</script><img src=x onerror=c><a href="javascript:d">e</a>'
        '<a href="/allris/si010_j.asp?YY=2025">1.1.</a> <a href="https://example.org/">f</a></p>'
    )
    assert (
        rich
        == '<p>a<a rel="noopener nofollow">e</a><a rel="noopener nofollow">1.1.</a> <a href="https://example.org/" rel="noopener nofollow">f</a></p>'
    )
    assert plain(rich) == "ae1.1. f"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("Zugriff verweigert (Programm to020.asp).<br>", Refused),
        ("<html><body>Keine Information verf&uuml;gbar</body></html>", Refused),
        ("<h1>Object Moved</h1>This document may be found <a HREF=''>here</a>", Refused),
        ("<html><body>zu viele Zugriffe</body></html>", Busy),
        (
            '<html><head><meta name="description" content="ALLRIS net Version 4.1.2"></head><body></body></html>',
            WrongProduct,
        ),
        ("<html><body><h1>Wartungsarbeiten</h1></body></html>", NotUnderstood),
        ("", NotUnderstood),
        (page(HEAD)[:-40], NotUnderstood),
        (page(HEAD.replace("Mo, ", "Di, ")), NotUnderstood),
        (page(HEAD.replace("03.11.2025", "31.11.2025")), NotUnderstood),
        (page(HEAD.replace("topSelected=9001", "topSelected=9002")), NotUnderstood),
        (page(HEAD.replace("<tr>", "tr>", 1)), NotUnderstood),
        (page(HEAD + "<div>" * 400 + "</div>" * 400), NotUnderstood),
        (page(HEAD, heading="Vorlage - 2025/0001"), NotUnderstood),
    ],
)
def test_no_page_becomes_half_a_row(body: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"town\.example"):
        parse(body.encode("windows-1252"), URL)


def test_binary_data_is_no_page() -> None:
    with pytest.raises(NotUnderstood, match="binary"):
        parse(bytes(range(256)) * 20, URL)


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("SPD-Fraktion", "SPD-Fraktion"),
        ("SPD- und CDU-Fraktion", "SPD- und CDU-Fraktion"),
        ("A-Fraktion<br />Grüne-Fraktion", "A-Fraktion; Grüne-Fraktion"),
        ("Fraktion GRÜNE Bergedorf", "Fraktion GRÜNE Bergedorf"),
        ("Fraktion Bündnis 90/Die Grünen", "Fraktion Bündnis 90/Die Grünen"),
        ("Gruppe CDU / DIE UNABHÄNGIGEN / FDP", "Gruppe CDU / DIE UNABHÄNGIGEN / FDP"),
        ("SVO Wind, Lars", "SVO Wind, Lars"),
        ("1. SVO Wind, Lars<br />2. Beispiel, Max", "SVO Wind, Lars"),
        ("Integrationsrat", "Integrationsrat"),
        (
            "Ausschuss für Finanzen, Beteiligungen und Immobilien",
            "Ausschuss für Finanzen, Beteiligungen und Immobilien",
        ),
        ("Fraktion Forum Beispielstadt", "Fraktion Forum Beispielstadt"),
        ("SPD Bezirksfraktion Beispielstadt", "SPD Bezirksfraktion Beispielstadt"),
        ("B 90 / DIE GRÜNEN-Fraktion", "B 90 / DIE GRÜNEN-Fraktion"),
        ("AfD - Fraktion", "AfD - Fraktion"),
        ("Ausschuss für Umwelt, Frau Beispiel", None),
        ("Bezirksvertretung Beispiel-Mitte", "Bezirksvertretung Beispiel-Mitte"),
        ("Stadtverordnete Dr. Erika Beispiel", "Stadtverordnete Dr. Erika Beispiel"),
        ("Integrationsrat - Beispiel, Erika", None),
        ("Bezirksvertretung Mitte, Erika Beispiel", None),
        ("Ausschuss für Umwelt, Erika Beispiel", None),
        ("Gruppe Bauordnung Beispiel", None),
        ("Fraktion Geschäftsstelle Erika Beispiel", None),
        ("Ratsmitglied Muster / Beispiel, Max (FB 10)", None),
        ("Oberbürgermeister Büro, Erika Beispiel", None),
        ("Beispiel, Erika", None),
        ("Erika Beispiel", None),
        ("Beispiel, Erika - Tel.: 3050", None),
        ("1. Erika Beispiel 2. Max Beispiel", None),
        ("Büro der SPD-Fraktion, Frau Beispiel", None),
        ("SPD-Fraktion Max Beispiel", None),
        ("FB 51 - Umwelt und Stadtplanung", None),
    ],
)
def test_employees_are_forgotten_groups_and_elected_people_kept(printed: str, kept: str | None) -> None:
    cell = etree.fromstring(f"<table><tr><td>{printed}</td></tr></table>", etree.HTMLParser()).find(".//td")
    assert authors([("Verfasser", cell)]) == kept


@pytest.mark.parametrize(
    ("printed", "family", "given", "form", "title"),
    [
        ("Muster, Maria", "Muster", "Maria", None, None),
        ("Dr. Maria Muster", "Muster", "Maria", None, "Dr."),
        ("Herr Max von der Heide", "von der Heide", "Max", "Herr", None),
        ("Prof. Dr. Muster, Max", "Muster", "Max", None, "Prof. Dr."),
        ("Muster", "Muster", None, None, None),
        ("Ana Sofia Muster Beispiel", None, None, None, None),
    ],
)
def test_names_are_split_only_where_nothing_is_in_doubt(
    printed: str, family: str, given: str, form: str, title: str
) -> None:
    assert split_name(printed) == (family, given, form, title)
