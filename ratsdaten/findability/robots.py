"""robots.txt (RFC 9309): crawlers read the pages; what they would only multiply stays with people and programs."""

from __future__ import annotations

from collections.abc import Iterable

#: Addresses with a query are selections, sorted tables, facets and SQL; the sitemap names every page they lead to.
_KEPT_OFF = (
    "/*?",
    "/suche",
    "/-/",
    "/daten/",
    "/einbetten/",
    "/*.json$",
    "/*.csv$",
    "/*.atom$",
    "/*.ics$",
    "/*.zip$",
    "/*.db$",
)
#: Longer rules win: pictures and style sheets carry a query and belong to the pages.
_READ = ("/einbetten/*.png", "/einbetten/*.svg", "/static/", "/-/static/", "/daten$", "/sitemap")


def robots(databases: Iterable[str], sitemap: str, root: str = "/") -> str:
    """``databases``: names whose tables have pages of Datasette, each row a second time; ``sitemap``: its address.

    ``root``: the path the site lies under.
    """
    below = root.rstrip("/")
    lines = ["User-agent: *"]
    lines += [f"Allow: {below}{path}" for path in _READ]
    lines += [f"Disallow: {below}{path}" for path in _KEPT_OFF]
    lines += [f"Disallow: {below}/{name}{end}" for name in databases for end in ("$", "/", ".")]
    return "\n".join([*lines, "", f"Sitemap: {sitemap}", ""])
