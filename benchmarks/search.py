"""Search: ours against stock FTS5, FTS5 with porter and PostgreSQL's German, for what they find and for their speed."""

from __future__ import annotations

import glob
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from ratsdaten.search import KINDS, Search, escape_fts, search
from ratsdaten.search.index import COLUMNS

from .tools import ROOT, lookalike, scrapy

sys.path.append(str(ROOT / "tests"))  # the cases belong to the tests
from search_set import Case, Row, Score, cases, fill, judge, names, others, read

try:
    import psycopg
except ImportError:
    psycopg = None  # type: ignore[assignment]

#: Our p95 over that of raw sqlite3 with the same expression.
GOAL = 2
#: The town as the cases know it.
TODAY = "2026-11-21"
#: What ours has and no other engine is asked for: filters, dates, spelling.
OWN_GROUPS = {"filters", "sort_order", "typos"}
#: Every searchable row with its title, other text and day: the same for all engines.
CORPUS = """
    SELECT 'agenda_items' AS kind, i.id, i.name AS title,
           concat_ws(resolution_text, vote_text, minutes_text) AS body, m.date AS day
    FROM agenda_items i LEFT JOIN meetings m ON m.id = i.meeting_id
    UNION ALL SELECT 'papers', id, concat_ws(reference, name), concat_ws(author, lead, text), date FROM papers
    UNION ALL SELECT 'meetings', id, name, concat_ws(organization_name, room, location), date FROM meetings
    UNION ALL SELECT 'persons', id, name, '', NULL FROM persons
    UNION ALL SELECT 'organizations', id, name, short_name, NULL FROM organizations
    UNION ALL SELECT 'files', id, name, text, substr(modified, 1, 10) FROM files
"""
#: What people look for, from the rarest to the commonest words.
QUERIES = (
    "Radweg", "Radverkehrskonzept", "Haushalt", "Rat", "Stadt", "Beschluss", "Schule", "Grundschule am Weiher",
    "Schulentwicklungsplanung", "Kita", "Kindertagesstätte", "Straße", "Kosten", "Verwaltung", "Lindenrath",
    "Bebauungsplan", "Bebauungsplan 114", "Hafenzeile", "Feuerwache Salzanger", "Klimaschutz", "Bäume", "Spielplatz",
    "Haushalt Kosten", "Antrag SPD", "Anfrage Sachstand", "Lärm", "Hochwasser", "2021/0402", "2015/123",
    '"Antrag der CDU-Fraktion"', '"zur Kenntnis"', "Satzung -Gebühren", "Bau -Bebauungsplan", "Barrierefreiheit",
    "öffentliche Toiletten", "Parkgebühren Möwenhöhe", "Mühlwehrstraße", "Ziegelbrueckenstrasse", "Digitalisierung",
    "Jugend", "Verkehr", "Ausschuss", "Bürgerversammlung", "E-Government", "Wohnraum", "Gutachten Querung",
    "Dornenhofer", "Petra Haselkampen", "Einwohnerfragestunde", "Niederschrift", "Qxyzzy", "OB", "TOP 5",
    "Fördermittel des Landes", "Anwohner Planung unterrichtet", "Fußgänger", "Mittel in Höhe von", "Prüfauftrag",
)  # fmt: skip


class Fts5:
    """One FTS5 table with a title and a body, title weighed ten times."""

    def __init__(self, corpus: Sequence[tuple], tokenizer: str) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute(f"CREATE VIRTUAL TABLE docs USING fts5(kind UNINDEXED, id UNINDEXED, title, body, "
                         f"day UNINDEXED, tokenize='{tokenizer}')")  # fmt: skip
        self._db.executemany("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", corpus)

    def ask(self, q: str) -> list[Row]:
        sql = "SELECT kind, id FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, 0, 0, 10, 1, 0), day DESC"
        expression = fts5(q)
        return self._db.execute(sql, [expression]).fetchall() if expression else []


def fts5(q: str) -> str:
    """Words AND-ed, phrases as phrases, -word as NOT: what FTS5 understands of a query."""
    wanted: list[str] = []
    excluded: list[str] = []
    for minus, phrase, word in re.findall(r'(-?)(?:["„“]([^"„“”]*)["“”]?|(\S+))', q):
        text = (phrase or word).replace('"', "")
        if re.search(r"\w", text):
            (excluded if minus else wanted).append(f'"{text}"')
    return " AND ".join(wanted) + "".join(f" NOT {text}" for text in excluded) if wanted else ""


