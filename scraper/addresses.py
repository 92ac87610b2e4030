"""Addresses of ALLRIS pages: the parameters that name a page, and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from .pages import kind_of
from .pages.markup import program

#: Program -> parameters that name the page; all others are presentation or session state.
PARAMETERS = {
    "to010": ("SILFDNR",),
    "to020": ("TOLFDNR",),
    "vo020": ("VOLFDNR",),
    "au020": ("AULFDNR",),
    "pa020": ("PALFDNR",),
    "pa021": ("PALFDNR",),
    "fr020": ("FRLFDNR",),
    "kp020": ("KPLFDNR", "history"),
    "au010": ("SORTBIS", "SORTVON"),
    "vo040": ("shownext",),
    "si010": ("MM", "YY"),
    "si010_a": ("MM", "PALFDNR", "YY"),
    "si010_e": ("MM", "YY"),
    "si010_j": ("MM", "YY"),
}


def canonical(url: str) -> str:
    """The page's one address, under which the ledger knows it."""
    parts = urlsplit(url)
    names = PARAMETERS.get(program(url), ())
    pairs = sorted((name, value) for name, value in parse_qsl(parts.query) if name in names)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))


class Site:
    """Builds canonical addresses below one base address (``https://www.herne.de/allris/``)."""

    def __init__(self, base_url: str):
        self.base_url = base_url if base_url.endswith("/") else base_url + "/"

    def page(self, name: str, **parameters: int | str) -> str:
        return canonical(urljoin(self.base_url, f"{name}.asp?{urlencode(parameters)}"))

    def meeting(self, number: int) -> str:
        return self.page("to010", SILFDNR=number)

    def excerpt(self, number: int) -> str:
        return self.page("to020", TOLFDNR=number)

    def paper(self, number: int) -> str:
        return self.page("vo020", VOLFDNR=number)

    def person(self, number: int) -> str:
        return self.page("kp020", KPLFDNR=number, history="true")

    def roster(self, organization: str) -> str:
        """The page of ``au235``, ``pa1`` or ``fr12``."""
        name = {"au": "AULFDNR", "pa": "PALFDNR", "fr": "FRLFDNR"}[organization[:2]]
        return self.page(f"{organization[:2]}020", **{name: organization[2:]})

    def calendar(self, name: str, year: int, month: int) -> str:
        return self.page(name, MM=month, YY=year)


def known_kind(url: str) -> str:
    """The kind of a page this project reads. Raises ValueError with a sentence."""
    kind = kind_of(url)
    if kind is None or urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"{url} is no page that can be read: give addresses such as …/to010.asp?SILFDNR=1.")
    return kind
