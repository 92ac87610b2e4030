"""What the server remembers of a visitor: the place in the paper list, and which temporary paths are his."""

from __future__ import annotations

import secrets
import string
import time
from collections import OrderedDict
from dataclasses import dataclass, field

LETTERS = string.ascii_letters
KINDS = ("vo", "to")
DOCUMENT_SECONDS = 120


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


@dataclass
class Session:
    """One ASPSESSIONID. Temporary paths carry its token and a number only it can have been shown."""

    id: str = field(default_factory=lambda: _letters(24).upper())
    token: str = field(default_factory=lambda: _letters(40))
    salt: int = field(default_factory=lambda: secrets.randbits(40))
    offset: int = 0
    visits: int = 0
    documents: dict[str, tuple[int, float]] = field(default_factory=dict)

    def folder(self, kind: str, key: int) -> str:
        """The temporary folder of a page's attachments; another one on every visit (the leading number)."""
        number = (key * 2 + KINDS.index(kind)) ^ self.salt
        letters = ""
        while number:
            number, place = divmod(number, len(LETTERS))
            letters += LETTERS[place]
        self.visits += 1
        return f"___tmp/tmp/127-0-0/{self.token}/{letters}/{self.visits % 90 + 10:02d}-Anlagen"

    def owner(self, token: str, letters: str) -> tuple[str, int] | None:
        """Whose attachments lie in that folder, None for a foreign one."""
        if token != self.token:
            return None
        number = 0
        for letter in reversed(letters):
            place = LETTERS.find(letter)
            if place < 0:
                return None
            number = number * len(LETTERS) + place
        number ^= self.salt
        return KINDS[number % 2], number // 2

    def document(self, document_id: int) -> str:
        """A short-lived folder for a document of the system."""
        letters = _letters(8)
        if len(self.documents) > 50:
            self.documents.pop(next(iter(self.documents)))
        self.documents[letters] = (document_id, time.monotonic() + DOCUMENT_SECONDS)
        return f"___tmp/tmp/127-0-0/{self.token}/{letters}"

    def document_in(self, token: str, letters: str) -> int | None:
        """The document in that folder, None once its time is up."""
        found = self.documents.get(letters) if token == self.token else None
        return found[0] if found and found[1] > time.monotonic() else None


class Sessions:
    """The last thousand visitors."""

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._known: OrderedDict[str, Session] = OrderedDict()

    def get(self, session_id: str | None) -> tuple[Session, bool]:
        """The visitor's session, and whether it is new (then the answer sets the cookie)."""
        if session_id and session_id in self._known:
            self._known.move_to_end(session_id)
            return self._known[session_id], False
        session = Session()
        self._known[session.id] = session
        if len(self._known) > self._limit:
            self._known.popitem(last=False)
        return session, True
