"""How Lindenrath votes: figures by group that add up, and the three eras' ways of printing them."""

from __future__ import annotations

from datetime import date

from . import words
from .dice import Dice
from .prose import BLANK, Block, label
from .records import Vote, VoteCount

GROUP_ERA = date(2014, 1, 1)
NUMBER_WORDS = ("keine", "einer", "zwei", "drei", "vier", "fünf")

# How the result section is written; the forms rotate so that even the small town shows each.
FORMS = (
    "table",
    "table",
    "table-zero",
    "unanimous",
    "table",
    "two-ballots",
    "table-blank",
    "majority",
    "table",
    "amendment",
    "unanimous-abstentions",
    "table-wrong",
    "figures",
    "table",
    "nothing",
    "table-partial",
    "brackets",
    "table",
    "table-void",
)


#: Where the groups stand, from left to right.
LEANING = {"Linke": -3, "Grüne": -2, "Piraten/AL": -2, "SPD": -1, "CDU": 1, "UB": 1, "FWL": 1, "FDP": 2, "AfD": 3}


def seats(day: date, council: bool) -> list[tuple[str, str, int]]:
    """(group, printed label, seats) of the term on that day; committees have about half, and no lone members."""
    term = next(columns for start, columns in reversed(words.TERMS) if start <= day.isoformat())
    if council:
        return list(term)
    return [(group, text, max(1, (count + 1) // 2)) for group, text, count in term if count > 1 or group == "OB"]


def cast(dice: Dice, day: date, council: bool, passes: bool, contested: bool) -> list[VoteCount]:
    """One ballot by group that passes or fails as told. Unanimous unless `contested`."""
    benches = seats(day, council)
    while True:
        sides = _sides(dice, benches) if contested else {group: "yes" for group, _, _ in benches}
        counts = []
        for group, text, members in benches:
            present = max(1, members - (dice.below(3) if members > 3 else 0))
            figures = {"yes": 0, "no": 0, "abstain": 0}
            figures[sides[group]] = present
            if contested and present > 2 and dice.chance(15):
                figures[sides[group]] -= 1
                figures["abstain" if sides[group] != "abstain" else "yes"] += 1
            counts.append(VoteCount(text, group, figures["yes"], figures["no"], figures["abstain"]))
        yes, no, abstain = (sum(getattr(c, side) or 0 for c in counts) for side in ("yes", "no", "abstain"))
        if (yes > no) == passes and (not contested or no or abstain):
            return counts


def _sides(dice: Dice, benches: list[tuple[str, str, int]]) -> dict[str, str]:
    """Each group's side: what is asked for leans one way, as the groups do, and the two large ones govern together."""
    tilt, lost = dice.below(5) - 2, dice.chance(50)
    sides = {}
    for place, (group, _, _) in enumerate(benches):
        mood = LEANING.get(group, 0) * tilt + dice.below(7) - 3 + (2 if place < 2 else 0)
        mood = -mood if lost else mood
        sides[group] = "yes" if mood > 0 or (group == "OB" and not lost) else "no" if mood < 0 else "abstain"
    return sides


def vote(
    counts: list[VoteCount],
    form: str = "table",
    section: str = "AE",
    position: int = 1,
    subject: str = "",
    final: bool = True,
) -> Vote:
    """The truth of a ballot printed with totals (and groups where the form is a table)."""
    yes, no, abstain = (sum(getattr(c, name) or 0 for c in counts) for name in ("yes", "no", "abstain"))
    grouped = form == "table"
    return Vote(
        section,
        position,
        form,
        subject,
        yes,
        no,
        abstain,
        int(no == 0 and yes > 0),
        1 if grouped else None,
        tuple(counts) if grouped else (),
        final=final,
    )


def table(ballot: Vote, empty: str = "-", blank_zero_rows: bool = False) -> Block:
    """The Word table of a ballot: one head row, three rows; zero is printed as `empty`.

    With `blank_zero_rows` a row whose total is nil shows "-" there and nothing in the groups' cells.
    """
    rows = [("", "gesamt", *(c.label for c in ballot.counts))]
    for text, name in (("dafür:", "yes"), ("dagegen:", "no"), ("Enthaltung:", "abstain")):
        total = getattr(ballot, name)
        cells = [getattr(c, name) for c in ballot.counts]
        if blank_zero_rows and not total:
            rows.append((text, "-", *("" for _ in cells)))
        else:
            rows.append((text, *(empty if not n else str(n) for n in (total, *cells))))
    return Block("table", style="vote", rows=tuple(rows))


def totals(ballot: Vote) -> list[Block]:
    """The lines of the second era: totals only, "-" for none."""
    return [
        Block("p", f"{text} {number or '-'}")
        for text, number in (("dafür:", ballot.yes), ("dagegen:", ballot.no), ("Enthaltung:", ballot.abstain))
    ]


def result_section(
    dice: Dice, day: date, council: bool, passes: bool, form: str, twice: bool
) -> tuple[list[Block], list[Block], list[Vote]]:
    """The blocks of the result section, blocks to add to the minutes, and the ballots they tell of."""
    head = label("Abstimmungsergebnis:")
    contested = not passes or dice.chance(55)
    counts = cast(dice, day, council, passes, contested)
    if form in ("unanimous", "unanimous-abstentions", "majority", "figures", "brackets"):
        blocks, ballot = _sentence(dice, counts, form, passes)
        return head + blocks, [], [ballot]
    if form == "nothing":
        return [], [], []
    if day < GROUP_ERA:
        ballot = vote(counts, "totals")
        return (head + head if twice else head) + totals(ballot), [], [ballot]
    if form == "table-void":
        void = tuple((text, *("" for _ in range(len(counts) + 1))) for text in ("dafür:", "dagegen:", "Enthaltung:"))
        rows = (("", "gesamt", *(c.label for c in counts)), *void)
        return head + [Block("table", style="vote", rows=rows)], [], []
    ballot = vote(counts)
    if form == "table-wrong":
        return _wrong(head, ballot)
    if form == "table-partial":
        return _partial(head, ballot)
    if form == "two-ballots":
        first = vote(cast(dice, day, council, True, True), position=1, subject="Abstimmung zu Ziffer 1:", final=False)
        second = Vote(**{**ballot.__dict__, "position": 2, "subject": "Abstimmung zu Ziffer 2:"})
        blocks = head + [Block("p", first.subject), table(first), BLANK, Block("p", second.subject), table(second)]
        return blocks, [], [first, second]
    if form == "amendment":
        lost = vote(
            cast(dice, day, council, False, True),
            section="WP",
            subject="Abstimmung über den Änderungsantrag:",
            final=False,
        )
        minutes = [Block("p", lost.subject, "bold"), BLANK, table(lost), BLANK]
        return head + [table(ballot)], minutes, [lost, ballot]
    block = table(ballot, "0" if form == "table-zero" else "-", blank_zero_rows=form == "table-blank")
    return head + [block], [], [ballot]


def _sentence(dice: Dice, counts: list[VoteCount], form: str, passes: bool) -> tuple[list[Block], Vote]:
    against = next((c.label for c in counts if c.no), counts[-2].label)
    verb = "" if passes else " abgelehnt"
    full = vote(counts, "sentence")
    if form == "unanimous":
        text = "einstimmig" + verb
        ballot = Vote("AE", 1, "sentence", "", unanimous=1, sentence=text)
    elif form == "unanimous-abstentions":
        number = 1 + dice.below(5)
        text = f"einstimmig{verb} bei {NUMBER_WORDS[number] if dice.chance(50) else number} Enthaltungen"
        if number == 1:
            text = f"einstimmig{verb} bei 1 Enthaltung"
        ballot = Vote("AE", 1, "sentence", "", abstain=number, unanimous=1, sentence=text)
    elif form == "majority":
        text = f"mit Mehrheit{verb} gegen die Stimmen der {against}-Fraktion"
        ballot = Vote("AE", 1, "sentence", "", unanimous=0, sentence=text)
    elif form == "figures":
        text = f"{full.yes} Ja, {full.no} Nein, {full.abstain} Enthaltungen"
        ballot = Vote("AE", 1, "sentence", "", full.yes, full.no, full.abstain, full.unanimous, sentence=text)
    else:
        parts = []
        for name, word in (("yes", "dafür"), ("no", "dagegen"), ("abstain", "Enthaltung")):
            shares = ", ".join(f"{getattr(c, name)} {c.label}" for c in counts if getattr(c, name))
            parts.append(f"{word}: {getattr(full, name)}" + (f" ({shares})" if shares else ""))
        text = " ".join(parts)
        ballot = Vote("AE", 1, "brackets", "", full.yes, full.no, full.abstain, full.unanimous, 1, tuple(counts), text)
    return [Block("p", text)], ballot


def _wrong(head: list[Block], ballot: Vote) -> tuple[list[Block], list[Block], list[Vote]]:
    """A table whose total is one too high: the town's own mistake, to be kept and flagged."""
    wrong = Vote(**{**ballot.__dict__, "yes": (ballot.yes or 0) + 1, "consistent": 0, "printed_wrong": True})
    return head + [table(wrong)], [], [wrong]


def _partial(head: list[Block], ballot: Vote) -> tuple[list[Block], list[Block], list[Vote]]:
    """A table in which the first group's yes is left out and the stated cells do not add up: NULL there."""
    first = ballot.counts[0]
    printed = table(ballot)
    rows = [list(row) for row in printed.rows]
    rows[1][2] = ""
    hidden = VoteCount(first.label, first.group, None if first.yes else 0, first.no, first.abstain)
    partial = Vote(
        **{**ballot.__dict__, "counts": (hidden, *ballot.counts[1:]), "consistent": None if first.yes else 1}
    )
    return head + [Block("table", style="vote", rows=tuple(tuple(row) for row in rows))], [], [partial]
