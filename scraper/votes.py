"""Reading votes: the result section of an excerpt (or, where it is empty, the resolution) becomes ballots with figures.

Precision before recall: a figure is stored only where it is written, beside the word that says what it counts.
Tables are read cell by cell. Of everything else each sentence becomes a string of one-letter codes, one a word (WORDS:
``12 Ja, 4 Nein`` → ``#y,#n``), on which the few patterns below work; a word without a code makes a sentence prose, and
of prose only the strictest forms count. Words say what was voted on; figures are never inverted or summed up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ratsdaten.groups import MENTION, fold, known, normalise, tidy

from .items import Section
from .pages.richtext import plain


@dataclass(frozen=True, slots=True)
class VoteCount:
    """One group's figures; ``group`` is the normalised name, ``label`` as printed; None: not said."""

    group: str
    label: str
    yes: int | None
    no: int | None
    abstain: int | None


@dataclass(frozen=True, slots=True)
class Vote:
    """One ballot as the source prints it; ``position`` counts from 1, the last ballot is the final one."""

    position: int
    subject: str | None
    yes: int | None
    no: int | None
    abstain: int | None
    unanimous: int | None
    source: str
    raw_text: str
    consistent: int | None
    counts: tuple[VoteCount, ...] = ()


# ---- vocabulary (folded: lower case, umlauts spelt out, letters and digits alone) -----------------

SIDES = ("yes", "no", "abstain")
#: Labels of a table's rows (or columns).
ROWS = {
    "yes": "dafuer ja jastimme jastimmen zustimmung zustimmungen stimmendafuer dafuerstimmen fuerstimmen fuer pro",
    "no": "dagegen nein neinstimme neinstimmen ablehnung ablehnungen gegenstimme gegenstimmen gegen contra",
    "abstain": "enthaltung enthaltungen stimmenthaltung stimmenthaltungen enth enthalten",
}
TOTAL = frozenset(
    [
        "gesamt",
        "insgesamt",
        "gesamtzahl",
        "gesamtstimmen",
        "gesamtergebnis",
        "summe",
        "stimmen",
        "anzahl",
        "zusammen",
        "total",
        "ges",
    ]
)
NONE_SIGNS = frozenset(("-", "–", "—", "--", "./.", "−", "keine"))
NUMBERS = ["keine", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]

#: Code → words of a sentence. Capitals of the sides are nouns that are votes wherever they stand.
WORDS = {
    "Y": "jastimme jastimmen",
    "N": "neinstimme neinstimmen",
    "G": "gegenstimme gegenstimmen",  # against what was proposed: after "abgelehnt" nobody knows which side
    "A": "enthaltung enthaltungen stimmenthaltung stimmenthaltungen enth",
    "y": "ja dafuer zustimmung zustimmungen fuerstimmen fuerstimme",
    "n": "nein dagegen ablehnung ablehnungen",
    "U": "einstimmig",
    "M": "mehrheitlich mehrheitl mehrheitsbeschluss stimmenmehrheit mehrheit",
    "D": (
        "beschliesst beschliessen beschlossen angenommen zugestimmt stimmt genehmigt empfiehlt empfehlen "
        "empfohlen verabschiedet gebilligt bestaetigt gefasst fasst vertagt verwiesen zurueckgestellt "
        "entschieden annahme"
    ),
    "R": "abgelehnt ablehnt lehnt lehnen zurueckgewiesen verworfen",
    "H": (
        "abstimmungsergebnis abstimmungsergebnisse abstimmung beschlussergebnis stimmenverhaeltnis "
        "stimmverhaeltnis ergebnis stimmergebnis abstimmungsverhalten"
    ),
    "x": "gegen",
    "e": "ein einer eines einem einen ohne keiner keinen kein " + " ".join(map(fold, NUMBERS)),
    "S": "stimme stimmen",
    "I": (
        "befangen befangenheit befangenheiten anwesend anwesende abwesend abwesende teilgenommen teil "
        "nichtteilnahme nichtteilnahmen mitwirkungsverbot ausgeschlossen ungueltig ungueltige enthielt "
        "fehlend"
    ),
    "o": (
        "antrag antrags vorlage beschluss beschlussvorschlag beschlussempfehlung niederschrift tagesordnung "
        "aenderungsantrag ergaenzungsantrag hauptantrag verwaltungsvorschlag geaendert ungeaendert "
        "unveraendert geaenderter"
    ),
    "f": (
        "zu mit bei und sowie der die das den dem des von vom durch seitens fraktion fraktionen gruppe "
        "ratsfraktion wird werden wurde wurden ist sind es gab gibt ergab ergibt lautet wie folgt folgendes "
        "folgendem damit somit so rat stadt ausschuss jeweils abgegebene abgegebenen gueltige davon"
    ),
    "B": (
        "dass wenn falls ob waere waeren wuerde wuerden sollte sollten soll sollen koennte koennten koenne "
        "koennen kann muesse muessten muessen muss erforderlich notwendig noetig bedarf mindestens hoechstens "
        "letzte letzten letzter vergangenen damals seinerzeit bereits gestern hatte hatten habe haette "
        "haetten nicht weil obwohl seiner ihrer werde worden sei seien gewesen fuehrt erklaert erlaeutert "
        "berichtet teilt weist schlaegt beantragt fragt kritisiert begruesst bedauert bittet betont meint "
        "erinnert verweist sagt antwortet hofft moechte will wolle wies erklaerte berichtete sagte bat regt "
        "zitiert gemaess laut jury preisgericht schulkonferenz kuratorium aufsichtsrat vorstand verein "
        "landtag bundestag gericht parlament kreistag regionalverband verwaltungsrat "
        "gesellschafterversammlung mitgliederversammlung buergerversammlung befragten befragte umfrage "
        "anwohner eltern beirat verwaltungsgericht nachbarstadt schuelerrat elternrat konferenz ehemals "
        "frueher zuvor vorjahr falle sofern beide voraussichtlich"
    ),
}
#: Sentences that begin with one of these say what the next ballot is about.
SUBJECT = re.compile(
    r"(?:\w+ )?(?:Gesamt|Schluss|End|Einzel|Block)?abstimmung|(?:\w+ )?\w*antrag\b|Ziffer|Ziff\.|Punkt|Nr\.|"
    r"Zu\b|Beschlusspunkt|Beschlussvorschlag|Teil|Absatz|Buchstabe|Abschnitt|Satz|Variante|Alternative|TOP|Vorlage|Über|[a-h]\)|\d{1,2}[.)]",
    re.I,
)
IMPORTS = re.compile(r"N i e d e r s c h r i f t|Sitzungsdauer:|enthält Stopcodes")  # a whole meeting in one text
MAX_LINE, MAX_LINES, MAX_FIGURE = 1500, 3000, 3

