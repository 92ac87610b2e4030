"""Figures of a sentence: the number beside the word that says what it counts, and the groups' shares of it."""

from __future__ import annotations

import re

from ratsdaten.groups import known, tidy

from .ballot import Ballot, Row
from .codes import Coded, coded
from .vocabulary import GROUP_WORD, figure

_SIDE_OF = {"Y": "yes", "y": "yes", "N": "no", "n": "no", "G": "no", "A": "abstain"}
_SHARES = r"(?:(?P<list>\([^()]*\))|[f:]{0,3}(?P<one>g)(?![,;f/+&S]*[g#]))"

#: ``dafür: 11 SPD, 4 GRÜNE``: groups without a total
LISTED = re.compile(r"(?P<side>[YyNnGA]):\(?(?P<list>#g(?:[,;f&+]*#g)*|g:?#(?:[,;f&+]*g:?#)*)(?![,;f&+]*g)\)?")
#: ``dafür: 15``, ``Enthaltung: -``, ``dagegen: 3 (AfD)``, ``Gegenstimmen: keine``
LABELLED = re.compile(r"(?P<side>[YyNnGA]):?(?:-?(?P<n>[#e])|-+(?!#))(?!S?[gw])S?(?P<list>\([^()]*\))?")
#: ``12 Ja``, ``12 Ja-Stimmen (5 CDU, 7 SPD)``, ``4 Stimmen dagegen``, ``2 Enthaltungen der FDP``; not ``3 von 12 Ja``
COUNTED = re.compile(rf"(?<!v)(?P<n>[#e])S?(?P<side>[YyNnGA])(?:{_SHARES}|(?!:.))")
#: ``12 gegen 4 Stimmen``: the first half, the second is left to AGAINST
PAIR = re.compile(r"(?P<n>[#e])(?:S(?=x[#e])|(?=x[#e]S))")
#: ``gegen 4 Stimmen``, ``gegen drei Stimmen der AfD``, ``gegen 4`` after the first half of a pair
AGAINST = re.compile(rf"(?:(?<= )x|xf?(?=[#e]S))(?P<n>[#e])S?{_SHARES}?")

#: ``gegen die Stimmen der AfD``, ``Nein-Stimmen der AfD``, ``dagegen: AfD``, ``bei Gegenstimmen``; beside a figure
#: ``… und die Stimmen der AfD``
OPPOSED = re.compile(r"x[fSv]*\(?g|[NGn][fv:(]*g|[fv][NG](?!:)| f*g[f&,]+Sf*g")
#: ``dafür: 13 + OB``, ``2 Enthaltungen der CDU und einer der FDP``, ``gegen 2 Stimmen der AfD, 1 Stimme der FDP``:
#: the figure before is a part of its side
MORE = re.compile(r"[&+][fv&]*(?:S?[fv]*g|[#e])|[fv:]*g(?:[,&fv]+g)*&[fv]*[#e]|(?:[fv:]*g)?[,;]&?[#e](?:S|[fv]+g)")


def read_figures(sentence: Coded, ballot: Ballot, nouns_only: bool) -> str:
    """Read the figures beside their words into the ballot; returns the codes with blanks where figures were.

    ``nouns_only``: in prose ``Ja-Stimmen`` is a word of votes, ``Ja`` is not.
    """
    codes = sentence.codes
    rejected = bool(set("RL") & set(codes))
    ends: list[tuple[str, int]] = []
    for rule in _rules(codes, nouns_only):
        for found in list(rule.finditer(codes)):
            parts = found.groupdict()
            code = parts.get("side", "")
            if nouns_only and code in ("y", "n"):
                continue
            side = _SIDE_OF.get(code) or ("yes" if rule is PAIR else "no")
            number = None if rule is LISTED else figure(sentence.text(*found.span("n"))) if parts["n"] else 0
            # against what, where the decision was to reject? ``je 2 Enthaltungen`` of how many?
            unsure = (rejected and code in ("G", "")) or codes[: found.start()].endswith("J")
            row = ballot.rows.setdefault(side, Row())
            row.total = None if unsure or side in dict(ends) else number
            row.open |= unsure
            ends.append((side, found.end()))
            if number == 0 and side == "no" and parts["n"] == "e":  # ohne Gegenstimmen
                ballot.words.add("nobody")
            which = next((name for name in ("list", "one") if parts.get(name)), None)
            if which and not unsure:
                ballot.words |= set(codes[slice(*found.span(which))]) & set("UM")  # 15 (einstimmig)
                _read_shares(sentence.text(*found.span(which)), row, number, ballot.labels)
            codes = codes[: found.start()] + " " * len(found[0]) + codes[found.end() :]
    more = [side for side, end in ends if MORE.match(codes, end)]
    more += ["no"] * bool(OPPOSED.search(codes)) + ["abstain"] * ("A" in codes)  # … und gegen die Stimmen der FDP
    for side in set(more) & set(ballot.rows):
        ballot.rows[side].total, ballot.rows[side].open = None, True
    return codes


def _rules(codes: str, nouns_only: bool) -> tuple[re.Pattern[str], ...]:
    """The patterns in their order; of ``Ja 12`` and ``12 Ja`` that one comes first which the sentence begins with."""
    if nouns_only:
        return COUNTED, PAIR, AGAINST
    first = re.search(r"[YyNnGA]|[#e](?=S?[YyNnGA])", codes)
    labels = re.search(r"[YyNnGA]:", codes) or (first and first[0] not in "#e")
    return LISTED, *((LABELLED, COUNTED) if labels else (COUNTED, LABELLED)), PAIR, AGAINST


_SHARE = re.compile(r"(\d{1,3})\s*x?\s+(\D.*)|(\D.*?)[\s:]+\(?(\d{1,3})\)?")


def _read_shares(text: str, row: Row, total: int | None, labels: dict[str, str]) -> None:
    """``(11 SPD, 4 GRÜNE)``, ``(SPD 11; GRÜNE 4)``, ``(AfD)`` beside a total: the groups' figures of one side."""
    if re.match(r"\((?:\+|und |plus )", text):  # 8 (+ OB): the total is no total
        row.total = total = None
    items = [item.strip(" .-") for item in re.split(r"[,;+]| und | sowie ", text.strip("() ")) if item.strip()]
    cells: dict[str, int] = {}
    printed: dict[str, str] = {}
    for item in items:
        share = None if known(item) else _SHARE.fullmatch(item)
        label = tidy(share[2] or share[3]).strip("-–= ") if share else item
        name = known(label) or (label if share and _may_be_group(label) else None)
        alone = 1 if name == "OB" else total if len(items) == 1 else None  # the mayor is one person
        number = int(share[1] or share[4]) if share else alone
        if name is None or number is None or name in cells:
            row.open = True
        else:
            cells[name], printed[name] = number, label
    if any(map(known, cells)) or (sum(cells.values()) == total and not row.open):
        row.cells |= cells
        labels |= printed | labels
    else:
        row.open = True


def _may_be_group(label: str) -> bool:
    """A name groups.yml does not know: ``Bürgerliste``, ``pro NRW``; no ``Herr Müller``, no ``sachkundige Bürger``."""
    named = re.search(r"\b[A-ZÄÖÜ]{2,}\b", label) or GROUP_WORD.search(label)
    return named is not None and len(label) <= 40 and set(coded(label).codes) <= {*"wfv"}
