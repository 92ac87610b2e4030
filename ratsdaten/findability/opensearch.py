"""The site's search for the address bar of browsers (OpenSearch 1.1)."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

CONTENT_TYPE = "application/opensearchdescription+xml; charset=utf-8"


def describe(title: str, absolute: Callable[[str], str]) -> bytes:
    root = Element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"})
    SubElement(root, "ShortName").text = title[:16]  # the most the specification allows
    SubElement(root, "LongName").text = title[:48]
    SubElement(root, "Description").text = "Sitzungen, Vorlagen, Beschlüsse und Abstimmungen durchsuchen"
    page = {"type": "text/html", "template": absolute("/suche") + "?q={searchTerms}"}
    feed = {"type": "application/atom+xml", "template": absolute("/suche.atom") + "?q={searchTerms}"}
    for address in (page, feed):
        SubElement(root, "Url", address)
    SubElement(root, "Language").text = "de"
    SubElement(root, "InputEncoding").text = "UTF-8"
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