_ROW_OF = {word: side for side, words in ROWS.items() for word in words.split()}
_CODE_OF = {word: code for code, words in reversed(WORDS.items()) for word in words.split()}
_SIDE_OF = {"Y": "yes", "y": "yes", "N": "no", "n": "no", "G": "no", "A": "abstain", "a": "abstain"}
_NUMBER_OF = (
    {fold(word): number for number, word in enumerate(NUMBERS)}
    | dict.fromkeys(("ein", "einer", "eines", "einem", "einen"), 1)
    | dict.fromkeys(("ohne", "keiner", "keinen", "kein"), 0)
)

_TOKEN = re.compile(
    rf"(?P<g>(?<!\w){MENTION})"
    r"|(?P<three>(?<![\d/.,])\d{1,3} ?/ ?\d{1,3} ?/ ?\d{1,3}(?![\d/.,]\d|\d))"
    r"|(?P<w>\d+(?:[.,:/]\d+)+|\d{4,}|\d+ ?(?:€|%|Euro|EUR|Uhr|Mio|TEUR|Prozent)|§+ ?\d+\w*|\d+\.(?= ?[^\W\d_]))"
    r"|(?P<number>\d{1,3})(?!\w)|(?P<word>[^\W_]+(?:-[^\W_]+)*)|(?P<sign>\S)"
)
_DASH = str.maketrans("–—−", "---")
_MAJORITY = re.compile(
    r"\bmit (?:(?:großer|grosser|knapper|deutlicher|der|überwiegender) )?(?:Stimmen)?mehrheit(?: der Stimmen)?\b", re.I
)
_ENTH = re.compile(r"\b(Enth|mehrheitl|einst)\.(?=[\s:,)]|$)", re.I)
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[a-zäöü])(?=\d)")
_SENTENCE = re.compile(r"(?<=[\w)][.;!?])\s+(?=[A-ZÄÖÜ0-9(])(?<!Nr\. )(?<!\d\. )")
_TABLE = re.compile(r"(<table\b[^>]*>(?:(?!<table\b).)*?</table>)", re.S)
_TR = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.S)
_TD = re.compile(r"<t[dh]\b([^>]*)>(.*?)</t[dh]>", re.S)
_SPAN = re.compile(r'colspan="(\d{1,2})"')
_QUOTED = re.compile(r"[„“\"»][^„“”\"«»]*[“”\"«]")

# ---- patterns on codes -----------------------------------------------------------------------------

