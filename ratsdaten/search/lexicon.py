"""The words German compounds are made of, compiled from simplemma's dictionary (1.1 million forms) and language.yml.

Compiling takes some 15 seconds, so the outcome (four megabytes) lies beside Python's own compiled files.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from itertools import islice
from math import log
from pathlib import Path
from typing import Any

import yaml

from .stems import fold, stem

#: A part is a word that stands in at least this many compounds of the dictionary.
COMPOUNDS = 3
_LONGEST = 60  # letters of a word that is looked at
_STREET = re.compile(r"(.{3,})(strassen?)")
_CODA = re.compile(r"[aeiouy][^aeiouy]*$")
_SETS = ("whole", "doubtful", "prefixes", "codas")
_NEVER = 1000.0  # what no reading costs


def data() -> dict[str, Any]:
    """What language.yml says."""
    return yaml.safe_load(files(__package__).joinpath("language.yml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All words folded. ``heads`` and ``modifiers`` say how rare a word is in compounds, as a cost."""

    normal: dict[str, str]  # form -> normal form, where the stemmer alone would go wrong
    heads: dict[str, float]  # all forms of words that compounds end with
    modifiers: dict[str, float]  # words that compounds begin with, linking letters included
    whole: frozenset[str]  # forms of words that are not split
    doubtful: frozenset[str]  # heads that verbs and adjectives often end with, too
    prefixes: frozenset[str]
    codas: frozenset[str]  # how words that stand before others sound at their end
    others: str = ""  # stems of the dictionary's other words, each in a line

    def knows(self, word: str) -> bool:
        """Whether this is a word of the dictionary in the right spelling."""
        simple = word in self.heads or word in self.modifiers or word in self.normal or word in self.whole
        return simple or f"\n{stem(word)}\n" in self.others

    def split(self, word: str) -> tuple[str, ...]:
        """The words a folded compound is made of, as spelt in it; the word alone if it is none.

        A word that no dictionary knows may come first, where nothing else fits and the rest is well known:
        ``emscher`` + ``rad`` + ``weg``.
        """
        if word in self.whole or word in self.normal or not 6 <= len(word) <= _LONGEST or not word.isalpha():
            return (word,)
        known = self.read(word)
        street = _STREET.fullmatch(word)
        if street and known[-1] != street[2]:  # Rübenkamper|straße: as where the name is spelt apart
            return (*self.split(street[1]), street[2])
        return known if len(known) > 1 or word in self.heads else self.read(word, names=True)

    def read(self, word: str, names: bool = False) -> tuple[str, ...]:
        """The cheapest way to read a word as modifiers and a head; the word alone if there is none."""
        return self.cheapest(word, names)[1]

    def cheapest(self, word: str, names: bool = False) -> tuple[float, tuple[str, ...]]:
        """The same with its cost."""
        # Where the first letters can be read as words before another: (how many, cost, those words), the cheapest way.
        reached: list[tuple[int, float, tuple[str, ...]]] = [(0, 0.0, ())]
        best: tuple[float, tuple[str, ...]] = (self.heads.get(word, _NEVER), (word,))
        for end in range(3, len(word) - 2):
            parts: tuple[str, ...] = (word[:end],)
            cost = self._name(word[:end]) if names else _NEVER
            for start, before, first in reached:
                if start > end - 3:
                    break
                if before < cost and (price := before + self._modifier(word[start:end])) < cost:
                    cost, parts = price, (*first, word[start:end])
            if cost < _NEVER:
                reached.append((end, cost, parts))
                head = word[end:]
                price = cost + self.heads.get(head, _NEVER)
                if price < best[0] and not (names and head in self.doubtful):
                    best = (price, (*parts, head))
        return best

    def _modifier(self, text: str) -> float:
        cost = min(self.modifiers.get(text, _NEVER), self.heads.get(text, _NEVER) + 2)
        if text[-1] == "s" and text[-2] != "s":
            return min(cost, self.heads.get(text[:-1], _NEVER) + 4)
        return cost

    def _name(self, text: str) -> float:
        if len(text) < 4 or text in self.prefixes or _coda(text) not in self.codas:
            return _NEVER
        return 15.0 + len(text)


@cache
def lexicon() -> Lexicon:
    """The lexicon, compiled if it is not kept yet."""
    place = Path(__file__).parent / "__pycache__" / f"lexicon-{fingerprint()}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _thaw(json.loads(place.read_text("utf-8"), parse_float=cache(float)))  # of 43,000 few differ
    # Here, as no start shall wait 0.1 s for what only this needs.
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    made = compile_lexicon(DefaultDictionaryFactory().get_dictionary("de"), data())
    _keep(made, place)
    return made


