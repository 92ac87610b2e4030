"""Every address of the site and what answers it. ``key`` is what the address names, ``form`` how to send it."""

from __future__ import annotations

from . import agenda_items
from .page import Loader

FORM = r"(?P<form>\.json|\.csv)?/?$"

ROUTES: dict[str, Loader] = {
    rf"^/top/(?P<key>[^/.]+){FORM}": agenda_items.agenda_item,
}