#: ``dafür: 15``, ``Enthaltung: -``, ``dagegen: 3 (AfD)``, ``Gegenstimmen: keine``
LABEL_FIRST = re.compile(r"([YyNnGA]):?(?:-?([#e])|(-)(?!#))(?!S?[gw])S?(\([^()]*\))?")
#: ``12 Ja``, ``12 Ja-Stimmen (5 CDU, 7 SPD)``, ``4 Stimmen dagegen``, ``zwei Enthaltungen der FDP``
NUMBER_FIRST = re.compile(r"([#e])S?([YyNnGA])(?:(\([^()]*\))|f?(g)(?![,;f/]*g))?")
#: ``dafür: 11 SPD, 4 GRÜNE`` (no total)
LIST = re.compile(r"([YyNnGA]):\(?(#g(?:[,;f]*#g)*|g:?#(?:[,;f]*g:?#)*)\)?")
#: ``mit 12 Stimmen gegen 4 Stimmen``
PAIR = re.compile(r"([#e])S?x([#e])S?")
#: ``gegen 3 Stimmen``, ``gegen drei Stimmen der AfD``
AGAINST_FIGURE = re.compile(r"xf?([#e])S(?:(\([^()]*\))|f?(g)(?![,;f/]*g))?")
#: ``gegen die Stimmen der AfD``, ``Nein-Stimmen der AfD``, ``dagegen: AfD``, ``bei Gegenstimmen``
AGAINST = re.compile(r"x[fS]*\(?g|[NGn][f:(]*g|f[NG](?!:)")
#: ``einstimmig gefassten Beschlusses``: about another vote
ATTRIBUTE = re.compile(r"einstimmig\s+(?:ge|be|ver|an|emp|zu|er|ver|aus|ab)\w+(?:te[nrsm]?|ne[nrsm]?)\b", re.I)
COVERED = frozenset("HUMDRfSxog,:;.()/-!eyYA&+")


@dataclass(slots=True)
class _Row:
    """One side of a ballot: its total, the groups' figures, and whether something beside them could not be read."""

    total: int | None = None
    cells: dict[str, int] = field(default_factory=dict)
    open: bool = False


@dataclass(slots=True)
class _Ballot:
    """What has been read of one ballot so far; ``words`` are the codes U, M, D, R and ``against`` that were met."""

    source: str = "text"
    subject: str | None = None
    rows: dict[str, _Row] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def joins(self, other: _Ballot) -> bool:
        """Whether ``other``, read directly after, tells more of the same ballot: words and figures, or other sides."""
        if other.subject or (self.source == other.source == "table"):
            return False
        if self.words & set("UMDR") and other.words & set("UMDR"):
            return False
        return all(other.rows[side] == self.rows[side] for side in other.rows if side in self.rows) and (
            "table" not in (self.source, other.source)
            or not (self.rows and other.rows)
            or set(other.rows) <= set(self.rows)
        )

    def add(self, other: _Ballot) -> None:
        for side, row in other.rows.items():
            self.rows.setdefault(side, row)
        self.labels |= other.labels
        self.words |= other.words
        self.lines += other.lines
        self.source = "table" if "table" in (self.source, other.source) else "text"


def read_votes(vote: Section | None, resolution: Section | None) -> tuple[Vote, ...]:
    """The ballots of an item in printed order: from AE, from BS only where AE holds no text beside its heading."""
    blocks = _blocks(vote) if vote else []
    strict = all(isinstance(block, str) and _is_heading(block) for block in blocks)
    if strict:
        blocks = _blocks(resolution) if resolution else []
    if any(isinstance(block, str) and IMPORTS.search(block) for block in blocks):
        return ()
    found = (_vote(ballot) for ballot in _ballots(blocks, strict))
    return tuple(_numbered(position, vote) for position, vote in enumerate(filter(None, found), 1))


# ---- from a section to lines and tables ----------------------------------------------------------------

Grid = list[list[str | None]]  # None: a cell its left neighbour spans


def _blocks(section: Section) -> list[str | Grid]:
    """Lines and vote tables in order; other tables become lines, flattened vote tables become tables."""
    lines: list[str | Grid] = []
    for number, part in enumerate(_TABLE.split(section.html)):
        if number % 2 and _has_rows(grid := [_cells(row) for row in _TR.findall(part)]):
            lines.append(grid)
        else:
            lines += [" ".join(line.split()) for line in plain(part).split("\n") if line.strip()]
    return list(_unflatten(lines[:MAX_LINES]))


def _cells(row: str) -> list[str | None]:
    """Texts of a row's cells, one line each."""
    cells: list[str | None] = []
    for attributes, text in _TD.findall(row):
        cells.append(" ".join(plain(text).split()))
        span = _SPAN.search(attributes)
        cells += [None] * (int(span[1]) - 1 if span else 0)
    return cells


