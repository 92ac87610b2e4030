"""datasette-vega's script (about 900 KB) is loaded where it draws: on table and query pages, nowhere else."""

from collections.abc import Generator
from typing import Any

import pluggy
from datasette import hookimpl


def keep(template: str, outcome: pluggy.Result[Any]) -> None:
    if not template.startswith(("table", "query")):
        lists = [[url for url in urls if "datasette_vega/" not in str(url)] for urls in outcome.get_result()]
        outcome.force_result(lists)


@hookimpl(hookwrapper=True)
def extra_js_urls(template: str) -> Generator[None, pluggy.Result[Any], None]:
    keep(template, (yield))


@hookimpl(hookwrapper=True)
def extra_css_urls(template: str) -> Generator[None, pluggy.Result[Any], None]:
    keep(template, (yield))
