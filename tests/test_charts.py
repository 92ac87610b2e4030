"""What the charts promise: true figures, nothing cut off, readable in light, dark and grey. All data is invented."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations
from math import atan2
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import sync_playwright

from ratsdaten import charts
from ratsdaten.charts import theme
from ratsdaten.charts.render import png, svg
from ratsdaten.charts.text import day, measure, number, percent, wrap
from ratsdaten.groups import GROUPS

SOURCE = "Erfundene Daten der Vorführstadt Lindenrath"
FACTS = charts.Facts(
    source=SOURCE,
    as_of="2026-11-21T22:30:00Z",
    period=("2014-06-24", "2026-11-24"),
    body="Rat der Stadt Lindenrath",
    basis="214 umstrittene Abstimmungen nach Fraktionen; 61 weitere ohne Stimmen je Fraktion, 12 nicht lesbar",
    title="Wer stimmt wie?",
)
Rows = list[dict[str, Any]]
Figures = tuple[int | None, int | None, int | None]

OPEN = "offen, kein Ergebnis vermerkt"
LONG_NAME = "Wählergemeinschaft Unabhängige Bürgerinnen und Bürger für Lindenrath-Nord und Umgebung"
ONE_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsvereinigungsfraktion"
MARKUP = '<b>fett</b> & "Söhne"'
LONG_TITLE = (
    "Aufstellung des Bebauungsplanes Nr. 265 - Zechenbahnradwegverlängerungsgrundstücksverwaltungsgesellschaft -: "
    "Abwägung der Stellungnahmen aus der frühzeitigen Beteiligung und Beschluss über die öffentliche Auslegung"
)
NAMES = [group.name for group in GROUPS][:13] + ["OB"]


def ballot_rows(groups: dict[str, Figures], total: Figures | None = None, **columns: Any) -> Rows:
    """Rows as the query "abstimmung" gives them; without a total it is the sum."""
    added: Figures = tuple(sum(f[i] or 0 for f in groups.values()) for i in range(3))  # type: ignore[assignment]
    colors = {group.name: group.color for group in GROUPS}
    shared = {
        "datum": "2026-11-24",
        "gremium": "Rat der Stadt Lindenrath",
        "top": "5.1",
        "betreff": "Umgestaltung des Marktplatzes",
        "gegenstand": "Änderungsantrag der Fraktion Grüne",
        "beschlussart": "ungeändert beschlossen",
        "ergebnis": None,
        "einstimmig": 0,
        "stimmig": 1,
        "letzte": 1,
    } | columns
    counts = {"gesamt": total or added, **groups}
    return [
        shared | {"fraktion": name, "farbe": colors.get(name), "ja": f[0], "nein": f[1], "enthaltung": f[2]}
        for name, f in counts.items()
    ]


def pair_rows(names: Sequence[str]) -> Rows:
    return [
        {
            "fraktion_a": a,
            "fraktion_b": b,
            "abstimmungen": (cases := 4 + 37 * i % 900),
            "gleich": (alike := round(cases * (i * 0.137 % 1.001))),
            "prozent": None if cases < 10 else round(100 * alike / cases, 1),
        }
        for i, (a, b) in enumerate(combinations(names, 2))
    ]


SPLIT = ballot_rows({"SPD": (20, 0, 0), "CDU": (14, 0, 1), "Grüne": (2, 7, 1), "Linke": (0, 4, 0), "OB": (1, 0, 0)})
PARTLY = ballot_rows(
    {"SPD": (20, None, None), "CDU": (None, 9, None), "AL": (None, None, None)}, (30, 9, None), stimmig=0
)
TOTALS = ballot_rows({}, (38, 15, 2), gegenstand=None)
WORDS = ballot_rows({"SPD": (None, None, None)}, (None, None, None), einstimmig=1)
LABELS = ballot_rows(
    {LONG_NAME: (3, 1, 0), ONE_WORD: (2, 0, 1), MARKUP: (1, 1, 1)}, betreff=LONG_TITLE, gegenstand=LONG_TITLE
)
BALLOTS = {
    "split": SPLIT,
    "partly": PARTLY,
    "totals": TOTALS,
    "totals in part": ballot_rows({}, (38, None, None)),
    "labels": LABELS,
    "14 groups": ballot_rows({name: (i, 14 - i, i % 3) for i, name in enumerate(NAMES)}),
    "1000 votes": ballot_rows({name: (60 + i, 7, 3) for i, name in enumerate(NAMES)}),
    "more than dots can show": ballot_rows({}, (1_000_000, 3, 2)),
    "single": ballot_rows({"SPD": (7, 0, 0)}, einstimmig=1),
    "one vote": ballot_rows({}, (1, 0, 0)),
    "tie and zero": ballot_rows({"SPD": (10, 0, 0), "CDU": (0, 10, 0), "FDP": (0, 0, 0)}),
}
OUTCOMES = [
    {"jahr": str(year), "ergebnis": f"Ergebnis Nummer {i}", "farbe": color, "anzahl": 3 + (year * (i + 5)) % 211}
    for year in range(1999, 2027)
    if year != 2009
    for i, color in enumerate(("#2f7d5b", "#79b597", "#c2410c", "#5b8db8", "#7d8590", None, "#000000", "#ffffff"))
]
ACTIVITY = [
    {
        "jahr": str(year),
        "gremium": f"Ausschuss für die Angelegenheiten Nummer {body}" if body else "nicht genannt",
        "sitzungen": 1 + (year * body) % 13,
        "tagesordnungspunkte": 40 + body,
        "mit_vorlage": 20,
        "abstimmungen": 0,
    }
    for year in range(1999, 2027)
    for body in range(60)
]
MOTIONS = [
    {
        "fraktion": name,
        "farbe": None,
        "antraege": 1000 + 4 * i,
        "angenommen": 1000 + i,
        "abgelehnt": i,
        "uebrige": i,
        "offen": i,
        "prozent": round(100 * (1000 + i) / (1000 + 2 * i), 1),
    }
    for i, name in enumerate([*NAMES, LONG_NAME])
]
WINNERS = [
    {
        "fraktion": name,
        "farbe": None,
        "abstimmungen": 1234 if i else 7,
        "gewonnen": 1234 - 80 * i if i else 7,
        "prozent": round(100 * (1234 - 80 * i) / 1234, 1) if i else None,
    }
    for i, name in enumerate(NAMES)
]
DURATION = [
    {"jahr": str(year), "vorlagen": 50, "median_tage": 30.5 + year % 9, "laengstes_viertel_ab_tagen": 60 + year % 70}
    for year in range(1999, 2027)
]

Draw = Callable[[Any, charts.Facts, int], charts.Chart | None]
SAMPLES: dict[str, tuple[Draw, Rows]] = {
    **{f"ballot, {name}": (charts.ballot, rows) for name, rows in BALLOTS.items()},
    **{f"seats, {name}": (charts.seats, rows) for name, rows in BALLOTS.items()},
    "agreement": (charts.agreement, pair_rows(NAMES[:6])),
    "agreement, 14 groups": (charts.agreement, pair_rows(NAMES)),
    "agreement, 25 groups": (charts.agreement, pair_rows([*NAMES, *(f"Gruppe {i}" for i in range(11))])),
    "agreement, labels": (charts.agreement, pair_rows(["SPD", LONG_NAME, MARKUP])),
    "winning side": (charts.winning_side, WINNERS),
    "outcomes, 28 years": (charts.outcomes, OUTCOMES),
    "outcomes, one year": (charts.outcomes, OUTCOMES[-2:]),
    "activity, 60 bodies": (charts.activity, ACTIVITY),
    "activity, one body": (charts.activity, ACTIVITY[::60]),
    "motions": (charts.motions, MOTIONS),
    "duration, 28 years": (charts.duration, DURATION),
    "duration, one year": (charts.duration, DURATION[:1]),
}
#: The samples with most to fit in.
FULL = (
    "ballot, labels",
    "ballot, 14 groups",
    "seats, labels",
    "agreement, 14 groups",
    "winning side",
    "outcomes, 28 years",
    "activity, 60 bodies",
    "motions",
    "duration, 28 years",
)
EACH = pytest.mark.parametrize("name", SAMPLES)
EACH_FULL = pytest.mark.parametrize("name", FULL)
STATISTICS = [name for name in SAMPLES if not name.startswith(("ballot", "seats"))]


def draw(name: str, width: int = 640) -> charts.Chart:
    function, rows = SAMPLES[name]
    chart = function(rows, FACTS, width)
    assert chart is not None
    return chart


@cache
def picture(name: str, theme: str = "auto", width: int = 640) -> str:
    return svg(draw(name, width), theme)


def drawn(chart: charts.Chart, mark: str) -> Rows:
    """The data of all layers of a mark."""
    layers = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == mark]
    return [value for layer in layers for value in layer["data"]["values"]]


def words(chart: charts.Chart) -> list[str]:
    """The texts in the picture, line by line."""
    root = etree.fromstring(svg(chart, "hell").encode())
    return ["".join(text.itertext()) for text in root.iter("{*}text")]


def bars(chart: charts.Chart) -> dict[tuple[str, str], int]:
    return {(box["zeile"], box["teil"]): box["wert"] for box in drawn(chart, "rect") if "teil" in box}


# The ballot


def test_ballot_draws_each_figure_once() -> None:
    chart = charts.ballot(SPLIT, FACTS, 640)
    assert chart is not None
    assert bars(chart) == {
        ("Gesamt", "dafür"): 37,
        ("Gesamt", "dagegen"): 11,
        ("Gesamt", "Enthaltung"): 2,
        ("SPD", "dafür"): 20,
        ("CDU", "dafür"): 14,
        ("CDU", "Enthaltung"): 1,
        ("Grüne", "dafür"): 2,
        ("Grüne", "dagegen"): 7,
        ("Grüne", "Enthaltung"): 1,
        ("Linke", "dagegen"): 4,
        ("OB", "dafür"): 1,
    }
    assert "Ergebnis: ungeändert beschlossen" in words(chart)
    assert {"SPD: 20 dafür", "Grüne: 2 dafür, 7 dagegen"} <= {  # figures keep an unbreakable blank
        part.replace("\xa0", " ") for part in re.findall(r"SPD: 20\sdafür|Grüne: 2\sdafür, 7\sdagegen", chart.alt)
    }


def test_an_unsaid_figure_is_never_zero() -> None:
    chart = charts.ballot(PARTLY, FACTS, 640)
    assert chart is not None
    assert bars(chart) == {
        ("Gesamt", "dafür"): 30,
        ("Gesamt", "dagegen"): 9,
        ("SPD", "dafür"): 20,
        ("CDU", "dagegen"): 9,
    }
    said = words(chart)
    assert "0" not in said
    assert "? = in der Niederschrift nicht genannt" in said
    assert "AL: dafür, dagegen und Enthaltung nicht genannt." in chart.alt
    # No bar with an unsaid part fills the width: it is not the whole.
    scale = next(layer["encoding"]["x"]["scale"] for layer in chart.spec["layer"] if "von" in str(layer["encoding"]))
    assert scale["domain"][1] > 39


def test_dots_stand_for_the_total_where_groups_are_known_in_part() -> None:
    chart = charts.seats(PARTLY, FACTS, 640)
    assert chart is not None
    assert Counter((dot["fraktion"], dot["stimme"]) for dot in drawn(chart, "point") if "stimme" in dot) == {
        ("Gesamt", "dafür"): 30,
        ("Gesamt", "dagegen"): 9,
    }
    assert drawn(chart, "arc") == []


def test_totals_only_suggest_no_groups() -> None:
    bar, half_circle = charts.ballot(TOTALS, FACTS, 640), charts.seats(TOTALS, FACTS, 640)
    assert bar is not None and half_circle is not None
    assert {line for line, _ in bars(bar)} == {"Gesamt"}
    assert {dot["fraktion"] for dot in drawn(half_circle, "point") if "stimme" in dot} == {"Gesamt"}
    assert drawn(half_circle, "arc") == []
    for chart in (bar, half_circle):
        assert "Die Niederschrift nennt nur Gesamtzahlen, keine Stimmen je Fraktion." in words(chart)


@pytest.mark.parametrize("function", [charts.ballot, charts.seats])
def test_words_only_are_no_picture(function: Draw) -> None:
    assert function(WORDS, FACTS, 640) is None
    assert function([], FACTS, 640) is None


def test_seats_show_a_dot_a_vote_in_chamber_order() -> None:
    chart = charts.seats(SPLIT[::-1], FACTS, 640)
    assert chart is not None
    dots = [dot for dot in drawn(chart, "point") if "stimme" in dot]
    assert Counter((dot["fraktion"], dot["stimme"]) for dot in dots) == {
        (row["fraktion"], side): row[column]
        for row in SPLIT[1:]
        for side, column in (("dafür", "ja"), ("dagegen", "nein"), ("Enthaltung", "enthaltung"))
        if row[column]
    }
    center, base = 308, max(dot["y"] for dot in dots)
    angle = {
        name: sum(atan2(base - dot["y"], center - dot["x"]) for dot in dots if dot["fraktion"] == name) / n
        for name, n in Counter(dot["fraktion"] for dot in dots).items()
    }
    assert sorted(angle, key=lambda name: angle[name]) == ["SPD", "CDU", "Grüne", "Linke", "OB"]
    assert {dot["stimme"]: dot["shape"] for dot in dots} == {
        "dafür": "circle",
        "dagegen": "diamond",
        "Enthaltung": "circle",
    }


def test_an_earlier_ballot_does_not_wear_the_result_of_the_item() -> None:
    chart = charts.ballot(ballot_rows({"SPD": (0, 7, 0)}, letzte=0, einstimmig=1), FACTS, 640)
    assert chart and "Ergebnis des Tagesordnungspunkts nach weiterer Abstimmung: ungeändert beschlossen." in chart.alt
    assert charts.result(ballot_rows({}, letzte=0, einstimmig=1, beschlussart=None)[0]) == (
        "Diese Abstimmung: einstimmig"
    )
    assert "Diese Abstimmung: einstimmig. Ergebnis des Tagesordnungspunkts" in chart.alt


def test_advice_is_no_decision() -> None:
    row = ballot_rows({}, beschlussart="abgelehnt", ergebnis="nicht empfohlen")[0]
    assert charts.result(row) == "Ergebnis: nicht empfohlen (im Original: abgelehnt)"
    row = ballot_rows({}, beschlussart="Empfohlen.", ergebnis="empfohlen", einstimmig=1)[0]
    assert charts.result(row) == "Ergebnis: empfohlen, einstimmig"


@pytest.mark.parametrize("function", [charts.ballot, charts.seats])
def test_abstentions_alone_are_no_picture(function: Draw) -> None:
    """ "Einstimmig bei 4 Enthaltungen" does not mean that all abstained."""
    rows = ballot_rows({"SPD": (None, None, 4)}, (None, None, 4), einstimmig=1)
    assert function(rows, FACTS, 640) is None


def test_the_arc_of_one_vote_among_many_runs_forward() -> None:
    chart = charts.seats(ballot_rows({"SPD": (700, 0, 0), "OB": (1, 0, 0), "CDU": (0, 699, 0)}), FACTS, 340)
    assert chart is not None
    assert [arc["fraktion"] for arc in drawn(chart, "arc") if arc["von"] < arc["bis"]] == ["SPD", "CDU", "OB"]


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("Antrag der CDU:", "Abgestimmt über: Antrag der CDU"),
        ("Abstimmung zu Ziffer 1:", "Abstimmung zu Ziffer 1"),
        (None, None),
    ],
)
def test_the_subject_reads_well(subject: str | None, line: str | None) -> None:
    chart = charts.ballot(ballot_rows({"SPD": (1, 0, 0)}, gegenstand=subject), FACTS, 640)
    assert chart is not None
    assert chart.spec["title"]["subtitle"][1:] == ([line] if line else [])


def test_a_ballot_that_does_not_add_up_says_so() -> None:
    chart = charts.ballot(PARTLY, FACTS, 340)
    assert chart is not None and "Summe der Fraktionen weicht von der Gesamtzahl ab." in words(chart)
    other = charts.ballot(SPLIT, FACTS, 340)
    assert other is not None and "weicht" not in other.alt


def test_rows_of_sqlite_are_rows() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    columns = ", ".join(f":{name} as {name}" for name in SPLIT[0])
    rows = [connection.execute(f"select {columns}", row).fetchone() for row in SPLIT]
    assert charts.ballot(rows, FACTS, 640) == charts.ballot(SPLIT, FACTS, 640)


# Statistics


def test_agreement_is_symmetric_and_has_no_share_for_few_ballots() -> None:
    rows = pair_rows(NAMES[:3])
    chart = charts.agreement(rows, FACTS, 640)
    assert chart is not None
    cells = {(box["fraktion"], box["mit"]): box["prozent"] for box in drawn(chart, "rect") if "mit" in box}
    assert cells == {pair: cells[pair[::-1]] for pair in cells} and len(cells) == 6
    assert rows[0]["abstimmungen"] == 4 and cells[NAMES[0], NAMES[1]] is None
    figures = [word.replace("\xa0", " ") for word in words(chart)]
    assert figures.count("nur 4") == 2 and figures.count(f"{round(rows[1]['prozent'])} %") == 2
    assert "Zu wenige gemeinsame Abstimmungen: 1 von 3 Paaren." in chart.alt


@pytest.mark.parametrize(
    ("alike", "cases", "figure"), [(996, 1000, "99,6"), (4, 1000, "0,4"), (2999, 3000, "99,9"), (9, 9, "100")]
)
def test_nearly_all_is_not_all(alike: int, cases: int, figure: str) -> None:
    pair = {"fraktion_a": "SPD", "fraktion_b": "CDU", "abstimmungen": cases, "gleich": alike}
    chart = charts.agreement([pair | {"prozent": round(100 * alike / cases, 1)}], FACTS, 640)
    assert chart is not None and words(chart).count(f"{figure}\xa0%") == 2


def test_agreement_without_a_single_share_says_so_and_has_no_legend() -> None:
    chart = charts.agreement([row | {"prozent": None} for row in pair_rows(NAMES[:3])], FACTS, 640)
    assert chart is not None
    assert "Zu wenige gemeinsame Abstimmungen für einen Anteil." in words(chart)
    assert "ab 80 %" not in words(chart)


def test_agreement_of_many_groups_names_those_left_out() -> None:
    chart = draw("agreement, 25 groups")
    shown = {box["fraktion"] for box in drawn(chart, "rect") if "mit" in box}
    assert len(shown) == 14
    note = next(line for line in words(chart) if line.startswith("Nicht gezeigt"))
    assert note.startswith("Nicht gezeigt, weil seltener dabei: ")


def test_outcomes_add_up_with_the_rest() -> None:
    boxes = [box for box in drawn(draw("outcomes, 28 years"), "rect") if "ergebnis" in box]
    assert sum(box["anzahl"] for box in boxes) == sum(row["anzahl"] for row in OUTCOMES)
    assert len({box["ergebnis"] for box in boxes}) == 6 and "übrige" in {box["ergebnis"] for box in boxes}
    assert "2009" not in {box["jahr"] for box in boxes}


def test_outcomes_keep_decisions_apart_and_count_items_without_a_result() -> None:
    rows = [row | {"ergebnis": "angenommen" if row["ergebnis"].endswith("7") else row["ergebnis"]} for row in OUTCOMES]
    rare = (("abgelehnt", "#c2410c", 2), ("geändert angenommen", "#79b597", 1), (OPEN, "#8c959f", 802))
    rows += [{"jahr": "2025", "ergebnis": e, "farbe": color, "anzahl": n} for e, color, n in rare]
    chart = charts.outcomes(rows, FACTS, 640)
    assert chart is not None
    boxes = [box for box in drawn(chart, "rect") if "ergebnis" in box]
    names = list(dict.fromkeys(box["ergebnis"] for box in boxes if box["jahr"] == "2025"))
    assert names[:3] == ["angenommen", "geändert angenommen", "abgelehnt"]  # decisions at the bottom
    assert len(names) == 6 and names[5] == "übrige" and OPEN not in names
    assert sum(box["anzahl"] for box in boxes) == sum(row["anzahl"] for row in rows) - 802
    for said in (" ".join(words(chart)), chart.alt):
        assert "Nicht gezeichnet: 802 Punkte ohne vermerktes Ergebnis." in said.replace("\xa0", " ")
    # Every part that is high enough somewhere has its letter there.
    assert sorted(word for word in words(chart) if word in "ABCDEF") == ["A", "D", "E", "F"]


@pytest.mark.parametrize("papers", [3, 4])
def test_duration_without_waiting_and_with_few_papers(papers: int) -> None:
    row = {"jahr": "2024", "vorlagen": papers, "median_tage": 0.0, "laengstes_viertel_ab_tagen": 0}
    chart = charts.duration([row], FACTS, 640)
    assert chart is not None and ("ein Viertel ab" in chart.alt) == (papers == 4)


def test_activity_names_the_busiest_bodies_and_counts_the_others() -> None:
    chart = draw("activity, 60 bodies")
    assert number(sum(row["sitzungen"] for row in ACTIVITY)) in words(chart)
    lines = {box["zeile"] for box in drawn(chart, "rect") if "zeile" in box}
    assert len(lines) == 9 + 3  # no ballot at all: no bar
    meetings: Counter[str] = Counter()
    for row in ACTIVITY:
        meetings[row["gremium"]] += row["sitzungen"]
    unnamed = meetings.pop("nicht genannt")
    rest = meetings.total() - sum(n for _, n in meetings.most_common(9))
    assert f"50\xa0weitere Gremien: {number(rest)}\xa0Sitzungen" in words(chart)
    assert f"Gremium nicht genannt: {number(unnamed)}\xa0Sitzungen" in words(chart)


def test_winning_side_shows_no_share_for_few_ballots() -> None:
    chart = draw("winning side")
    assert {line for line, _ in bars(chart)} == {row["fraktion"] for row in WINNERS if row["prozent"] is not None}
    assert "SPD: nur 7\xa0Abstimmungen, zu wenige für einen Anteil." in chart.alt


@pytest.mark.parametrize("name", STATISTICS)
def test_a_statistic_states_body_period_basis_source_and_date(name: str) -> None:
    said = " ".join(words(draw(name))).replace("\xa0", " ")
    assert "Rat der Stadt Lindenrath, 24.06.2014 bis 24.11.2026" in said
    assert f"Grundlage: {FACTS.basis}" in said
    assert f"Quelle: {SOURCE}. Stand: 21.11.2026" in said


@pytest.mark.parametrize(
    "function",
    [charts.agreement, charts.winning_side, charts.outcomes, charts.activity, charts.motions, charts.duration],
)
def test_without_rows_there_is_nothing_to_draw(function: Draw) -> None:
    assert function([], FACTS, 640) is None


# Every picture


@EACH
def test_alternative_is_the_description_and_has_the_figures(name: str) -> None:
    chart = draw(name)
    root = etree.fromstring(picture(name).encode())
    title, desc = root.find("{*}title"), root.find("{*}desc")
    assert (title.text, desc.text) == (chart.title, chart.alt) and chart.spec["description"] == chart.alt
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    figures = Counter(box["wert"] for box in drawn(chart, "rect") if "wert" in box)
    said = set(re.findall(r"\d[\d.]*(?:,\d+)?", chart.alt))
    assert {number(f, 0 if f == int(f) else 1) for f in figures} <= said


@pytest.mark.parametrize("function", [charts.ballot, charts.seats])
def test_a_word_without_end_is_cut(function: Draw) -> None:
    endless = "W" * 100_000
    started = time.monotonic()
    chart = function(ballot_rows({endless: (1, 0, 0)}, betreff=endless, gegenstand=endless), FACTS, 340)
    assert chart is not None and len(chart.alt) < 5000 and time.monotonic() - started < 2


@EACH_FULL
def test_same_input_same_bytes(name: str) -> None:
    assert svg(draw(name), "auto") == picture(name)


@EACH
def test_spec_and_svg_stand_alone(name: str) -> None:
    chart = draw(name)
    assert chart.spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert '"url"' not in str(chart.spec).replace("'", '"')
    root = etree.fromstring(picture(name).encode())
    assert not {element.tag.split("}")[1] for element in root.iter()} & {"script", "a", "image", "use", "foreignObject"}
    assert not [a for element in root.iter() for a in element.attrib if "href" in a or a.startswith("on")]


@EACH_FULL
def test_every_color_of_ours_changes_in_the_dark(name: str) -> None:
    """Colours that stay are middle tones of groups and outcomes, and the letters on them."""
    light, dark = (
        set(re.findall(r'(?:fill|stroke)="([^"]+)"', picture(name, t))) - {"none", "transparent"}
        for t in ("hell", "dunkel")
    )
    for color in light - set(theme.DARK_OF):
        assert color in {"#000000", "#fffffc"} or min(theme.contrast(color, b) for b in theme.ROLES["background"]) >= 3
    assert not dark & set(theme.DARK_OF)
    assert picture(name).replace(f"<style>{charts.DARK_STYLE}</style>", "") == picture(name, "hell")
    assert all(f'[{a}="{color}"]' in charts.DARK_STYLE for color in theme.DARK_OF for a in ("fill", "stroke"))


def test_markup_in_labels_stays_text() -> None:
    chart = draw("ballot, labels", 960)
    assert MARKUP in words(chart)
    assert "<b>" not in svg(chart, "auto")
    nasty = ballot_rows({"SPD": (1, 0, 0)}, betreff=f"Titel\x00\x0b\ufffe {MARKUP}", beschlussart="</desc><script>")
    other = charts.ballot(nasty, FACTS, 640)
    assert other is not None and "<script" not in svg(other, "auto")
    assert f"Titel {MARKUP}" in words(other)


def test_theme_must_be_known() -> None:
    with pytest.raises(ValueError, match="hell, dunkel, auto"):
        svg(draw("ballot, split"), "bunt")


def test_png_has_the_size_asked_for() -> None:
    chart = draw("ballot, split", 340)
    image = png(chart, "hell")
    assert image.startswith(b"\x89PNG") and int.from_bytes(image[16:20], "big") == 680
    assert png(chart, "auto") == png(chart, "hell") != png(chart, "dunkel")


# Numbers, days, lines, colours


def test_numbers_and_days_are_german() -> None:
    assert number(1234567) == "1.234.567" and number(1234.5, 1) == "1.234,5" and percent(12.5) == "12,5\xa0%"
    assert [day(d) for d in ("2026-11-24", "2026-11", "2026", "unbekannt")] == [
        "24.11.2026",
        "11.2026",
        "2026",
        "unbekannt",
    ]
    assert day("2026-11-20T23:30:00Z") == "21.11.2026"  # half past midnight in Germany
    said = words(draw("motions"))
    assert "1.000" in said and not [word for word in said if re.search(r"\d,\d{3}\b", word)]


def test_wrapped_lines_fit_and_lose_nothing() -> None:
    text = f"{LONG_TITLE} {ONE_WORD}"
    lines = wrap(text, 200, 13)
    assert max(measure(line, 13) for line in lines) <= 200
    assert re.sub(r"[\s-]", "", "".join(lines)) == re.sub(r"[\s-]", "", text)
    cut = wrap(text, 200, 13, most=2)
    assert len(cut) == 2 and cut[1].endswith(" …") and measure(cut[1], 13) <= 200


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_colors_have_the_contrast_they_need(side: int) -> None:
    roles = {role: values[side] for role, values in theme.ROLES.items()}
    for role in ("ink", "muted"):
        assert theme.contrast(roles[role], roles["background"]) >= 4.5
    for role in ("accent", "yes", "no", "hollow_line"):
        assert theme.contrast(roles[role], roles["background"]) >= 3
    for i in range(5):
        assert theme.contrast(roles[f"on_step{i}"], roles[f"step{i}"]) >= 4.5
    # For and against differ in lightness by as much as grey print needs; abstentions are hollow.
    assert theme.contrast(roles["yes"], roles["no"]) >= 2
    assert len({light for light, _ in theme.ROLES.values()}) == len(theme.ROLES)


@pytest.mark.parametrize("color", ["#ffffff", "#000000", "#FFFF00", "#0000ff", "red", None, theme.INK])
def test_a_color_from_the_data_is_readable_in_light_and_dark(color: str | None) -> None:
    tone = theme.middle_tone(color)
    assert min(theme.contrast(tone, background) for background in theme.ROLES["background"]) >= 3
    assert theme.contrast(theme.on(tone), tone) >= 4.5
    assert tone not in theme.DARK_OF


# In a real browser

_MISFITS = """() => [...document.querySelectorAll('svg')].map(svg => {
  const frame = svg.getBoundingClientRect(), misfits = [];
  const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect(), t]);
  for (const [words, box, text] of texts) {
    if (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom)
      misfits.push('outside: ' + words);
    if (parseFloat(getComputedStyle(text).fontSize) < 11) misfits.push('too small: ' + words);
  }
  texts.forEach(([words, a], i) => texts.slice(i + 1).forEach(([others, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1.5 && high > 4.5) misfits.push('over each other: ' + words + ' | ' + others);
  }));
  return misfits;
})"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page in the system's Chromium."""
    if not (chromium := shutil.which("chromium")):
        pytest.fail("no chromium here: run scripts/browser.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 1280, "height": 800})
        browser.close()


@pytest.mark.parametrize("width", charts.WIDTHS)
def test_no_text_is_cut_off_tiny_or_over_another(page: Any, width: int) -> None:
    names = list(SAMPLES if width == 640 else FULL)
    page.set_content("".join(f"<div>{picture(name, width=width)}</div>" for name in names))
    misfits = dict(zip(names, page.evaluate(_MISFITS), strict=True))
    assert {name: found for name, found in misfits.items() if found} == {}


def test_automatic_picture_follows_the_reader_but_prints_light(page: Any) -> None:
    page.set_content(svg(draw("ballot, split"), "auto"))

    def background() -> str:
        return page.evaluate("getComputedStyle(document.querySelector('svg rect')).fill")

    page.emulate_media(media="screen", color_scheme="light")
    assert background() == "rgb(255, 255, 255)"
    page.emulate_media(media="screen", color_scheme="dark")
    assert background() == "rgb(21, 24, 28)"
    page.emulate_media(media="print", color_scheme="dark")
    assert background() == "rgb(255, 255, 255)"