def _has_rows(grid: Grid) -> bool:
    """A vote table: two sides label rows, or two label columns."""
    heads = {_row(row[0]) for row in grid if row} - {None}
    return len(heads) > 1 or any(len({_row(cell) for cell in row} - {None}) > 1 for row in grid)


def _row(cell: str | None) -> str | None:
    return _ROW_OF.get(fold(cell)) if cell and len(cell) < 40 else None


def _unflatten(lines: list[str | Grid]) -> Iterator[str | Grid]:
    """Tables whose cells became lines, or whose rows did: ``gesamt SPD CDU`` / ``dafür: 21 10 5`` / ``dagegen: -``."""
    place = 0
    while place < len(lines):
        head, after = _flat_head(lines, place)
        rows: Grid = []
        while after < len(lines) and (row := _flat_row(lines[after])) and row[0] not in [r[0] for r in rows]:
            after += 1
            while after < len(lines) and (more := _flat_figures(lines[after])):
                row += more
                after += 1
            rows.append(row)
        if len(rows) > 1 and (head or any(len(row) > 2 for row in rows)):
            yield from _flat_table(head, rows)
            place = after
        elif len(rows) > 0 and not head:
            yield from (" ".join(filter(None, row)) for row in rows)
            place = after
        else:
            yield lines[place]
            place += 1


def _flat_head(lines: list[str | Grid], place: int) -> tuple[list[str], int]:
    """Column labels from ``place`` on (``gesamt`` or a known group comes first) and where they end."""
    start = place
    head: list[str] = []
    while place < len(lines) and place - start < 40 and isinstance(line := lines[place], str) and len(line) < 200:
        labels = _labels(line)
        if not labels or not (head or fold(labels[0]) in TOTAL or known(labels[0])):
            break
        head.append(line)
        place += 1
    return head, place


def _labels(line: str) -> list[str]:
    """The column labels of a line, empty where it holds anything else: ``gesamt SPD Die Linke`` → three."""
    found = []
    for token in _TOKEN.finditer(line):
        if token["g"] or (token["word"] and token[0] not in WORDS and _row(token[0]) is None):
            found.append(token[0])
        elif not token["sign"] or token[0] not in "/-&+.":
            return []
        elif found:
            found[-1] += token[0]
    return found if all(label[:1].isupper() or fold(label) in TOTAL or known(label) for label in found) else []


def _flat_row(line: str | Grid) -> list[str | None] | None:
    """``dafür: 21 10 5`` → its cells; None where the line is anything else."""
    if not isinstance(line, str) or len(line) > 200:
        return None
    label, colon, rest = line.partition(":")
    if not colon:
        label, _, rest = re.sub(r"\s[-–—]\s+(?=\d)", " ", line).partition(" ")
    figures = _flat_figures(rest) if rest.strip() else []
    return [f"{label}:", *figures] if _row(label) and figures is not None else None


def _flat_figures(line: str | Grid) -> list[str | None] | None:
    if not isinstance(line, str):
        return None
    parts = line.split()
    return list(parts) if parts and all(_figure(part) is not None for part in parts) else None


def _flat_table(head: list[str], rows: Grid) -> Iterator[str | Grid]:
    """Give the cells their columns where the longest row has one for each label; a lone ``-`` is the total."""
    width = max(len(row) for row in rows) - 1
    columns = next((c for c in (_labels(" ".join(head)), [tidy(x) for x in head]) if len(c) == width), None)
    if columns is None and head and width > 1:
        total = fold(_labels(head[0])[0]) in TOTAL
        rows = [[row[0], *(row[1:2] if total and _adds_up(row[1:]) else [])] for row in rows]
        columns = ["gesamt"]
    for row in rows if columns else ():
        if 1 < len(row) <= len(columns or ()) and not (_adds_up(row[1:]) and fold((columns or [""])[0]) in TOTAL):
            row[1:] = []
        row[2:] = row[2:] if len(row) == len(columns or ()) + 1 else []
    yield [["", *columns], *rows] if columns and width > 0 else rows


def _adds_up(cells: Sequence[str | None]) -> bool:
    """Whether the first figure is the sum of the others, or a lone dash."""
    first, *others = (_figure(cell) or 0 for cell in cells if cell) if any(cells) else (1,)
    return bool(cells[0]) and first == sum(others)


# ---- tables ------------------------------------------------------------------------------------------------


def _figure(cell: str | None) -> int | None:
    """``15`` → 15, ``-`` → 0, ``zwei`` → 2; None where the cell is empty or says something else."""
    if cell is None or len(cell) > 12:
        return None
    text = cell.strip().translate(_DASH)
    if text in NONE_SIGNS:
        return 0
    if text.isdecimal():
        return int(text) if len(text) <= MAX_FIGURE else None
    return _NUMBER_OF.get(fold(text)) if text else None


