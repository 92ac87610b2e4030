"""How our own templates become HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.utils.asgi import Request
from jinja2 import Environment, Template

_environments: WeakKeyDictionary[Datasette, Environment] = WeakKeyDictionary()


class _Ready(Template):
    async def render_async(self, *arguments: Any, **named: Any) -> str:
        return self.render(*arguments, **named)


async def render(datasette: Datasette, template: str, context: Mapping[str, Any], request: Request) -> str:
    """As Datasette does, but of values that are all there: where nothing is awaited, a page takes two thirds of the
    time."""
    if datasette not in _environments:
        ready = datasette.jinja_env.overlay(enable_async=False)
        ready.template_class = _Ready
        _environments[datasette] = ready
    return await datasette.render_template(_environments[datasette].get_template(template), dict(context), request)