class Postgres:
    """A tsvector of title (weight A) and body (B) under the stock German configuration, with a GIN index."""

    #: The common table expression that both the page and the whole list are taken from.
    HITS = """
        SELECT kind, id, title, body, ts_rank(words, query) AS rank, day
        FROM docs, websearch_to_tsquery('german', %s) query WHERE words @@ query ORDER BY rank DESC, day DESC NULLS LAST
    """

    def __init__(self, folder: Path, corpus: Iterator[tuple] | Sequence[tuple]) -> None:
        self._db = psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True)
        self._db.execute("DROP TABLE IF EXISTS docs")
        self._db.execute(
            "CREATE TABLE docs (kind text, id text, title text, body text, day text, words tsvector GENERATED ALWAYS AS"
            " (setweight(to_tsvector('german', coalesce(title, '')), 'A') ||"
            "  setweight(to_tsvector('german', coalesce(body, '')), 'B')) STORED)"
        )
        with self._db.cursor().copy("COPY docs (kind, id, title, body, day) FROM STDIN") as copy:
            for row in corpus:
                copy.write_row([value.replace("\0", "") if isinstance(value, str) else value for value in row])
        self._db.execute("CREATE INDEX ON docs USING gin (words)")
        self._db.execute("VACUUM ANALYZE docs")

    def ask(self, q: str) -> list[Row]:
        rows = self._db.execute(self.HITS, [q]).fetchall()
        return [(kind, int(key) if key.isdecimal() else key) for kind, key, *_ in rows]

    def page(self, q: str) -> None:
        """How many there are, and the first twenty with snippets: what a page of hits needs at least."""
        self._db.execute(
            "SELECT count(*) FROM docs, websearch_to_tsquery('german', %s) query WHERE words @@ query", [q]
        )
        self._db.execute(
            "SELECT kind, id, title, ts_headline('german', left(body, 20000), websearch_to_tsquery('german', %s)) "
            f"FROM ({self.HITS} LIMIT 20) hits",
            [q, q],
        ).fetchall()


@contextmanager
def postgres() -> Iterator[Path | None]:
    """A private cluster in a temporary folder, on a Unix socket only; gives the folder, None where there is none."""
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [str(Path(shutil.which("initdb") or "/").parent)]
    if psycopg is None or not Path(programs[-1], "initdb").exists():
        print("PostgreSQL is left out: it needs Debian's postgresql and `pip install 'psycopg[binary]'`.")
        yield None
        return
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # it refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        if as_user:
            shutil.chown(folder, "postgres")
        log = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
        initdb = [f"{programs[-1]}/initdb", "-D", f"{name}/data", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*as_user, *initdb], **log)  # type: ignore[call-overload]
        options = f"-c listen_addresses= -k {name} -c shared_buffers=512MB -c work_mem=64MB -c fsync=off"
        control = [*as_user, f"{programs[-1]}/pg_ctl", "-D", f"{name}/data", "-w", "-l", f"{name}/log"]
        subprocess.run([*control, "-o", options, "start"], **log)  # type: ignore[call-overload]
        try:
            yield folder
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **log)  # type: ignore[call-overload]


def run(rounds: int, database: Path | None = None) -> None:
    """Quality over the small town; with a database also the latency of its searches."""
    with postgres() as cluster:
        quality(cluster)
        if database:
            latency(database, cluster, rounds)
        else:
            print("Latency: name a crawled database with --database (make crawl, or a crawl of the look-alike's full).")