def _table(grid: Grid) -> Iterator[_Ballot | str]:
    """The ballots of one table, with rows of text between them; the heading row may be missing or stand again."""
    if not len({_row(row[0]) for row in grid if row} - {None}) > 1:
        grid = _transposed(grid)
    headless = _headless(grid)
    head: list[str | None] = []
    ballot = _Ballot("table")
    for row in grid:
        side = _row(row[0]) if row else None
        filled = [cell for cell in row if cell]
        text = "\t".join(cell or "" for cell in row).rstrip("\t")
        if side:
            if side in ballot.rows:
                yield ballot
                ballot = _Ballot("table")
            ballot.rows[side] = _table_row(head, row, ballot.labels, headless)
            ballot.lines.append(text)
            continue
        if ballot.rows and filled and not _ignored(filled[0]):
            yield ballot
            ballot = _Ballot("table")
        if len(filled) > 1 or (filled and (fold(filled[0]) in TOTAL or known(filled[0]))):
            corner = row[0] and (fold(row[0]) in TOTAL or known(row[0]))
            head = ["", *row] if corner else row
            ballot.lines.append(text)
        elif filled and not ballot.rows:
            yield filled[0]
    yield ballot


def _ignored(label: str) -> bool:
    return any(_CODE_OF.get(fold(word)) == "I" for word in label.split())


def _transposed(grid: Grid) -> Grid:
    """Groups as rows: turned, so that the sides are rows; a single row without a label is the total."""
    start = next(place for place, row in enumerate(grid) if len({_row(cell) for cell in row} - {None}) > 1)
    rows = [[cell or "" for cell in row] for row in grid[start:] if any(row)]
    if _row(rows[0][0]):
        rows = [["", *rows[0]]] + [["gesamt", *row] for row in rows[1:2]] if len(rows) == 2 else rows[:1]
    if any(_row(row[0]) or (not row[0] and any(row)) for row in rows[1:]) or len({len(row) for row in rows}) > 1:
        return []
    return [list(column) for column in zip(*([["", *rows[0][1:]]] + rows[1:])) if _row(column[0]) or not column[0]]


def _table_row(head: list[str | None], row: list[str | None], labels: dict[str, str], headless: bool) -> _Row:
    """One side: total and groups' figures by the heading; without a fitting heading at most a total."""
    cells, columns = row[1:], head[1:]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > len(columns):
        return _Row(_figure(cells[0]) if headless and not columns else None, open=len(cells) > 1)
    result = _Row()
    names: dict[str, int] = {}
    for place, label in enumerate(columns):
        cell = cells[place] if place < len(cells) else ""
        name = _column(label, names) if label else None
        if name and label:
            labels[name] = tidy(label)
        value = _figure(cell)
        if label and fold(label) in TOTAL:
            result.total, result.open = value, result.open or bool(cell and value is None)
        elif cell and (value is None or not name) and not (label and _ignored(label)):
            result.open = True
        elif name and value is not None:
            result.cells[name] = value
    return result


def _column(label: str, names: dict[str, int]) -> str | None:
    """The name of a group's column, None for the total's and for those of people who did not vote."""
    if fold(label) in TOTAL or _ignored(label) or not any(letter.isalpha() for letter in label):
        return None
    name = normalise(label)
    names[name] = names.get(name, 0) + 1
    return name if names[name] == 1 else f"{name} ({names[name]})"


def _headless(grid: Grid) -> bool:
    """Whether first figures are totals without a heading: each alone, or each the sum of the others, more than one."""
    rows = [[cell for cell in row[1:] if cell] for row in grid if row and _row(row[0])]
    several = [row for row in rows if len(row) > 1]
    if any(_figure(cell) is None for row in several for cell in row) or not all(_adds_up(row) for row in several):
        return False
    return not several or any(len([cell for cell in row if _figure(cell)]) > 2 for row in several)


# ---- sentences ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Codes:
    """A sentence as codes, one a token; ``text(a, b)`` gives the words back."""

    source: str
    codes: str
    spans: list[tuple[int, int]]

    def text(self, start: int, end: int) -> str:
        return self.source[self.spans[start][0] : self.spans[end - 1][1]] if end > start else ""

    def value(self, place: int) -> int:
        text = self.text(place, place + 1)
        return int(text) if text.isdecimal() else _NUMBER_OF[fold(text)]


