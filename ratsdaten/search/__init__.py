"""German full-text search: what a person types, the index behind it, hits with counts and snippets."""

from .hits import export, search, suggestions
from .index import rebuild, refresh
from .model import KINDS, PAGE_SIZE, Count, Hit, Results, Search
from .query import escape_fts

__all__ = [
    "KINDS", "PAGE_SIZE", "Count", "Hit", "Results", "Search",
    "escape_fts", "export", "rebuild", "refresh", "search", "suggestions",
]  # fmt: skip
