"""Reading votes: the result section of an excerpt (or, where it is empty, the resolution) becomes ballots with figures.

Precision before recall: a figure is stored only where it is written, beside the word that says what it counts. Words
say what was voted on; no approval is derived, nothing summed up, a vote that does not add up is flagged.

``grids`` finds the lines and vote tables of a section; ``tables`` reads the tables, ``sentences`` the lines (with the
help of ``codes`` and ``figures``); ``ballot`` closes what they have read; ``vocabulary.yml`` holds the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ratsdaten.groups import known

from ..items import Section
from .ballot import Ballot, Vote, VoteCount
from .codes import coded
from .grids import Grid, blocks
from .sentences import SUBJECT, is_heading, read_line
from .tables import read_table
from .vocabulary import SIDES

__all__ = ["SIDES", "Vote", "VoteCount", "read_votes"]

#: A whole meeting in one text, as imported from before 2004: its votes belong to no single item.
IMPORTED = re.compile(r"N i e d e r s c h r i f t|Sitzungsdauer:|enthält Stopcodes")
#: ``Geänderter Beschluss:``, ``Protokollnotiz:``: lines that name no subject of a vote.
_NO_SUBJECT = re.compile(r"(?:\w+ )?(?:Beschluss|Protokoll|Anmerkung)\w*:?", re.I)


def read_votes(vote: Section | None, resolution: Section | None) -> tuple[Vote, ...]:
    """The ballots of an item in printed order: from AE, from BS only where AE holds no text beside its heading."""
    parts = blocks(vote.html) if vote else []
    strict = all(isinstance(part, str) and is_heading(part) for part in parts)
    if strict:
        parts = blocks(resolution.html) if resolution else []
    if any(isinstance(part, str) and IMPORTED.search(part) for part in parts):
        return ()
    votes: list[Vote] = []
    for ballot in _ballots(parts, strict):
        if found := ballot.vote(len(votes) + 1):
            votes.append(found)
    return tuple(votes)


def _ballots(parts: list[str | Grid], strict: bool) -> Iterator[Ballot]:
    """Group what tables and lines say into ballots; text between them is an end, or the subject of the next."""
    current: Ballot | None = None
    subject: str | None = None
    heading: str | None = None
    for part in parts:
        if isinstance(part, str) and is_heading(part):
            heading, strict = part, False
            if current and current.rows:
                yield current
                current = None
            continue
        for piece in read_line(part, strict, heading) if isinstance(part, str) else read_table(part):
            if isinstance(piece, Ballot):
                if strict and piece.source == "table" and len(piece.rows) < 3 and not piece.labels:
                    continue  # Ja 40 / Nein 60 within a resolution: a survey?
                piece.subject, subject = piece.subject or subject, None
                if piece.subject and known(piece.subject):
                    continue  # SPD: / 10 Ja, 0 Nein: a group's own figures
                if current and current.joins(piece):
                    current.add(piece)
                    continue
            else:
                subject = piece if _is_subject(piece, strict) else None
            if current:
                yield current
            current = piece if isinstance(piece, Ballot) else None
    if current:
        yield current


def _is_subject(line: str, strict: bool) -> bool:
    """A line with a colon, or the name of a motion, a number, a group; ``Antrag … zurückgezogen.`` is none."""
    said = bool(set("PVELDRS") & set(coded(line).codes)) or re.search(r"[a-zäöüß]\.$", line)
    named = line.endswith(":") or known(line) or (not strict and SUBJECT.match(line) and not said)
    return bool(named) and len(line) <= 300 and not _NO_SUBJECT.fullmatch(line) and not is_heading(line)