@lru_cache(1024)
def _coded(text: str) -> _Codes:
    codes, spans = [], []
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "word":
            code = "D" if token[0] == "stimmen" else _CODE_OF.get(fold(token[0]), "w")
        else:
            code = {"g": "g", "three": "3", "number": "#", "w": "w"}.get(kind or "", token[0].translate(_DASH))
        codes.append(code if code in "#" or code.isalnum() or code in ",:;.()/-!?&+" else "w")
        spans.append(token.span())
    return _Codes(text, "".join(codes), spans)


def _is_heading(line: str) -> bool:
    """``Abstimmungsergebnis:`` alone on its line; ``Beschluss:`` is one of no vote."""
    return len(line) < 60 and re.fullmatch(r"(?:f?H[:.]?)+", _coded(line).codes) is not None


def _ballots(blocks: list[str | Grid], strict: bool) -> Iterator[_Ballot]:
    """Group what tables and sentences say into ballots. ``strict``: a resolution, prose until a heading comes."""
    current: _Ballot | None = None
    before: str | None = None
    headed = False
    for block in blocks:
        pieces: Iterator[_Ballot | str]
        if isinstance(block, str) and _is_heading(block):
            headed, strict = True, False
            if current and current.rows:
                yield current
                current = None
            continue
        pieces = _line(block, strict, headed) if isinstance(block, str) else _table(block)
        for piece in pieces:
            if isinstance(piece, str):
                if current:
                    yield current
                    current = None
                before = piece if _is_subject(piece, strict) else None
                continue
            piece.subject = piece.subject or before
            before = None
            if current and current.joins(piece):
                current.add(piece)
                continue
            if current:
                yield current
            current = piece
    if current:
        yield current


def _is_subject(line: str, strict: bool) -> bool:
    return (
        len(line) <= 300
        and (line.endswith(":") or not strict)
        and bool(SUBJECT.match(line) or line.endswith(":"))
        and not (
            re.fullmatch(
                r"(?:\w+ )?(?:Beschluss|Beschlussvorschlag|Beschlussempfehlung|Protokoll|Anmerkung)\w*:?", line, re.I
            )
        )
    )


def _line(line: str, strict: bool, headed: bool) -> Iterator[_Ballot | str]:
    """The ballots of one line, sentence by sentence; a line that tells of none is given back as text."""
    if len(line) > MAX_LINE:
        yield ""
        return
    text = _MAJORITY.sub("mehrheitlich", _ENTH.sub(r"\1", _GLUED.sub(" ", line.replace("))", ")"))))
    text = re.sub(r"\bmehrheitl\b", "mehrheitlich", re.sub(r"\bEnth\b", "Enthaltung", text), flags=re.I)
    text = re.sub(r"\([^()]*\)", lambda bracket: bracket[0].replace(";", ","), text)
    found: list[_Ballot] = []
    for sentence in _SENTENCE.split(text):
        ballot = _sentence(sentence, strict, headed)
        if ballot and found and found[-1].joins(ballot):
            found[-1].add(ballot)
        elif ballot:
            found.append(ballot)
    for ballot in found:
        ballot.lines = [line]
    if found:
        yield from found
    elif not _absent(line):
        yield line


def _absent(line: str) -> bool:
    """``Befangen: 1``, ``Nicht anwesend: Herr Weber``: neither a vote nor an end of one."""
    return "I" in _coded(line).codes and len(line) < 200


def _sentence(text: str, strict: bool, headed: bool) -> _Ballot | None:
    """One sentence: wholly in the language of votes (with a subject before a colon), or a decision in plain words."""
    text = _without_absent(_QUOTED.sub("§", text))
    if ATTRIBUTE.search(text) or "?" in text:
        return None
    ballot = _covered(_coded(text), headed)
    if not ballot:
        for colon in re.finditer(r":\s", text[:250]):
            head, rest = text[: colon.start()], text[colon.end() :]
            known_head = SUBJECT.match(head) or _coded(head).codes[:1] == "H"
            if known_head and "B" not in _coded(head).codes and (ballot := _covered(_coded(rest), headed)):
                ballot.subject = None if re.fullmatch(r"[Hfo]+", _coded(head).codes) else f"{head}:"
                break
    if ballot and strict and len(ballot.rows) < 2 and not ballot.words & set("UM"):
        return None
    return ballot or _decision(_coded(text), strict)


def _without_absent(text: str) -> str:
    """Cut out who did not vote: ``(Nicht anwesend: 2)``, ``, Frau X nahm nicht teil``, ``Befangen: 1``."""
    text = re.sub(r"\([^()]*\)", lambda found: "" if "I" in _coded(found[0]).codes else found[0], text)
    coded = _coded(text)
    for found in reversed(list(re.finditer(r"I:#|#I(?!:)", coded.codes))):
        text = text[: coded.spans[found.start()][0]] + text[coded.spans[found.end() - 1][1] :]
    first, *others = re.split(r"(?<=[^\d]),\s|(?<=\d),\s|;\s", text)
    return ", ".join([first, *(part for part in others if "I" not in _coded(part).codes)])


