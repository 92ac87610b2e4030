"""datasette-vega's script (about 900 KB) is loaded where it draws: on table and query pages with rows, nowhere else.

Which rows there are only the templates know (ratsdaten/serving/german.yml).
"""

from collections.abc import Generator, Iterable
from typing import Any

import pluggy
from datasette import hookimpl


def without_charts(urls: Iterable[Any]) -> list[Any]:
    return [url for url in urls if "datasette_vega/" not in str(url)]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.filters["ohne_diagramme"] = without_charts


def keep(template: str, outcome: pluggy.Result[Any]) -> None:
    if not template.startswith(("table", "query")):
        outcome.force_result([without_charts(urls) for urls in outcome.get_result()])


@hookimpl(hookwrapper=True)
def extra_js_urls(template: str) -> Generator[None, pluggy.Result[Any], None]:
    keep(template, (yield))


@hookimpl(hookwrapper=True)
def extra_css_urls(template: str) -> Generator[None, pluggy.Result[Any], None]:
    keep(template, (yield))
