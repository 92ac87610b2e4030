"""Meinten Sie: words of the texts themselves that are spelt nearly like what was typed."""

from __future__ import annotations

import sqlite3

from rapidfuzz import fuzz, process  # edit distances in C++

from .stems import fold

#: How alike two words must be, of 100.
ALIKE = 75


def similar(conn: sqlite3.Connection, typed: str) -> list[str]:
    """Up to three words of the texts, the likeliest first: more alike, then more common. None if it is one of them."""
    size = len(typed)
    near = conn.execute(
        "SELECT word, count FROM search_words WHERE length(word) BETWEEN ? AND ?", (size - 3, size + 3)
    ).fetchall()
    folded = [fold(word) for word, _ in near]
    if fold(typed) in folded:
        return []
    found = process.extract(fold(typed), folded, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=10)
    ranked = sorted(found, key=lambda match: (-round(match[1] / 4), -near[match[2]][1]))
    return [near[place][0] for _, _, place in ranked[:3]]