def _covered(coded: _Codes, headed: bool) -> _Ballot | None:
    """A sentence in which every word belongs to the language of votes: ``einstimmig bei 2 Enthaltungen``."""
    if three := re.search(r"^Hw?w?w?:?3(?![\d/])|^\(?y/n/A\)?:?3" + (r"|^3\W*$" if headed else ""), coded.codes):
        numbers = re.findall(r"\d+", coded.text(0, three.end()).rpartition(":")[2])[-3:]
        return _Ballot(rows={side: _Row(int(number)) for side, number in zip(SIDES, numbers)})
    ballot = _Ballot()
    rest = _figures(coded, ballot, strong=False)
    if not set(rest) <= COVERED | set("nNGA") or not (_words(rest, ballot) or ballot.rows):
        return None
    return ballot


def _decision(coded: _Codes, strict: bool) -> _Ballot | None:
    """``Der Antrag wird mit 12 Ja-Stimmen bei 2 Enthaltungen angenommen.``: a decision, nouns beside figures."""
    codes = coded.codes
    verb = re.search(r"[DR]", codes)
    past = strict and re.search(r"\b(?:wurden?|hat|haben|ist|sind|war|waren)\b", coded.source)
    if not verb or past or set("BI3") & set(codes) or len(coded.source) > 600:
        return None
    if re.search(r"\bin (?:der|seiner|ihrer|einer|diesen?) Sitzung|\bam \d|\b[Ww]ie vo[mn]", coded.source):
        return None
    ballot = _Ballot()
    rest = _figures(coded, ballot, strong=True)
    _words(rest, ballot)
    return ballot if ballot.rows or ballot.words & set("UM") else None


def _words(rest: str, ballot: _Ballot) -> bool:
    """Note what the words say; True where they alone make a vote."""
    ballot.words |= set(rest) & set("UMDR")
    if AGAINST.search(rest):
        ballot.words.add("against")
    if "A" in rest:
        ballot.words.add("A")
    votes = bool(ballot.words & {"U", "M", "against"}) or bool(re.search(r"fAf*g", rest))
    return votes


def _figures(coded: _Codes, ballot: _Ballot, strong: bool) -> str:
    """Read the figures beside their words; returns the codes that are left. ``strong``: only beside nouns."""
    codes = coded.codes
    first = re.search(r"[YyNnGA]|[#e](?=S?[YyNnGA])", codes)
    label_first = not strong and bool(re.search(r"[YyNnGA]:", codes) or (first and first[0] not in "#e"))
    rejected = "R" in codes
    seen: dict[str, int] = {}

    def take(found: re.Match[str], side: str, number: int | None, shares: tuple[int, int] | None, sure: bool) -> None:
        nonlocal codes
        seen[side] = seen.get(side, 0) + 1
        row = ballot.rows.setdefault(side, _Row())
        row.total = number if seen[side] == 1 and sure else None
        row.open |= not sure
        if shares and shares[0] >= 0 and sure:
            _shares(coded, shares, row, number, ballot.labels)
        codes = codes[: found.start()] + " " * (found.end() - found.start()) + codes[found.end() :]

    if not strong:
        for found in list(LIST.finditer(codes)):
            take(found, _SIDE_OF[found[1]], None, found.span(2), sure=True)
    for found in list((LABEL_FIRST if label_first else NUMBER_FIRST).finditer(codes)):
        code = found[1] if label_first else found[2]
        if (strong and code.islower()) or (label_first and found[3] and not _dash_stands(codes, found)):
            continue
        place = found.start(2) if label_first else found.start(1)
        number = 0 if label_first and found[3] else coded.value(place)
        if number == 0 and code in "NG" and not label_first:
            ballot.words.add("nobody")
        spans = [found.span(4)] if label_first else [found.span(3), found.span(4)]
        take(found, _SIDE_OF[code], number, max(spans), sure=not (rejected and code == "G"))
    for found in list(PAIR.finditer(codes)):
        for side, place in (("yes", found.start(1)), ("no", found.start(2))):
            take(found, side, coded.value(place), None, sure=not rejected)
    for found in list(AGAINST_FIGURE.finditer(codes)):
        take(found, "no", coded.value(found.start(1)), max(found.span(2), found.span(3)), sure=not rejected)
    return codes.replace(" ", "")


