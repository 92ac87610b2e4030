"""From a line of text to ballots. A sentence is read where all its words belong to the language of votes
(``einstimmig bei 2 Enthaltungen``), or where its main clause is a decision (``Der Rat beschließt mit 12 Ja-Stimmen,
…``). The patterns work on codes (``codes.py``); figures are never inverted or summed up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .ballot import Ballot, Row
from .codes import Coded, coded
from .figures import OPPOSED, read_figures
from .vocabulary import SIDES, absent, alike

MAX_LINE, MAX_DECISION = 1500, 600

#: A line without any of these is no vote.
_HINT = re.compile(r"\d|stimm|enth|daf(?:ü|ue)r|gegen|ja|nein|lehn|mehrheit|einst\.", re.I)
_SENTENCE = re.compile(r"(?<=[\w)][.;!?])\s+(?=[A-ZÄÖÜ0-9(])(?<!Nr\. )(?<!\d\. )")
_BRACKET = re.compile(r"\([^()]*\)")
#: ``2. einstimmig``, ``zu b) einstimmig``, ``Ziffer 3 einstimmig``
_NUMBERED = re.compile(
    r"((?:zu )?(?:(?:Ziffer|Punkt|TOP|Nr\.) \d{1,2}(?:\.\d{1,2})?[.)]?|\d{1,2}[.)]|[a-h]\)|[IVX]{1,4}\.)) +(?=\S)", re.I
)
#: How a line or a part of it names what is voted on.
SUBJECT = re.compile(
    r"(?:\w+ ){0,2}(?:Gesamt|Schluss|End|Einzel|Block)?abstimmung|(?:\w+ )?\w*antrag\b|Ziffer|Ziff\.|Punkt|Nr\.|Zu\b|"
    r"(?:\w+ )?Beschluss(?:punkt|vorschlag)|Teil|Absatz|Buchstabe|Abschnitt|Satz|Variante|Alternative|TOP|"
    r"(?:\w+ )?Vorlage|Über|[a-h]\)|\d{1,2}[.)]",
    re.I,
)

# ---- sentences in the language of votes

#: ``Abstimmungsergebnis:``, ``Abstimmungsergebnis (Ja/Nein/Enthaltung):``
HEADING = re.compile(r"(?:f?H[:.]?)+(?:\([yYnNA]/[yYnNA]/A\)?:?)?")
#: ``Abstimmungsergebnis Stadtverordnete: 6/0/0``; under a heading ``6/0/0`` alone
TRIPLE, BARE_TRIPLE = re.compile(r"f?Hw{0,3}:?3(?![\d/])"), re.compile(r"3\W*$")
#: What may stand beside figures; a dash after a figure would be one more, of a lost column.
COVERED = re.compile(r"(?!.* -(?![ A-Za-z]))[HUMVEDLRPKSxogfvnNGeyYA,:;.()/!&+ -]*")
#: ``bei Enthaltung der FDP``
ABSTAINED = re.compile(r"A[fv:]*g")
#: ``dafür: Nein 12``: a side beside another side's figure
CONTRARY = re.compile(r"[YyNnGA]:[YyNnGA](?!:)")
#: ``12 Ja 3 Nein Enthaltung``, ``4 3 Gegenstimmen``: a side or a figure left over beside figures that were read
LEFT_OVER = re.compile(r" [YyNnGA](?!:)|[YyNnGA] |# | #")
#: ``Die CDU stimmt … zu``, ``… wird von der SPD abgelehnt``: how a group votes is not how the council does
A_GROUP = re.compile(r"[^K]*g[^K]*[VEL](?!fK)|.*P.*(?<![SGNYA])vf*g")

# ---- decisions in prose

#: ``Der Rat beschließt …``, ``Dem stimmen die Ausschussmitglieder … zu``: a body of the council decides
DECIDES = re.compile(r"[^wgVEDLR]*K[^VEDLR]*[VEDLR]|[^VEDLR]*[VL]fK")
#: ``Der Antrag wird … angenommen``, but not ``… wird vom Beirat angenommen``
PASSED = re.compile(r"(?!P)(?=.*P)(?=.*[DR])(?!.*P.*(?<![SGNYA])vf*[^Kf])")
#: ``Ohne Aussprache … beschlossen``, ``Niederschrift … genehmigt``
BRIEF = re.compile(r"[^VELPv]*[DR][^VELPv]*")
#: ``in seiner Sitzung``, ``am 3. Mai``, ``Im Bauausschuss``: another day's or another body's vote
ELSEWHERE = re.compile(r"\bin (?:der|seiner|ihrer|einer|diesen?) Sitzung|\bam \d|\bwie vo[mn]|^(?:Im|In|Am|Beim) ")
#: A resolution does not tell of its own vote in the past.
PAST = re.compile(r"\b(?:wurden?|hat|haben|ist|sind|war|waren|beschloss|stimmten?|fasste|empfahl|lehnte)\b")
#: ``einstimmig gefassten Beschlusses``: about another vote
ATTRIBUTE = re.compile(r"einstimmig\s+(?:ge|be|ver|an|emp|zu|er|aus|ab)\w+(?:te[nrsm]?|ne[nrsm]?)\b", re.I)
_CLAUSE = re.compile(r"[,:;](?!f? )")  # not between figures
_VERBS = str.maketrans("VEL", "DDR")


def is_heading(line: str) -> bool:
    """``Abstimmungsergebnis:`` alone on its line; ``Beschluss:`` is one of no vote."""
    return len(line) < 60 and HEADING.fullmatch(coded(line).codes) is not None


def read_line(line: str, strict: bool, heading: str | None) -> Iterator[Ballot | str]:
    """The ballots of one line, sentence by sentence; a line that tells of none is given back as text.

    ``strict``: of a resolution, which is prose until a heading comes; ``heading``: the heading above the line.
    """
    if len(line) > MAX_LINE or not _HINT.search(line):
        yield from [] if absent(line) else [line]
        return
    text = line.replace("))", ")")
    if heading and "/" in heading and (order := _BRACKET.search(heading)):
        text = f"{order[0]} {text}"  # (Ja/Nein/Enthaltung) 12/3/1
    text = _BRACKET.sub(lambda bracket: bracket[0].replace(";", ","), alike(text))
    found: list[Ballot] = []
    for sentence in _SENTENCE.split(text):
        ballot = _sentence(sentence, strict, bool(heading))
        if ballot and found and found[-1].joins(ballot):
            found[-1].add(ballot)
        elif ballot:
            found.append(ballot)
    for ballot in found:
        ballot.lines = [line]
    if found:
        yield from found
    elif not absent(line):
        yield line


def _sentence(text: str, strict: bool, headed: bool) -> Ballot | None:
    """One sentence: wholly in the language of votes (with a subject before it), or a decision in plain words."""
    text = _present(text)
    if ATTRIBUTE.search(text) or "?" in text:
        return None
    ballot = _covered(coded(text), headed)
    for head, rest in () if ballot else _heads(text):
        if ballot := _covered(coded(rest), headed):
            ballot.subject = None if re.fullmatch("[Hfov]+", coded(head).codes) else head
            break
    if ballot and strict and len(ballot.rows) < 2 and not ballot.words & set("UM"):
        return None
    return ballot or (_decision(coded(text), strict) if set("VELDR") & set(coded(text).codes) else None)


def _heads(text: str) -> Iterator[tuple[str, str]]:
    """``Zu Ziffer 2: | einstimmig``, ``2. | einstimmig``: where a sentence may part into subject and vote."""
    for colon in re.finditer(r":\s", text[:250]):
        head, rest = text[: colon.start() + 1], text[colon.end() :]
        codes = coded(head).codes
        if not set("BYyNnGAUM") & set(codes) and (SUBJECT.match(head) or codes.startswith("H")):
            yield head, rest
    if number := _NUMBERED.match(text):
        yield number[1], text[number.end() :]


def _present(text: str) -> str:
    """Cut out who did not vote: ``(Nicht anwesend: 2)``, ``, Frau X nahm nicht teil``, ``bei Nichtteilnahme von …``."""
    text = _BRACKET.sub(lambda bracket: "" if "I" in coded(bracket[0]).codes else bracket[0], text)
    words = coded(text)
    for found in reversed(list(re.finditer(r"I:#|#I(?!:)|fI[^#eYyNnGAUM]*$", words.codes))):
        text = text[: words.spans[found.start()][0]] + text[words.spans[found.end() - 1][1] :]
    first, *others = re.split(r"(?<=[^\d]),\s|(?<=\d),\s|;\s", text)
    return ", ".join([first, *(part for part in others if "I" not in coded(part).codes)])


def _covered(sentence: Coded, headed: bool) -> Ballot | None:
    """A sentence in which every word belongs to the language of votes: ``einstimmig bei 2 Enthaltungen``."""
    if three := TRIPLE.match(sentence.codes) or (headed and BARE_TRIPLE.match(sentence.codes)):
        numbers = re.findall(r"\d+", sentence.text(0, three.end()))[-3:]
        return Ballot(rows={side: Row(int(number)) for side, number in zip(SIDES, numbers)})
    if CONTRARY.search(sentence.codes):
        return None
    ballot = Ballot()
    rest = read_figures(sentence, ballot, nouns_only=False)
    votes = (_words(rest, ballot) or bool(ballot.rows)) and not LEFT_OVER.search(rest)
    inner = rest[1:-1] if rest[:1] == rest[-1:] == "-" else rest  # - einstimmig -
    return ballot if votes and COVERED.fullmatch(inner) and not A_GROUP.match(inner) else None


def _decision(sentence: Coded, strict: bool) -> Ballot | None:
    """``Der Rat beschließt mit 12 Ja-Stimmen gegen 4 Nein-Stimmen, …``: told by the main clause alone."""
    source = sentence.source
    if len(source) > MAX_DECISION or ELSEWHERE.search(source) or (strict and PAST.search(source)):
        return None
    ballot = Ballot()
    rest = read_figures(sentence, ballot, nouns_only=True)
    main, *others = _CLAUSE.split(rest)
    if not set("VELDR") & set(main):  # Der Antrag, die Straße zu sperren, | wird … abgelehnt
        main += "".join(clause for clause in others if clause.startswith("P"))
        others = [clause for clause in others if not clause.startswith("P")]
    if set("BI3") & set(main) or LEFT_OVER.search(main) or set("UM ") & set("".join(others)):
        return None
    if not (PASSED.match(main) or DECIDES.match(main) or (BRIEF.fullmatch(main) and not strict)):
        return None
    _words(main, ballot)
    return ballot if ballot.rows or ballot.words & ({"U", "M"} if strict else {"U", "M", "against"}) else None


def _words(rest: str, ballot: Ballot) -> bool:
    """Note what the words say beside the figures; True where they alone make a vote."""
    ballot.words |= set(rest.translate(_VERBS)) & set("UMDRA")
    if OPPOSED.search(rest):
        ballot.words.add("against")
    return bool(ballot.words & {"U", "M", "against"} or ABSTAINED.search(rest))