def _keep(made: Lexicon, place: Path) -> None:
    try:
        place.parent.mkdir(exist_ok=True)
        part = place.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(asdict(made) | {name: sorted(getattr(made, name)) for name in _SETS}))
        part.replace(place)
        for old in set(place.parent.glob("lexicon-*.json")) - {place}:
            old.unlink(missing_ok=True)
    except OSError as error:
        print(
            f"The search's lexicon cannot be kept in {place.parent} ({error.strerror}): every process compiles it "
            "anew, which takes some 15 seconds. Start the search once as a user who may write there.",
            file=sys.stderr,
        )


def _thaw(kept: dict[str, Any]) -> Lexicon:
    normal = {form: sys.intern(root) for form, root in kept["normal"].items()}  # a root has five forms
    return Lexicon(**kept | {name: frozenset(kept[name]) for name in _SETS} | {"normal": normal})


@cache
def fingerprint() -> str:
    """What the lexicon depends on: both data and code."""
    parts = [version("simplemma").encode(), version("PyStemmer").encode()]
    parts += [
        files(__package__).joinpath(name).read_bytes()
        for name in ("language.yml", "language.py", "lexicon.py", "stems.py")
    ]
    return sha256(b"\0".join(parts)).hexdigest()[:12]


def compile_lexicon(dictionary: Mapping[str, str], words: dict[str, Any]) -> Lexicon:
    """``dictionary``: form -> lemma, nouns capitalised; ``words``: language.yml."""
    nouns: defaultdict[str, set[str]] = defaultdict(set)
    others: defaultdict[str, set[str]] = defaultdict(set)
    folded = cache(fold)
    for form, lemma in dictionary.items():
        if lemma.isalpha() and len(lemma) > 2:
            kind = nouns if lemma[0].isupper() and lemma[1:].islower() else others
            kind[folded(lemma)].update((fold(form), folded(lemma)))
    for woman in [word for word in nouns if word.endswith("in") and f"{word}nen" in nouns[word]]:
        for man in (woman[:-2], f"{woman[:-2]}e", f"{woman[:-2]}er"):  # Ärztin, Kollegin, Beamtin
            if man in nouns:
                nouns[man] |= nouns.pop(woman)
                break
    whole, parts, never, prefixes = ({fold(w) for w in words[name]} for name in ("whole", "parts", "never", "prefixes"))
    short = {fold(word) for word in words["short"]}
    for word in parts | short | whole:
        nouns[word].add(word)

    known, adjectives = set(nouns), {word for word in others if not word.endswith("n")} - prefixes
    as_head, as_modifier = _count(known, adjectives)
    as_head.update(dict.fromkeys(parts | short | whole, COMPOUNDS))
    as_modifier.update(dict.fromkeys(parts | short | whole, COMPOUNDS))
    # Nouns like these make new compounds every day.
    as_head.update(
        {word: COMPOUNDS for word in nouns if len(word) > 6 and word.endswith(("ung", "heit", "keit", "ion"))}
    )

    ends = {form for word, count in as_head.items() if count >= COMPOUNDS for form in nouns[word]}
    inflected, nominal = _endings(others, ends), _endings(nouns, ends)
    doubtful = frozenset(form for form, n in inflected.items() if 3 * n >= nominal[form]) | short - parts
    endings = {form for form, count in inflected.items() if count > 8 * nominal[form]} - parts - short - whole
    codas = frozenset(_coda(word) for word, count in as_modifier.items() if count >= 10 * COMPOUNDS)

    def usable(word: str) -> bool:
        return word not in never and word not in prefixes and (len(word) > 3 or word in short)

    # Simple words only, shorter ones first: what can be split into words already known is no word of its own.
    whole_forms = frozenset(form for word in whole for form in nouns[word])
    made = Lexicon({}, {}, {}, whole_forms, doubtful, frozenset(prefixes), codas)
    counts = {word: as_head[word] + as_modifier[word] for word in set(as_head) | set(as_modifier)}
    for word in sorted(filter(usable, counts), key=lambda word: (len(word), word)):
        if counts[word] < COMPOUNDS:
            continue
        price, read = made.cheapest(word)
        # Transport is no Tran+Sport: such rare words do not make one as common as this.
        own = counts[word] >= 5 * COMPOUNDS and len(read) == 2 and price > _cost(counts[word]) + 6
        if len(read) > 1 and not own and word not in whole | parts:
            continue
        if as_head[word] >= COMPOUNDS:
            forms = (form for form in nouns[word] - endings if usable(form))
            made.heads.update(dict.fromkeys(forms, _cost(as_head[word])))
        if as_modifier[word] >= COMPOUNDS:
            linked = word.endswith("s") and word[:-1] in made.modifiers
            made.modifiers[word] = _cost(as_modifier[word]) + 2 * linked
    # Vorplatz, Innenhof: the dictionary has few compounds of them, a town has a Bahnhofsvorplatz.
    places = tuple(fold(place) for place in words["places"])
    for word in filter(usable, nouns):
        if any(word.startswith(place) and word.removeprefix(place) in made.heads for place in places):
            for form in filter(usable, nouns[word]):
                made.heads.setdefault(form, _cost(COMPOUNDS))
    atoms = {
        form
        for lemma, forms in (*nouns.items(), *others.items())
        if len(lemma) > 5 and not made.heads.keys().isdisjoint((lemma[-5:], lemma[-4:], lemma[-3:]))
        if len(made.read(lemma)) == 1
        if len(found := made.read(lemma, names=True)) > 1 and len(found[-1]) < 6
        if not _base(found[0], known, adjectives) and not {f"{found[0]}n", f"{found[0]}en"} & others.keys()
        for form in forms
    }
    # Anlieger: no "anli" stands before an "eger".
    made = replace(made, whole=whole_forms | atoms, others="\n")
    rest = {
        stem(word)
        for word in (*nouns, *others)
        if 3 < len(word) < 15 and not made.knows(word) and len(made.read(word)) == 1
    }
    made = replace(made, others="\n".join(("", *sorted(rest), "")))
    made.normal.update(_normal_forms(nouns, others, made))
    # Busse are more than one Bus; what is spelt Buße, language.py tells from it.
    made.normal.update({form: stem(word) for word in short for form in nouns[word] if stem(form) != stem(word)})
    return made