def _dash_stands(codes: str, found: re.Match[str]) -> bool:
    """A dash is a figure after a colon or at an end (``Enthaltung: -``), not between words."""
    return codes[found.start() + 1] == ":" or codes[found.end() :][:1] in ("", ",", ";", "Y", "y", "N", "n", "A")


_SHARE = re.compile(r"(?:(\d{1,3})\s*x?\s+(\D.*)|(\D.*?)[\s:]+(\d{1,3}))$")


def _shares(coded: _Codes, span: tuple[int, int], row: _Row, total: int | None, labels: dict[str, str]) -> None:
    """``(11 SPD, 4 GRÜNE)``, ``(SPD 11; GRÜNE 4)``, ``(AfD)`` beside a total: the groups' figures of one side."""
    items = [
        item.strip(" .-") for item in re.split(r"[,;]| und | sowie ", coded.text(*span).strip("() ")) if item.strip()
    ]
    cells: dict[str, int] = {}
    strangers = False
    for item in items:
        share = None if known(item) else _SHARE.match(item)
        label = tidy(share[2] or share[3]) if share else item
        name = known(label)
        if name is None and not (
            share and label[:1].isupper() and len(label) <= 40 and not set("BISe") & set(_coded(label).codes)
        ):
            row.open = True
            continue
        strangers |= name is None
        number = int(share[1] or share[4]) if share else total if len(items) == 1 else None
        name = name or normalise(label)
        if number is None or name in cells:
            row.open = True
            continue
        cells[name] = number
        labels.setdefault(name, label)
    if strangers and (row.open or sum(cells.values()) != total):
        row.open = True
        return
    row.cells = {**row.cells, **cells}


# ---- from a ballot to a vote -------------------------------------------------------------------------------


def _vote(ballot: _Ballot) -> Vote | None:
    """Close a ballot: empty cells that must be 0, sums compared, unanimity judged; None where nobody voted."""
    rows = {side: ballot.rows.get(side, _Row()) for side in SIDES}
    figures = [n for row in rows.values() for n in (row.total, *row.cells.values()) if n is not None]
    words = ballot.words & {"U", "M", "against", "A"}
    if not any(figures) and not words:
        return None
    groups = list(ballot.labels)
    for row in rows.values():
        if row.total is not None and not row.open and sum(row.cells.values()) == row.total:
            row.cells = {group: row.cells.get(group, 0) for group in groups}
    counts = tuple(
        VoteCount(group, ballot.labels[group], *(rows[side].cells.get(group) for side in SIDES))
        for group in groups
        if any(group in rows[side].cells for side in SIDES)
    )
    return Vote(
        position=0,
        subject=ballot.subject,
        yes=rows["yes"].total,
        no=rows["no"].total,
        abstain=rows["abstain"].total,
        unanimous=_unanimous(ballot.words, rows, counts),
        source=ballot.source,
        raw_text="\n".join(dict.fromkeys(filter(None, [ballot.subject, *ballot.lines]))),
        consistent=_consistent(rows, groups) if counts else None,
        counts=counts,
    )


def _numbered(position: int, vote: Vote) -> Vote:
    return Vote(position, *(getattr(vote, name) for name in Vote.__slots__[1:]))


def _consistent(rows: dict[str, _Row], groups: list[str]) -> int | None:
    """1: for and against add up, and abstentions where they are told; 0: some side cannot; None: not to be checked."""
    verdict: int | None = 1
    for side, row in rows.items():
        sum_, complete = sum(row.cells.values()), not row.open and len(row.cells) == len(groups)
        if row.total is not None and (sum_ > row.total or (complete and sum_ != row.total)):
            return 0
        told = row.total is not None or row.cells or row.open
        if (row.total is None or not complete) and (told or side != "abstain"):
            verdict = None
    return verdict


def _unanimous(words: set[str], rows: dict[str, _Row], counts: tuple[VoteCount, ...]) -> int | None:
    """1: the words say so, or figures are complete and nobody was against; 0: somebody was; None: neither, or both."""
    yes, no, abstain = (rows[side].total for side in SIDES)
    opposed = bool(no) or any(count.no for count in counts) or "against" in words
    if "U" in words or ("nobody" in words and not opposed):
        return 1 if not opposed or (no and not yes and "R" in words) else None
    if "M" in words:
        return 0 if opposed else None if no == 0 or ((abstain or "A" in words) and "R" not in words) else 0
    if opposed:
        return 0 if no != 0 else None
    if no == 0 and yes and abstain is not None:
        return 1
    by_group = [(count.yes, count.no, count.abstain) for count in counts]
    whole = (
        bool(by_group) and all(None not in figures for figures in by_group) and not any(r.open for r in rows.values())
    )
    return 1 if whole and no is None and any(count.yes for count in counts) else None
