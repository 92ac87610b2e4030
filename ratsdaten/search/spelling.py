"""Meinten Sie: words of the texts themselves that are spelt nearly like what was typed."""

from __future__ import annotations

import sqlite3

from rapidfuzz import process  # edit distances in C++
from rapidfuzz.distance import OSA

from .lexicon import lexicon
from .stems import fold


def similar(conn: sqlite3.Connection, typed: str) -> list[str]:
    """Up to three words of the texts, the likeliest first: least unlike, then most common. None if spelt well."""
    text = fold(typed)
    if lexicon().knows(text):
        return []
    # Letters wrong, missing, too many or changed with the next; one in what could be a compound: Glas|fässer.
    slips = 1 if len(text) < 6 or len(lexicon().read(text)) > 1 else 2 if len(text) < 14 else 3
    near = conn.execute(
        "SELECT word, count, folded FROM search_words WHERE length(folded) BETWEEN ? AND ?",
        (len(text) - slips, len(text) + slips),
    ).fetchall()
    folded = [row[2] for row in near]
    if text in folded:
        return []
    found = process.extract(text, folded, scorer=OSA.distance, score_cutoff=slips, limit=10)
    ranked = sorted(found, key=lambda match: (match[1], -near[match[2]][1]))
    return [near[place][0] for _, _, place in ranked[:3]]
