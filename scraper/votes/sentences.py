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
from .vocabulary import SIDES, absent, alike, is_total, side

MAX_LINE, MAX_DECISION = 1500, 600

#: A line without any of these is no vote.
_HINT = re.compile(r"\d|stimm|enth|daf(?:ü|ue)r|gegen|ja|nein|lehn|mehrheit|einst\.", re.I)
_SENTENCE = re.compile(
    r"(?<=[\w)][.;!?])\s+(?=[A-ZÄÖÜ0-9(])(?<!Nr\. )(?<!\d\. )|\n"
    r"|(?<=[/\d]\d)[,;]?\s+(?=[^\d:/]+(?: \d+)?: ?\d+/\d+/\d+)"  # 9/6/1, zu 2: 10/5/1
)
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

#: ``Abstimmungsergebnis …:``, ``Bezirksvertretung Eickel:``; ``Antrag SPD`` before a figure
BODY_HEAD, OWN_HEAD = re.compile(r"H|f*K[^PVEDLR]*$"), re.compile(r"f*of*g(?=[#eUM])")
#: ``Ergebnis der Abstimmung:`` names no subject
NO_SUBJECT = re.compile(r"[fv]*H[Hfov]*:?")

# ---- sentences in the language of votes

#: ``Abstimmungsergebnis:``, ``Abstimmungsergebnis (Ja/Nein/Enthaltung):``
HEADING = re.compile(r"(?:f?H[:.]?)+(?:\([yYnNA]/[yYnNA]/A\)?:?)?")
#: ``Abstimmungsergebnis Stadtverordnete: 6/0/0``; under a heading ``6/0/0`` alone
TRIPLE, BARE_TRIPLE = re.compile(r"f?Hw{0,3}:?3[\WUMDRf]*$"), re.compile(r"3\W*$")
TRIPLE_HEAD = re.compile(r"f?H[wKog()]*:")
#: What may stand beside figures; a dash after a figure would be one more, of a lost column.
COVERED = re.compile(r"(?!.* -(?![ A-Za-z]))[HUMVEDLRPKSJxogfvnNGeyYA,:;.()/!&+ -]*")
#: ``bei Enthaltung der FDP``
ABSTAINED = re.compile(r"A[fv:]*g")
#: ``dafür: Nein 12``: a side beside another side's figure
CONTRARY = re.compile(r"[YyNnGA]:[YyNnGA](?!:)")
#: ``SPD: 10 Ja``, ``CDU 5 Nein``, ``SPD: dafür 10``: a group's own figures, never the ballot's
GROUPS_OWN = re.compile(r"(?:^|[,;:.(])[fS]*g(?:[,&/+]f*g)*:?(?:[#e]S?[YyNnGA](?!:)|[YyNnGA]:?(?:[#e]|-))")
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
_ARTICLE = r"\b(?:[Dd](?:ie|er|as|e[nms])|[Ee]ine?[nmrs]?)\b"
_PARTICIPLE = r"\s(?:ge|be|ver|an|emp|zu|er|aus|ab)\w+[tn]e[nrsm]?\b"
#: ``einstimmig gefassten Beschlusses``, ``mit 12 Ja-Stimmen im Beirat empfohlenen Entwurf``, ``dem vom Beirat mit 12
#: Stimmen …``: about another vote
ATTRIBUTE = re.compile(
    rf"[Ee]instimmig{_PARTICIPLE}"
    rf"|(?:[Ss]timmen?|[Ee]nthaltung(?:en)?)(?:\s(?!{_ARTICLE})[\w-]+){{0,3}}?{_PARTICIPLE}\s[A-ZÄÖÜ]"
    rf"|{_ARTICLE}\s(?:(?:vo[nm]|durch|i[nm])\s(?:{_ARTICLE}\s)?(?:[\w-]+\s){{1,2}})?"
    r"(?:mit|bei|gegen)\s\S+\s\S*(?:[Ss]timme|[Ee]nthaltung)(?:n|en)?\b"
)
#: ``Der Rat beschließt, 2 Ja-Stimmen … abzugeben``: not how the council votes
INFINITIVE = re.compile(r"[VEL](?:[^ ,:;]*[^ ,:;f])?,f? ")
_CLAUSE = re.compile(r"[,:;](?![f&]? )")  # not between figures
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
    text = _BRACKET.sub(_bracket, alike(text))
    found: list[Ballot] = []
    sentences = _SENTENCE.split(text)
    headed = bool(heading) or (len(sentences) > 1 and "/" in sentences[0] and coded(sentences[0]).codes.startswith("H"))
    for sentence in sentences:
        ballot = _sentence(sentence, strict, headed)
        if ballot and found and found[-1].joins(ballot):
            found[-1].add(ballot)
        elif ballot:
            found.append(ballot)
    for ballot in found:
        ballot.lines = [line]
    if found:
        yield from found
    elif not strict and (name := side(line.partition(":")[0])):  # dagegen: 3 CDU / 1 FDP: not read, but no end either
        yield Ballot(rows={name: Row(open=True)}, lines=[line])
    elif not absent(line):
        yield line


def _sentence(text: str, strict: bool, headed: bool) -> Ballot | None:
    """One sentence: wholly in the language of votes (with a subject before it), or a decision in plain words."""
    text = _present(text)
    if ATTRIBUTE.search(text) or "?" in text:
        return None
    for head, rest in _heads(text, headed):
        codes = coded(head).codes
        if ballot := _covered(coded(rest), headed or TRIPLE_HEAD.fullmatch(codes) is not None):
            none = NO_SUBJECT.fullmatch(codes) or is_total(head) or head.endswith("Uhr:")
            ballot.subject = None if none else head
            break
    else:
        ballot = _covered(coded(text), headed)
    if ballot and strict and len(ballot.rows) < 2 and not ballot.words & set("UM"):
        return None
    return ballot or (_decision(coded(text), strict) if set("VELDR") & set(coded(text).codes) else None)


def _heads(text: str, headed: bool) -> Iterator[tuple[str, str]]:
    """``Zu Ziffer 2: | einstimmig``, ``2. | einstimmig``: where a sentence may part into subject and vote."""
    for colon in re.finditer(r":\s", text[:250]):
        head, rest = text[: colon.start() + 1], text[colon.end() :]
        codes = coded(head).codes
        named = SUBJECT.match(head) or BODY_HEAD.match(codes) or (headed and BARE_TRIPLE.match(coded(rest).codes))
        if (named or is_total(head)) and not set("BYyNnGAUM3") & set(codes):
            yield head, rest
    words = coded(text)
    if own := OWN_HEAD.match(words.codes):
        yield words.text(0, own.end()), words.text(own.end(), len(words.codes))
    if number := _NUMBERED.match(text):
        yield number[1], text[number.end() :]


def _bracket(found: re.Match[str]) -> str:
    """A bracket without signs that end a sentence; none where it tells who did not vote: ``(Nicht anwesend: 2)``."""
    return "" if "I" in coded(found[0]).codes else re.sub(r"(?<=[a-z])\.(?= )", "", found[0].replace(";", ","))


def _present(text: str) -> str:
    """Cut out who did not vote: ``2 abwesend``, ``, Frau X nahm nicht teil``, ``bei Nichtteilnahme von …``."""
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
    if CONTRARY.search(sentence.codes) or GROUPS_OWN.search(sentence.codes):
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
    if set("BI3") & set(main) or LEFT_OVER.search(main) or INFINITIVE.search(rest) or set("UM ") & set("".join(others)):
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