def quality(cluster: Path | None) -> None:
    """The cases over the small town, then those over other texts."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "town.db"
        with lookalike("small", "--today", TODAY) as town:
            arguments = ("-a", f"base_url={town}", "-a", "since=2001-01-01", "-a", "until=2026-12-31")
            scrapy("crawl", "allris", *arguments, DATABASE=str(database))
        side_by_side("the small town", database, cases(), cluster)
        for number, texts in enumerate(others(), 1):
            database = Path(folder) / f"{number}.db"
            fill(database, texts)
            side_by_side(f"other texts, set {number}", database, read(texts["cases"]), cluster)


def side_by_side(what: str, database: Path, wanted: list[Case], cluster: Path | None) -> None:
    """All engines over the same rows."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    corpus, titles = list(rows_of(connection)), names(connection)
    engines: dict[str, Callable[[str], Sequence[Row]]] = {
        "ours": lambda q: [(hit.kind, hit.id) for hit in search(connection, Search(q), limit=len(titles)).hits],
        "FTS5": Fts5(corpus, "unicode61").ask,
        "FTS5 porter": Fts5(corpus, "porter unicode61").ask,
    }
    if cluster:
        engines["PostgreSQL"] = Postgres(cluster, corpus).ask
    wanted = [case for case in wanted if case.group not in OWN_GROUPS]
    print(f"\n{what}: found of the wanted | traps avoided; {len(wanted)} queries, {len(titles)} rows")
    compare(engines, wanted, titles)
    connection.close()


def compare(engines: dict[str, Callable[[str], Sequence[Row]]], wanted: list[Case], titles: dict[Row, str]) -> None:
    """Print by group and engine: rows found of those wanted, traps avoided of those set."""
    print(f"{'':22}" + "".join(f"{name:>18}" for name in engines))
    totals = {name: Score() for name in engines}
    for group in dict.fromkeys(case.group for case in wanted):
        print(f"{group:22}", end="")
        for name, ask in engines.items():
            score = Score()
            for case in wanted:
                if case.group == group:
                    score += judge(case, ask(case.q), titles)
            totals[name] += score
            print(f"{line(score):>18}", end="")
        print()
    print(f"{'all':22}" + "".join(f"{line(score):>18}" for score in totals.values()))


def line(score: Score) -> str:
    return f"{score.found}/{score.wanted} | {score.avoided}/{score.traps}"


def latency(database: Path, cluster: Path | None, rounds: int) -> None:
    """Each engine's milliseconds per query; engines take turns, the first round only warms up."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    ways: dict[str, Callable[[str], object]] = {
        "ours: page with snippets, counts of all filters": lambda q: search(connection, Search(q)),
        "raw sqlite3: same MATCH, count, best 20": lambda q: raw(connection, q),
    }
    if cluster:
        print("\nPostgreSQL reads the same rows …", flush=True)
        ways["PostgreSQL: count, best 20 with ts_headline"] = Postgres(cluster, rows_of(connection)).page
    times: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds + 1):
        for q in QUERIES:
            for way, ask in ways.items():
                started = time.perf_counter()
                ask(q)
                if number:
                    times.setdefault((way, q), []).append((time.perf_counter() - started) * 1000)
    count = sum(connection.execute(f"SELECT count(*) FROM {kind}").fetchone()[0] for kind in KINDS)
    print(f"\nMilliseconds, {len(QUERIES)} queries (each the median of {rounds} rounds), {count:,} rows")
    print(f"{'':50}{'median':>8}{'p95':>8}{'worst':>8}")
    p95 = []
    for way in ways:
        found = [median(times[way, q]) for q in QUERIES]
        p95.append(quantiles(found, n=20)[-1])
        print(f"{way:50}{median(found):8.1f}{p95[-1]:8.1f}{max(found):8.1f}")
    ours, least, *others = p95
    print(
        f"p95 {ours / least:.2f} of raw sqlite3's, goal {GOAL}: {'met' if ours <= GOAL * least else 'MISSED'}", end=""
    )
    print(f"; ahead of PostgreSQL: {'met' if ours < others[0] else 'MISSED'}" if others else "")


def raw(connection: sqlite3.Connection, q: str) -> None:
    """The least anybody does: the same expression on the same tables, how many, and the best twenty by bm25."""
    match, weights = escape_fts(q), ", ".join(map(str, COLUMNS.values()))
    best = []
    for kind in KINDS:
        connection.execute(f"SELECT count(*) FROM {kind}_fts WHERE {kind}_fts MATCH ?", [match]).fetchone()
        sql = f"SELECT bm25({kind}_fts, {weights}), rowid FROM {kind}_fts WHERE {kind}_fts MATCH ? ORDER BY 1 LIMIT 20"
        best += connection.execute(sql, [match]).fetchall()
    best.sort()


def rows_of(connection: sqlite3.Connection) -> Iterator[tuple]:
    connection.create_function("concat_ws", -1, lambda *parts: " ".join(part for part in parts if part))
    yield from connection.execute(CORPUS)
