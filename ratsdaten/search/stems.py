"""One spelling for every form of a word: folding and the German Snowball stemmer. Pure functions of the word."""

from __future__ import annotations

import re
import unicodedata

import Stemmer  # the Snowball project's own build of its stemmers

#: A word as SQLite's unicode61 sees it: letters and digits.
WORD = re.compile(r"[^\W_]+")
_STEMMER = Stemmer.Stemmer("german", 0)
#: Umlauts, and letters that no normalisation takes apart.
_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "a", "œ": "o"})
# "ue" is no umlaut after these letters: neue, Steuer, Quelle.
_DIGRAPH = re.compile(r"(?<![aeioqu])(?:ae|oe|ue)")
_PLAIN = re.compile(r"[a-z0-9]*")


def fold(word: str) -> str:
    """Small letters without umlauts and accents, ß as ss: ``Mueller``, ``MÜLLER`` → ``muller``. Words stay one word."""
    text = _DIGRAPH.sub(lambda match: match[0][0], word.casefold().translate(_LETTERS))
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter)).casefold()
    return text


def stem(folded: str) -> str:
    """What the Snowball stemmer leaves of a folded word; also of a plural in s after a vowel (Kitas, Büros)."""
    root = _STEMMER.stemWord(folded)
    return root[:-1] if len(root) > 4 and root.endswith(("as", "os", "ys")) else root
