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


class _Rows(Environment):
    template_class = _Ready

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As Jinja does; of a row, which has no attributes, without trying first."""
        if type(obj) is dict and attribute in obj and attribute not in dict.__dict__:
            return obj[attribute]
        return super().getattr(obj, attribute)


async def render(datasette: Datasette, template: str, context: Mapping[str, Any], request: Request) -> str:
    """As Datasette does, in half the time: of values that are all there, so that nothing is awaited."""
    if datasette not in _environments:
        of_datasette = datasette.jinja_env
        ours = _Rows(
            loader=of_datasette.loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
        )
        for extension in of_datasette.extensions.values():
            ours.add_extension(type(extension))
        ours.filters, ours.globals = of_datasette.filters, of_datasette.globals
        _environments[datasette] = ours
    return await datasette.render_template(_environments[datasette].get_template(template), dict(context), request)
