"""Votes are read as printed or not at all: known texts, any vote in any shape, prose, and the invented town."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import demo
import scraper.votes
from demo.pages import Pages
from demo.sessions import Session
from ratsdaten.groups import GROUPS, Group, affiliation, known, mentioned, normalise
from scraper.items import ExcerptPage, Section
from scraper.pages import parse
from scraper.pages.richtext import plain, sanitise
from scraper.votes import SIDES, Vote, read_votes

CASES = yaml.safe_load(Path(__file__).with_name("votes.yml").read_text("utf-8"))


def section(source: str | None, code: str = "AE") -> Section | None:
    """A section as the page parser gives it; text without markup has a paragraph a line."""
    if source is None:
        return None
    html = sanitise(source if "<" in source else "".join(f"<p>{line}</p>" for line in source.split("\n")))
    text = plain(html)
    return Section(code, html, text) if text else None


def told(vote: Vote) -> str:
    """A vote in one line: ``21/0/0 unanimous=1 consistent=1 table SPD=10/0/0 … about: subject``; ? is NULL."""

    def say(*values: int | None) -> str:
        return "/".join("?" if value is None else str(value) for value in values)

    parts = [say(vote.yes, vote.no, vote.abstain), f"unanimous={say(vote.unanimous)}"]
    parts += [f"consistent={say(vote.consistent)}", vote.source]
    parts += [f"{c.group}={say(c.yes, c.no, c.abstain)}" for c in vote.counts]
    return " ".join(parts) + (f" about: {vote.subject}" if vote.subject else "")


# ---- known texts


def markup(rows: list[list[str]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(f'<td><p>{c}</p></td>' for c in row)}</tr>" for row in rows) + "</table>"


def result_of(case: dict[str, Any]) -> str | None:
    """The result section of a case: as written, or a table whose cells are parted by |."""
    if "table" in case:
        return markup([row.split("|") for row in case["table"].rstrip("\n").split("\n")])
    return case.get("ae")


@pytest.mark.parametrize("case", CASES, ids=lambda case: (result_of(case) or case["bs"])[:60])
def test_a_text_is_read_as_a_person_reads_it(case: dict[str, Any]) -> None:
    votes = read_votes(section(result_of(case)), section(case.get("bs"), "BS"))
    assert [told(vote) for vote in votes] == case["votes"]
    assert [vote.position for vote in votes] == list(range(1, len(votes) + 1))
    assert all(vote.raw_text for vote in votes)


def test_there_are_enough_texts() -> None:
    assert len(CASES) >= 300


def test_real_tables_of_herne(real_pages: Path) -> None:
    """Three tables whose text is known, as a table, as rows of text and with each cell on a line of its own."""
    figures = {"-": 0, "": 0}
    for truth in json.loads((real_pages / "expected.json").read_text("utf-8"))["herne_votes"]["votes"]:
        rows = [["", *truth["columns"]]] + [[f"{side}:", *truth[side]] for side in ("dafür", "dagegen", "Enthaltung")]
        shapes = [markup(rows), "\n".join(" ".join(row).strip() for row in rows)]
        shapes.append("\n".join(cell for row in rows for cell in row if cell))
        for shape in shapes:
            [vote] = read_votes(section(shape), None)
            by_side = [[figures[c] if c in figures else int(c) for c in row[1:]] for row in rows[1:]]
            assert (vote.yes, vote.no, vote.abstain) == tuple(row[0] for row in by_side)
            assert [c.label for c in vote.counts] == truth["columns"][1:]
            assert [(c.yes, c.no, c.abstain) for c in vote.counts] == list(zip(*(row[1:] for row in by_side)))
            assert vote.consistent == 1 and vote.unanimous == int(by_side[1][0] == 0)


def test_each_synonym_has_an_example_that_it_rewrites() -> None:
    words = yaml.safe_load(Path(scraper.votes.__file__).with_name("vocabulary.yml").read_text("utf-8"))
    for part, pattern, to, example in words["rewrites"]:
        assert part in example.lower() and re.sub(pattern, to, example, flags=re.I) != example


def test_an_absent_section_is_no_vote() -> None:
    assert read_votes(None, None) == ()


@pytest.mark.parametrize(
    "piece",
    ["(", "einstimmig ", "12 Ja, ", "dafür: ", "gesamt SPD ", "<table>", "- ", "1/1/1 ", "gegen die ", "Fraktion"],
)
def test_a_hostile_text_is_read_in_time(piece: str) -> None:
    begun = time.perf_counter()
    read_votes(section(piece * 20_000), None)
    assert time.perf_counter() - begun < 5


# ---- any vote in any shape

NAMES = ["SPD", "CDU", "Grüne", "Die Linke", "Piraten/AL", "AfD", "FDP", "UB", "OB"]


def invent(dice: random.Random) -> dict[str, tuple[int, int, int]]:
    """Figures by printed label; somebody votes yes."""
    names = dice.sample(NAMES, dice.randint(2, len(NAMES)))
    counts = {}
    for name in names:
        most = 1 if name == "OB" else dice.randint(1, 28)
        side = dice.choice((0, 0, 0, 1, 2))
        figures = [0, 0, 0]
        figures[side] = most
        if most > 2 and dice.random() < 0.2:
            figures[side] -= 1
            figures[(side + 1) % 3] = 1
        counts[name] = (figures[0], figures[1], figures[2])
    counts[names[0]] = (max(1, counts[names[0]][0]), *counts[names[0]][1:])
    return counts


def table_of(dice: random.Random, counts: dict[str, tuple[int, int, int]]) -> list[list[str]]:
    """Rows as a clerk types them: any order, dashes or zeros, blanks where the total tells."""
    labels = dice.choice(
        (("dafür:", "dagegen:", "Enthaltung:"), ("Ja", "Nein", "Enthaltungen"), ("Zustimmung:", "Ablehnung:", "Enth."))
    )
    nothing = dice.choice(("-", "–", "0"))
    blank = dice.random() < 0.3
    rows = [["", dice.choice(("gesamt", "Gesamt", "insgesamt")), *counts]]
    for side, label in enumerate(labels):
        total = sum(figures[side] for figures in counts.values())
        empty = "" if blank else nothing
        rows.append([label, str(total or nothing), *(str(f[side]) if f[side] else empty for f in counts.values())])
    return rows


def as_table(dice: random.Random, rows: list[list[str]]) -> str:
    if dice.random() < 0.3:  # the total last
        rows = [[row[0], *row[2:], row[1]] for row in rows]
    if dice.random() < 0.3:
        rows = [list(row) for row in zip(*rows)]

    def cell(text: str) -> str:
        text = text.replace("/", dice.choice(("/", " / ", " /<br>", "/&nbsp;"))).replace("aten", "a&shy;ten")
        if dice.random() < 0.2 and len(text) > 1:
            text = f"<b>{text[:1]}</b><b>{text[1:]}</b>" if "<" not in text else text
        return f"<td><p>{text or '&nbsp;'}</p></td>"

    if dice.random() < 0.2:  # an empty column before, as Word leaves it
        rows = [["", *row] for row in rows]
    heading = "<p><b>Abstimmungsergebnis:</b></p>" * dice.randint(0, 2)
    table = "<table>" + "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows) + "</table>"
    return heading + (table if dice.random() < 0.8 else f"<table><tr><td>{table}</td></tr></table>")


def as_lines(dice: random.Random, rows: list[list[str]]) -> str:
    gap = dice.choice((" ", "\n"))
    return "\n".join(gap.join(cell for cell in row if cell) for row in rows)


def as_brackets(dice: random.Random, counts: dict[str, tuple[int, int, int]]) -> str:
    comma = dice.choice((", ", "; "))
    parts = []
    for side, label in enumerate(("dafür", "dagegen", "Enthaltung")):
        shares = [f"{figures[side]} {name}" for name, figures in counts.items() if figures[side]]
        total = sum(figures[side] for figures in counts.values())
        parts.append(f"{label}: {total}" + (f" ({comma.join(shares)})" if shares else ""))
    return dice.choice((" ", "\n")).join(parts)


def as_totals(dice: random.Random, totals: tuple[int, ...]) -> str:
    yes, no, abstain = totals
    return dice.choice(
        (
            f"dafür: {yes}\ndagegen: {no or '-'}\nEnthaltung: {abstain or '-'}",
            "Abstimmungsergebnis:\n" * 2 + f"dafür:\n{yes}\ndagegen:\n{no or '-'}\nEnthaltung:\n{abstain or 0}",
            f"{yes} Ja, {no} Nein, {abstain} Enthaltungen",
            f"{yes} Ja-Stimmen, {no} Nein-Stimmen, {abstain} Enthaltungen",
            f"Ja: {yes} Nein: {no} Enthaltung: {abstain}",
            f"JA {yes} / NEIN {no} / ENTHALTUNG {abstain}",
            f"Abstimmungsergebnis: {yes}/{no}/{abstain}",
            f"Der Antrag wird mit {yes} Ja-Stimmen gegen {no} Nein-Stimmen bei {abstain} Enthaltungen angenommen.",
            f"dafuer : {yes} ; dagegen : {no} ; Enthaltungen : {abstain}",
            f"{yes} Stimmen dafür, {no} Stimmen dagegen, {abstain} Stimmenthaltungen",
            f"{yes} stimmen dafür, {no} dagegen, {abstain} enthalten sich",
            f"Zugestimmt: {yes}\nAbgelehnt: {no}\nEnthalten: {abstain}",
            f"Ja ({yes}), Nein ({no}), Enthaltungen ({abstain})",
            f"Ja {yes}, Nein {no}, {abstain} Enthaltungen",
            f"Abstimmungsergebnis (Nein/Ja/Enthaltung): {no}/{yes}/{abstain}",
            f"Mit {yes} : {no} Stimmen bei {abstain} Enthaltungen beschlossen.",
        )
    )


@pytest.mark.parametrize("seed", range(20))
def test_any_vote_in_any_shape_is_read_back(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        counts = invent(dice)
        totals = tuple(sum(figures[side] for figures in counts.values()) for side in range(3))
        rows = table_of(dice, counts)
        whole = (as_table(dice, rows), as_brackets(dice, counts))
        for source in (*whole, as_totals(dice, totals), as_lines(dice, rows)):
            votes = read_votes(section(source), None)
            assert len(votes) == 1, source
            [vote] = votes
            assert (vote.yes, vote.no, vote.abstain) == totals, source
            assert vote.unanimous == int(totals[1] == 0), source
            read = {c.label: (c.yes, c.no, c.abstain) for c in vote.counts}
            if source in whole:
                assert read == {name: counts[name] for name in read} and len(read) == len(counts), source
                assert vote.consistent == 1, source
            else:  # lost cells lose figures, they never make wrong ones
                for name, figures in read.items():
                    assert all(a in (None, b) for a, b in zip(figures, counts[name])), source
                assert vote.consistent in (1, None), source


# ---- prose

SUBJECTS = (
    "Die Verwaltung", "Frau Ahlen", "Herr Stadtverordneter Birk", "Der Vorsitzende", "Das Gutachten",
    "Der Antragsteller",
    "Die SPD-Fraktion", "Die Fraktion Die Linke", "Der Kämmerer", "Ein Anwohner",
)  # fmt: skip
SENTENCES = (
    "{s} erklärt, dass {n} Anwohner dafür und {m} dagegen seien.",
    "{s} berichtet, der Beirat habe einstimmig zugestimmt, bei {n} Enthaltungen.",
    "Für die Annahme sind mindestens {n} Ja-Stimmen erforderlich.",
    "Die Kosten betragen {n}.{m}00 € und werden mit {n} Stimmen im Haushalt geführt.",
    "{s} verweist auf § {n} Abs. {m} GO NRW und die Frist bis zum {n}.{m}.2019.",
    "Die Sitzung dauert von {n}.00 bis {m}.30 Uhr; {n} Mitglieder sind anwesend.",
    "Es sind {n} Stadtverordnete anwesend, {m} fehlen entschuldigt.",
    "{s} nahm an der Beratung und Abstimmung nicht teil.",
    "Herr Meyer ist befangen, {n} Mitglieder haben den Saal verlassen.",
    "Das Gremium ist mit {n} von {m} Mitgliedern beschlussfähig.",
    "Die Sitzverteilung lautet: SPD {n}, CDU {m}, Grüne {k}.",
    "Auf die SPD entfallen {n} Sitze, auf die CDU {m}, auf die FDP {k}.",
    "{s} fragt, ob {n} Ja-Stimmen ausreichen.",
    "Der Ausschuss nimmt die Vorlage {n}/{m} zur Kenntnis.",
    "Der Vorlage 2019/0{n}{m} wird zugestimmt.",
    "{s} beantragt, {n} Bäume zu pflanzen und {m} Bänke aufzustellen.",
    "In der letzten Sitzung gab es {n} Gegenstimmen und {m} Enthaltungen.",
    "Im Fachausschuss wurde mit {n} Ja-Stimmen bei {m} Enthaltungen empfohlen, so berichtet {s}.",
    "{s} meint, ein einstimmiger Beschluss wäre ein gutes Zeichen.",
    "Der Rat wird über den einstimmig gefassten Beschluss der Bezirksvertretung unterrichtet.",
    "{s} spricht sich dafür aus, {n} Stellen zu schaffen; dagegen: Bedenken der Kämmerei.",
    "Das Verhältnis von {n}:{m} wird beibehalten, {k} % bleiben frei.",
    "Eine Umfrage ergab: {n} % dafür, {m} % dagegen, Enthaltung: {k} %.",
    "{s} hat sich bei der Abstimmung der Stimme enthalten.",
    "Zu Frage {n}: Ja. Zu Frage {m}: Nein.",
    "Ja, die Arbeiten beginnen am {n}.{m}.2020.",
    "Nein, {n} Parkplätze entfallen nicht; {m} werden verlegt.",
    "Der Änderungsantrag liegt als Anlage {n} bei und umfasst {m} Seiten.",
    "Die Fraktionen von SPD ({n} Sitze) und CDU ({m} Sitze) erhalten je {k} Plätze.",
    "Die Jury entschied einstimmig mit {n} Stimmen für den Entwurf {m}.",
    "{s} bittet, bis {n} Uhr abzustimmen, und dankt für {m} Rückmeldungen.",
    "Auf den Wahlvorschlag {n} entfielen {m} Stimmen, ungültig waren {k}.",
    "Die Bürgerversammlung stimmte mit {n} Ja-Stimmen und {m} Nein-Stimmen ab.",
    "Sofern {n} Enthaltungen vorliegen, gilt der Antrag als abgelehnt.",
    "Der Punkt wird auf die Sitzung am {n}.{m}.2021 vertagt.",
    "gesamt {n} Plätze, davon {m} für Kinder unter 3 Jahren",
    "Zustimmung der Eigentümer: {n} von {m} liegen vor.",
    "Die Mehrheit der {n} Befragten lehnt den Ausbau ab.",
    "{s} stellt fest, dass der Antrag bei {n} Gegenstimmen keine Mehrheit gefunden hätte.",
    "„Einstimmig bei {n} Enthaltungen“, zitiert {s} die Presse.",
)  # fmt: skip


@pytest.mark.parametrize("code", ["AE", "BS"])
def test_prose_with_numbers_is_no_vote(code: str) -> None:
    dice = random.Random(7)
    for number in range(300):
        chosen = [SENTENCES[number % len(SENTENCES)], *dice.sample(SENTENCES, dice.randint(0, 3))]
        dice.shuffle(chosen)
        fill = {name: dice.randint(2, 48) for name in "nmk"}
        text = dice.choice((" ", "\n")).join(sentence.format(s=dice.choice(SUBJECTS), **fill) for sentence in chosen)
        prose = section(text, code)
        assert read_votes(*((prose, None) if code == "AE" else (None, prose))) == (), text


#: Lines that look like votes: money, elections, requirements, other bodies, quotes, past votes, headcounts, questions.
TRAPS = """
Die Maßnahme kostet 12.000 Euro, davon 3.000 Euro Eigenanteil; die Mehrheit der Mittel stammt vom Land.
Der Haushaltsansatz beträgt 1,2 Mio. €, dafür 15 neue Stellen.
Dafür: 15 Stellplätze, dagegen: 3 Bäume.
Dafür sprechen drei Gründe, dagegen zwei.
Ja zu 3 Bäumen, Nein zu 2 Parkplätzen.
Bei der Landtagswahl erhielt die SPD 38 %, die CDU 27 %.
Bei der Bürgermeisterwahl entfielen auf Herrn Dr. Muster 12.345 Stimmen, auf Frau Beispiel 9.876 Stimmen.
Auf die SPD entfielen 44 Stimmen, auf die CDU 12 Stimmen, ungültig 3.
Gewählt wurde mit 12 Stimmen Herr Kaiser.
Für Frau Ahlen wurden 12 Stimmen abgegeben, für Herrn Birk 9 Stimmen.
Der Beschluss bedarf einer Mehrheit von 2/3 der Stimmen.
Für den Beschluss ist die Mehrheit der gesetzlichen Mitgliederzahl (31 Stimmen) erforderlich.
Mindestens 12 Ja-Stimmen sind nötig.
Der Antrag ist angenommen, wenn mehr als 8 Ja-Stimmen abgegeben werden.
Bei Stimmengleichheit gilt der Antrag als abgelehnt.
Wird der Antrag einstimmig angenommen, entfällt die zweite Lesung.
Sollte der Antrag einstimmig angenommen werden, beginnt der Bau 2025.
Ein einstimmiger Beschluss ist nach § 12 der Satzung erforderlich.
Der Aufsichtsrat der Stadtwerke hat der Vorlage einstimmig zugestimmt.
Der Aufsichtsrat stimmt einstimmig zu.
Die Gesellschafterversammlung beschließt einstimmig die Kapitalerhöhung.
Der Elternbeirat lehnt den Plan mit 12 Ja-Stimmen gegen 4 Nein-Stimmen ab.
Die Schulkonferenz stimmte mit 14 Ja-Stimmen bei 2 Enthaltungen zu.
Der Landtag hat das Gesetz mehrheitlich beschlossen.
Im Landtag wurde das Gesetz mit den Stimmen von CDU und FDP gegen die Stimmen der SPD beschlossen.
Im Bundestag stimmte die SPD dafür, die AfD dagegen.
Der Rat der Stadt Nachbarstadt habe einstimmig zugestimmt, so Herr Kaiser.
Herr Kaiser erinnert daran, dass der Rat 2015 einstimmig beschlossen hat, die Brücke zu bauen.
Frau Ahlen zitiert: „Der Rat beschließt einstimmig bei 2 Enthaltungen.“
Wie vom Rat am 12.03.2014 einstimmig beschlossen, wird die Straße gebaut.
Gemäß einstimmigem Beschluss vom 3. Mai wird verfahren.
Der in der letzten Sitzung einstimmig gefasste Beschluss wird umgesetzt.
Der vom Rat mit 12 Ja-Stimmen gefasste Beschluss ist umzusetzen.
Die Verwaltung wird beauftragt, den am 4. Juni mehrheitlich gefassten Beschluss auszuführen.
Nach dem einstimmigen Votum der Jury wird Entwurf 3 umgesetzt.
Die Preisrichter entschieden mit 7 : 2 Stimmen für den ersten Preis.
Das Preisgericht empfiehlt einstimmig, den Entwurf 3 zu beauftragen.
Anwesend sind 15 Mitglieder, davon 8 SPD, 4 CDU, 3 Grüne.
Stimmberechtigt: 15, anwesend: 14.
SPD 8, CDU 4, Grüne 3
Die Fraktionen SPD (8), CDU (4) und Grüne (3) benennen Mitglieder.
Frage 3: Ja, 12 Bäume. Frage 4: Nein.
Zu 5 Ja
Antwort: Ja, in 12 Fällen.
Ist die Verwaltung dafür? Ja, mit 3 Vorbehalten.
Nein, es gab 3 Beschwerden.
Die Anwohner wurden befragt: 12 Ja-Stimmen, 30 Nein-Stimmen, 4 Enthaltungen wurden von den Bürgern abgegeben.
Bei der Befragung gab es 120 Ja-Stimmen und 30 Nein-Stimmen.
Beim Bürgerentscheid stimmten 12.000 Bürger mit Ja, 9.000 mit Nein.
Ergebnis der Umfrage: dafür 60 %, dagegen 40 %.
Ergebnis: 12 Bewerbungen, 3 Absagen, 1 Enthaltung der Jury.
Zustimmung der 12 Anlieger liegt vor.
Zustimmung des Betriebsrats: liegt vor
Ablehnung von 3 Anträgen, Zustimmung zu 12 Anträgen.
Die Verwaltung schlägt vor, dem Antrag mehrheitlich zuzustimmen.
Herr Birk bittet um Zustimmung; 3 Punkte seien offen.
Herr Birk beantragt, einstimmig zu beschließen.
Herr Birk kündigt Enthaltung an.
Die SPD-Fraktion werde mit Ja stimmen, 2 Mitglieder enthielten sich.
Die SPD-Fraktion lehnt den Antrag einstimmig ab, erklärt Herr Kaiser.
Die CDU-Fraktion stimmt der Vorlage einstimmig zu.
Der Antrag wird von der SPD-Fraktion einstimmig abgelehnt.
Der Antrag wird vom Elternbeirat einstimmig begrüßt.
Der Entwurf wurde durch den Gestaltungsbeirat mehrheitlich empfohlen.
In der Bezirksvertretung Wanne wurde die Vorlage einstimmig beschlossen.
In seiner Sitzung am 3.5. hat der Fachausschuss einstimmig empfohlen, die Vorlage anzunehmen.
Am 12. März beschloss der Rat einstimmig die Satzung.
Bereits 2012 hat der Rat einstimmig zugestimmt.
Der Fachausschuss hatte mit 9 Ja-Stimmen gegen 4 Nein-Stimmen empfohlen.
Die Abstimmung ergab im Vorjahr 9 Ja-Stimmen.
Abstimmung mit dem Land NRW: 3 Gespräche, 1 Ergebnis.
Die Abstimmung mit den 12 Trägern ist erfolgt.
Abstimmungsergebnis mit der Bezirksregierung: Zustimmung zu 3 von 5 Punkten.
In Abstimmung mit 3 Fachbereichen, dafür 2 Varianten.
Die Enthaltung von Alkohol wird empfohlen.
Es fehlen 3 Stimmen im Chor.
Die Stimmen der Eltern (12) wurden gehört.
Gegen die Stimmen der Anwohner könne man nicht bauen.
Gegen 3 Bescheide wurde Widerspruch eingelegt.
Gegen den Bescheid: 3 Klagen, für den Bescheid: 2 Stellungnahmen.
Pro: 3 Argumente. Contra: 2 Argumente.
Für: 12 Kinder, gegen: Entgelt
Für 12 Plätze werden 3 Stellen geschaffen.
Punkte 1 bis 3: Zustimmung.
Mit der Mehrheit der Anlieger besteht Einigkeit.
Mehrheitlich wird der Ausbau von den Anwohnern abgelehnt.
Einstimmig war die Meinung der Experten.
Einstimmige Meinung war, dass 3 Bäume bleiben.
Der Vorsitzende stellt fest, dass keine Gegenstimmen zu erwarten sind.
Ohne Gegenstimme verlief auch die Mitgliederversammlung des Vereins.
Die 12/3/1-Regelung bleibt bestehen.
Ergebnis: 12/3/2014
Abstimmung: 12/03/14
Vorlage 12/3/1 wird zurückgestellt.
Herr Müller (befangen) und 2 weitere Mitglieder nahmen an der Abstimmung nicht teil.
Nicht teilgenommen: 3. Befangen: 2. Abwesend: 1.
1 Mitglied befangen, 2 Mitglieder nicht anwesend
Der TOP wird mit Zustimmung aller Fraktionen vertagt.
Der Antrag wurde mit 3 Unterschriften eingereicht.
Es liegen 12 Anträge vor, 3 wurden abgelehnt, 9 angenommen.
Angenommen: 9 Anträge
Zugestimmt: 9 von 12 Eigentümern
Abgelehnt: 3 Förderanträge
Die Kosten: Ja 12, Nein 3, Summe 15 Fälle
Der Kreistag, so die Presse, habe mehrheitlich zugestimmt.
Nach Angaben der Verwaltung stimmten 12 Anwohner zu, 3 enthielten sich.
Der Seniorenbeirat hat mehrheitlich zugestimmt.
Der Integrationsrat wurde einstimmig um Stellungnahme gebeten.
Laut Niederschrift wurde einstimmig beschlossen.
Ob einstimmig beschlossen wurde, ist unklar.
Der Ausschuss wird gebeten, einstimmig zu beschließen.
Es wird empfohlen, den Antrag mit Mehrheit abzulehnen.
Der Rat möge einstimmig beschließen:
Die Verwaltung empfiehlt, dem Antrag bei 2 Enthaltungen zuzustimmen.
Herr Kaiser wird einstimmig zum Vorsitzenden gewählt.
""".strip().split("\n")


@pytest.mark.parametrize("line", TRAPS)
def test_what_looks_like_a_vote_is_none(line: str) -> None:
    assert read_votes(section(line), None) == () == read_votes(None, section(line, "BS"))


# ---- the invented town


@pytest.fixture(scope="module")
def town() -> demo.Town:
    return demo.Town(seed=1, size="small", today=date(2026, 11, 21))


@pytest.mark.parametrize(("dialect", "calendar"), [("embedded", "si010_j"), ("standalone", "si010_e")])
def test_the_invented_towns_votes_are_read_as_they_were_cast(town: demo.Town, dialect: str, calendar: str) -> None:
    """Nothing wrong; and of what is printed at least 99 of 100 figures are read."""
    site = Pages(town, dialect, calendar)
    score: Counter[str] = Counter()
    for item in (item for meeting in town.meetings() for item in town.items(meeting) if item.has_extract):
        body = site.answer("to020", {"TOLFDNR": str(item.id)}, Session(), "http://127.0.0.1").body
        page = parse(body, f"http://127.0.0.1/allris/to020.asp?TOLFDNR={item.id}")
        assert isinstance(page, ExcerptPage)
        found = {section.code: section for section in page.sections}
        truth = [vote for vote in item.votes if vote.section == "AE"]
        votes = read_votes(found.get("AE"), found.get("BS"))
        assert len(votes) == len(truth), item.id
        for vote, true in zip(votes, truth):
            assert (vote.subject or "") == true.subject
            groups = {count.group: count for count in true.counts}
            pairs = [(vote, true, (*SIDES, "unanimous", "consistent"))]
            pairs += [(count, groups[count.group], SIDES) for count in vote.counts]
            for read, printed, names in pairs:
                for name in names:
                    value, expected = getattr(read, name), getattr(printed, name)
                    assert value in (None, expected), (item.id, name, vote)
                    score["read" if value == expected else "missed"] += 1
            score["missed"] += 3 * (len(groups) - len(vote.counts))
    print(f"{dialect}: {score['read']} read, {score['missed']} missed")
    assert score["read"] > 400 and score["missed"] <= score["read"] / 100


# ---- groups


def test_a_group_has_one_name_and_its_own_colour() -> None:
    assert len({group.name for group in GROUPS}) == len(GROUPS) == len({group.color for group in GROUPS})
    for group in GROUPS:
        assert all(known(spelling) == group.name for spelling in (group.name, *group.aliases))


def luminance(color: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_colour_is_seen_on_light_and_dark_pages(group: Group) -> None:
    """WCAG asks 3:1 of graphical objects."""
    for page in ("#ffffff", "#16181c"):
        dark, light = sorted((luminance(group.color), luminance(page)))
        assert (light + 0.05) / (dark + 0.05) >= 3, page


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Piraten / AL", "Piraten/AL"), ("PIRATEN-AL", "Piraten/AL"), ("Pira- ten/AL", "Piraten/AL"),
        ("DIE LINKE", "Linke"), ("GRÜNE", "Grüne"), ("Gruene", "Grüne"), ("B 90 / DIE GRÜNEN-Fraktion", "Grüne"),
        ("AfD - Fraktion", "AfD"), ("Fraktion DIE LINKE", "Linke"), ("CDU-Ratsfraktion", "CDU"), ("SPD (27)", "SPD"),
        ("Bürgerliste  Herne", "Bürgerliste Herne"), ("Oberbürgermeister", "OB"),
    ],
)  # fmt: skip
def test_labels_become_names(label: str, name: str) -> None:
    assert normalise(label) == name


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("SPD-Fraktion", "SPD"), ("Fraktion GRÜNE", "Grüne"), ("GRÜNE-Fraktion (Sprecher-Alsterdorf)", "Grüne"),
        ("Sprecherin CDU-Fraktion", "CDU"), ("1. stellv. Fraktionsvorsitzender der CDU-Fraktion", "CDU"),
        ("AfD - Fraktion", "AfD"), ("Fraktion - DIE LINKE", "Linke"), ("Piraten/AL", "Piraten/AL"),
        ("fraktionslos (SPD)", "fraktionslos"), ("SPD- und CDU-Fraktion", None), ("SPD-Fraktion (CDU)", None),
        ("auf Vorschlag der SPD", None), ("ehemals SPD-Fraktion", None), ("beratende Mitglieder", None),
        ("Bezirksamt", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_roster_names_a_group_for_certain_or_none(text: str | None, group: str | None) -> None:
    assert affiliation(text) == group


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("SPD- und CDU-Fraktion", "SPD CDU"), ("SPD-, CDU- und GRÜNE-Fraktion", "SPD CDU Grüne"),
        ("Fraktionen SPD, CDU und Bündnis 90/Die Grünen; SVO Wind, Lars", "SPD CDU Grüne"),
        ("Fraktion Piraten-AL; Piraten/AL; FDP", "Piraten/AL FDP"), ("SVO Linke, Max; Die Linke-Fraktion", "Linke"),
        ("SVO Linke, Max", ""), ("Seniorenbeirat", ""),
    ],
)  # fmt: skip
def test_the_groups_an_author_names(text: str, groups: str) -> None:
    assert list(mentioned(text)) == groups.split()
