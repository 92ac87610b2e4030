"""Invented council German: sentences assembled from the word lists, as blocks of a section."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from . import words
from .dice import Dice
from .people import People
from .records import Block

BLANK = Block("blank")


class Writer:
    """Fills templates around one date with one stream of chance. Works as the mapping of `str.format_map`."""

    def __init__(self, dice: Dice, day: date, people: People, body: str = "Rat") -> None:
        self.dice = dice
        self._day = day
        self._people = people
        self._body = body

    def __getitem__(self, key: str) -> str:
        dice = self.dice
        match key:
            case "street":
                return dice.pick(words.STREETS)
            case "place":
                return dice.pick(words.PLACES)
            case "school":
                return dice.pick(words.SCHOOLS)
            case "topic":
                return dice.pick(words.TOPICS)
            case "adj":
                return dice.pick(words.ADJECTIVES)
            case "amount":
                thousands = 1 + dice.below(900)
                return f"{thousands}.{dice.below(10)}00\u00a0€" if dice.chance(60) else f"{thousands}\u00a0000\u00a0€"
            case "date":
                return (self._day + timedelta(days=dice.below(300) - 150)).strftime("%d.%m.%Y")
            case "year":
                return str(self._day.year + 1)
            case "n":
                return str(2 + dice.below(298))
            case "small":
                return str(2 + dice.below(9))
            case "body":
                return self._body
            case "person":
                person = self._people.elected(dice)
                return f"{person.form_of_address} {person.family_name}"
        raise KeyError(key)

    def line(self, templates: Sequence[str]) -> str:
        """One sentence of the list, filled."""
        return self.dice.pick(templates).format_map(self)

    def fill(self, template: str) -> str:
        """That template, filled."""
        return template.format_map(self)

    def paragraphs(self, templates: Sequence[str], count: int, sentences: int = 2) -> list[Block]:
        """Paragraphs of some sentences each, parted by empty ones."""
        blocks: list[Block] = []
        for _ in range(count):
            text = " ".join(self.line(templates) for _ in range(sentences))
            blocks += [Block("p", text), BLANK]
        return blocks

    def numbered(self, templates: Sequence[str], count: int, kind: str = "ol") -> Block:
        """A list."""
        return Block(kind, items=tuple(self.line(templates) for _ in range(count)))

    def cost_table(self) -> Block:
        """A Word table with figures."""
        rows = [("Jahr", "Ansatz", "Bedarf")]
        rows += [(str(self._day.year + year), self["amount"], self["amount"]) for year in range(3)]
        return Block("table", style="cost", rows=tuple(rows))


def label(text: str) -> list[Block]:
    """A heading line of a section, then an empty paragraph."""
    return [Block("p", text, "bold"), BLANK]