def _count(known: set[str], adjectives: set[str]) -> tuple[Counter[str], Counter[str]]:
    """How many nouns end, and how many begin, with which other word; beginnings as spelt, with linking letters."""
    as_head: Counter[str] = Counter()
    as_modifier: Counter[str] = Counter()
    for noun in known:
        for place in range(3, len(noun) - 2):
            if noun[place:] in known and _base(noun[:place], known, adjectives):
                as_head[noun[place:]] += 1
                as_modifier[noun[:place]] += 1
    return as_head, as_modifier


def _endings(words: Mapping[str, set[str]], wanted: set[str]) -> Counter[str]:
    """How many forms end with each form of a head; of every fourth word, which tells enough."""
    return Counter(
        form[-length:]
        for forms in islice(words.values(), 0, None, 4)
        for form in forms
        for length in range(3, min(len(form) - 2, 9))
        if form[-length:] in wanted
    )


def _coda(word: str) -> str:
    """The letters after the last vowel; ``?`` if there is no vowel."""
    return found[0][1:] if (found := _CODA.search(word)) else "?"


def _base(text: str, nouns: set[str], adjectives: set[str]) -> bool:
    """Whether a noun or adjective can take this form before another word: Schul-, Wohn-, Arbeits-, Kinder-."""
    return (
        text in nouns
        or text in adjectives
        or text + "e" in nouns
        or text + "en" in nouns
        or (text.endswith(("s", "n", "e")) and text[:-1] in nouns)
        or (text.endswith(("es", "en", "er")) and text[:-2] in nouns)
        or (text.endswith("s") and f"{text[:-1]}e" in nouns)  # Hilfs-, Geschichts-
    )


def _cost(count: int) -> float:
    return round(10 - log(count), 2)


def _normal_forms(nouns: Mapping[str, set[str]], others: Mapping[str, set[str]], made: Lexicon) -> dict[str, str]:
    """Where the stemmer goes wrong: it parts forms of one word (Museen, gebaut) or joins two (Schüler, Schule)."""
    verbs = {verb for verb in others if verb.endswith(("en", "ern", "eln", "un"))}
    heads = {word for word in nouns if word in made.heads or word in made.modifiers} - (verbs - made.whole)
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for word in sorted(heads, key=lambda word: (len(word), word)):
        other = first.setdefault(stem(word), word)
        own = word.endswith(("er", "s", "en")) and word not in nouns[other]
        for form in nouns[word]:
            if form == word or form not in heads:
                found.setdefault(form, word if own else stem(word))
    for word in sorted(nouns.keys() - heads - verbs):  # the rarer ones, if they are no compounds
        forms = [form for form in nouns[word] if stem(form) != stem(word)]
        if forms and len(made.split(word)) == 1:
            found.update((form, stem(word)) for form in forms if form not in found)
    for verb in sorted(verbs):
        root = verb[:-2] if verb.endswith("en") else verb[:-1]
        if verb.endswith("eln") and f"{root}ung" not in nouns:  # sammeln, Sammlung; but regeln, Regelung
            root = verb[:-3] + "l"
        if root + "ung" in nouns or root + "ion" in nouns or root in found or verb in nouns:  # the others are rare
            root = found.get(root, root)
            for form in others[verb]:
                if form.endswith(("t", "te", "ten", "en", "n")):
                    found.setdefault(form, root)
                    found.setdefault(form.removesuffix("e"), root)  # versiegelt is an adjective to the dictionary
    return {form: root for form, root in found.items() if stem(form) != root and len(root) > 1}
