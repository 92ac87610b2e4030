"""Why a page yields no data: each error names the page and the reason."""

from __future__ import annotations


class PageError(Exception):
    """A page that yields no data; the message names the page and the reason."""


class NotUnderstood(PageError):
    """The structure is not the one expected: nothing is stored, a person must look."""

    def __init__(self, url: str, expected: str):
        super().__init__(f"{url}: not understood, expected {expected}")


class Refused(PageError):
    """ALLRIS says that the page is not public, not released or not there (with HTTP 200)."""

    def __init__(self, url: str, reason: str):
        super().__init__(f"{url}: refused ({reason})")


class Busy(PageError):
    """ALLRIS asks to slow down ("zu viele Zugriffe")."""


class WrongProduct(PageError):
    """The page is no ALLRIS classic page: ALLRIS 4, the responsive edition or something else."""
