"""Row pages show the stored rich text (columns named *_html) as text, not as tags."""

from typing import Any

import nh3
from datasette import hookimpl
from markupsafe import Markup

from ratsdaten.site.rich import only_links

#: No picture: it would be asked for at its own host.
TAGS = nh3.ALLOWED_TAGS - {"img"}


def rich_text(html: str) -> Markup:
    """Markup for a page: the writer stores clean HTML, cleaned again because a database file can come from anywhere."""
    return Markup(only_links(nh3.clean(html, tags=TAGS)))


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.filters["rich_text"] = rich_text
