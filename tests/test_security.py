"""The security test set: what attackers send to the server as it runs in production, over a town whose every text is
hostile. Nothing executes, leaks, crashes or is set. docs/security.md says what each part is about."""

from __future__ import annotations

import csv
import io
import json
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPMessage, HTTPResponse
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from conftest import OURS, ROOT, configuration, served
from hostile_town import BALLOT, BODY, FILE, GROUP, ITEM, MEETING, NAME, PAPER, PAYLOAD, PERSON, fill
from icalendar import Calendar
from playwright.sync_api import Browser, Page

from ratsdaten.database import close, connect

TOWN = "stadt.example"
CLIENT = "X-Client"
MARKUP = "\"'></title></script><script>hit('address')</script><img src=//evil.example/x onerror=hit('address')>"
TYPED = quote(MARKUP, safe="")

#: Every kind of page, with what is typed in it; each is opened in a browser.
PAGES = (
    *(
        "/",
        "/suche",
        "/suche?q=Text",
        "/suche?q=evil",
        f"/suche?q={TYPED}",
        f"/suche?q=Text&gremium={BODY}&art={TYPED}",
    ),
    *("/sitzungen", f"/sitzungen?gremium={TYPED}&jahr={TYPED}", f"/sitzung/{MEETING}", "/sitzung/12", f"/top/{ITEM}"),
    *("/top/9002", "/vorlagen", f"/vorlagen?q={TYPED}&verfasser={TYPED}", "/vorlage/2024/0077", "/vorlage/78"),
    *("/vorlage/79", f"/vorlage/{TYPED}", "/gremien", f"/gremium/{BODY}", f"/gremium/{GROUP}", "/personen"),
    *(f"/personen?fraktion={TYPED}", f"/person/{PERSON}", "/person/8", "/fraktionen", "/fraktion/spd"),
    *(f"/fraktion/spd?wahlperiode={TYPED}", "/abstimmungen", f"/abstimmungen?fraktion={quote(NAME)}", "/statistik"),
    *("/statistik/uebereinstimmung?mindestens=1", "/statistik/gewinnerseite?mindestens=1", "/daten", "/ueber"),
    *("/impressum", "/datenschutz", "/barrierefreiheit", "/status", "/aenderungen", "/aenderung/1", "/aenderung/2"),
    *("/aenderung/3", "/aenderung/4", f"/dokument/{FILE}", "/dokument/vo77-1", "/einbetten"),
    *(f"/einbetten?abstimmung={BALLOT}", f"/einbetten?suche={TYPED}&titel={TYPED}", f"/einbetten/abstimmung/{BALLOT}"),
    *(f"/einbetten/abstimmung/{BALLOT}.svg", f"/einbetten/abstimmung/{BALLOT}?ansicht=sitze", f"/einbetten/{TYPED}/x"),
    *("/einbetten/statistik/uebereinstimmung?mindestens=1", "/einbetten/statistik/gewinnerseite.svg?mindestens=1"),
    *(f"/{TYPED}", f"/nirgends?x={TYPED}", f"/bi/{TYPED}", f"/demo/{TYPED}", f"/demo/papers?_sort={TYPED}"),
    *(f"/demo/papers?_search={TYPED}", f"/demo/papers?name__contains={TYPED}", f"/demo?sql=select+'{TYPED}'"),
    *(
        f"/demo?sql={TYPED}",
        f"/demo?sql=select+1+as+%22{quote(MARKUP.replace(chr(34), ''))}%22",
        "/demo?_show_hidden=1",
    ),
    *(
        f"/demo/abstimmung?abstimmung={TYPED}",
        f"/demo/abstimmung?abstimmung={BALLOT}",
        f"/demo?sql=select+:{'p'}&p={TYPED}",
    ),
    "/demo?sql=select+*+from+agenda_items",
)
#: Every table of Datasette's, and a row of each kind that has pages.
TABLES = (
    *("organizations", "persons", "groups", "phrases", "memberships", "meetings", "papers", "agenda_items"),
    *("consultations", "files", "votes", "vote_counts", "revisions", "pages", "crawls", "search_words", "group_pairs"),
    *("papers?_facet=paper_type&_facet=author", "organizations/au5", "persons/7", "meetings/11", "meetings/12"),
    *("papers/77", "papers/79", "agenda_items/9001", "memberships/1", "files/do9", "votes/to9001-1", "revisions/2"),
    *("crawls/1", "consultations/vo77-1"),
)

#: What is no page, by what it is sent as.
DATA = {
    "application/json": (
        *("/.json", "/suche.json", f"/sitzung/{MEETING}.json", f"/top/{ITEM}.json", "/vorlage/2024/0077.json"),
        *(f"/gremium/{BODY}.json", f"/person/{PERSON}.json", "/abstimmungen.json", "/aenderungen.json", "/status.json"),
        *("/daten/papers.json", "/daten/datapackage.json", "/demo/papers.json", f"/demo/agenda_items/{ITEM}.json"),
        *(f"/einbetten/abstimmung/{BALLOT}.json", "/-/oembed?url=SITE/top/9001", "/suche/vorschlaege?q=ja"),
    ),
    "text/csv": (
        *("/abstimmungen.csv", "/gremien.csv", "/daten/papers.csv", "/daten/persons.excel.csv", "/demo/files.csv"),
        *("/demo/agenda_items.excel.csv", "/demo.csv?sql=select+*+from+votes", "/suche.csv?q=Text"),
    ),
    "application/atom+xml": (
        *("/abstimmungen.atom", f"/gremium/{BODY}.atom", "/vorlagen.atom", "/suche.atom?q=Text", "/aenderungen.atom"),
        f"/suche.atom?q={TYPED}",
    ),
    "text/calendar": (f"/gremium/{BODY}.ics", "/sitzungen.ics", f"/sitzung/{MEETING}.ics"),
    "application/xml": ("/sitemap.xml", "/sitemap/top-1.xml", "/sitemap/vorlage-1.xml"),
    "text/xml": ("/-/oembed?format=xml&url=SITE/top/9001",),
    "application/opensearchdescription+xml": ("/opensearch.xml",),
    "image/svg+xml": (f"/einbetten/abstimmung/{BALLOT}.svg",),
    "image/png": (f"/einbetten/abstimmung/{BALLOT}.png",),
    "application/x-ndjson": ("/demo/papers.jsonl",),
    "application/zip": ("/daten/demo.zip",),
    "text/plain": ("/robots.txt",),
    "text/css": ("/-/stadt.css", "/static/ratsdaten.css"),
}


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """As it is published: its names, its settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RATSDATEN_HOSTS", f"{OURS} {TOWN}")
        patch.setenv("RATSDATEN_CLIENT_HEADER", CLIENT)
        patch.setenv("DATASETTE_SECRET", "0" * 32)
        folder = tmp_path_factory.mktemp("site")
        db = connect(configuration(folder))
        fill(db)
        close(db)
        (folder / "settings.json").unlink()
        (folder / "settings.json").symlink_to(ROOT / "deploy/settings.json")
        with served(folder) as address:
            yield address
    assert re.findall("(?s)Traceback.{1,5000}", (folder / "log").read_text()) == []


def send(site: str, request: bytes) -> Answer:
    """Exactly these bytes."""
    with socket.create_connection(("127.0.0.1", urlsplit(site).port), timeout=20) as connection:
        connection.sendall(request)
        answer = HTTPResponse(connection, method=request.partition(b" ")[0].decode("latin-1"))
        answer.begin()
        return Answer(answer.status, answer.headers, answer.read())


def client() -> str:
    """Another one each time, so that none asks too often."""
    return ".".join(map(str, (10, *secrets.token_bytes(3))))


def ask(site: str, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
    """``target`` as it is written; underscores in the names of headers are hyphens."""
    given = {"Host": urlsplit(site).netloc, CLIENT: client()}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        given["Content-Length"] = str(len(body))
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "Connection: close"]
    return send(site, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


#: A path on this machine, a line of Python, a version.
LEAK = re.compile(
    rf"Traceback|\.py\b|{ROOT}|/tmp/|/usr/|site-packages|uvicorn|sqlite3\.|Datasette/?\s*[0-9]|Python/?\s*[0-9]"
)


def is_safe(answer: Answer) -> None:
    """What holds for every answer of ours."""
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors" in policy
    assert "unsafe" not in policy.replace("'unsafe-eval'", "") and "*" not in policy.replace("*.herne.de", "")
    assert (
        headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] and headers["Permissions-Policy"]
    )
    assert headers["Set-Cookie"] is None and headers["X-Hostile"] is None and headers["X-Powered-By"] is None
    assert answer.status < 500, answer.text
    if answer.status >= 400:
        assert headers["Cache-Control"] == "no-store"
        assert not LEAK.search(answer.text), answer.text


# Nothing executes

#: What would run, send or load something, wherever it came from; pages of ours have scripts only as files.
DANGEROUS = """
    () => {
        const found = [...document.querySelectorAll('base, object, embed, applet, meta[http-equiv]')];
        const lines = found.map(one => one.outerHTML);
        for (const one of document.querySelectorAll('*')) for (const {name, value} of one.attributes) {
            if (name.startsWith('on') || name == 'srcdoc') lines.push(`${one.tagName} ${name}`);
            if (!['href', 'src', 'action', 'formaction', 'poster', 'xlink:href'].includes(name)) continue;
            const to = new URL(value, location);
            const fits = one.tagName == 'A' ? ['http:', 'https:', 'mailto:'].includes(to.protocol)
                                            : to.hostname == location.hostname;
            if (!fits) lines.push(`${one.tagName} ${name}=${value}`);
        }
        return lines;
    }
"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page without the policy that would stop what it shows, and what has run in it or was asked of others."""
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        hits: list[str] = []
        page.expose_function("hit", lambda where: hits.append(where))
        page.on("dialog", lambda dialog: hits.append(dialog.message))
        page.on("request", lambda asked: hits.append(asked.url) if urlsplit(asked.url).hostname != OURS else None)
        yield page, hits


@pytest.mark.parametrize("path", [*PAGES, *(f"/demo/{table}" for table in TABLES)])
def test_no_page_executes_what_it_shows(site: str, tab: tuple[Page, list[str]], path: str) -> None:
    page, hits = tab
    hits.clear()
    page.set_extra_http_headers({CLIENT: client()})
    answer = page.goto(site + path)
    assert answer and answer.status < 500 and answer.status != 429
    assert page.evaluate(DANGEROUS) == [] and hits == []
    assert "1337" not in page.content()  # 7 * 191: no template reads what it shows
    assert page.context.cookies() == []


def test_what_does_execute_would_be_noticed(tab: tuple[Page, list[str]]) -> None:
    page, hits = tab
    page.goto("about:blank")
    page.set_content(f"<p>{PAYLOAD}</p>")
    assert "NAME" in hits and len(page.evaluate(DANGEROUS)) == 3


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, paths in DATA.items() for path in paths])
def test_data_are_what_they_say_they_are(site: str, kind: str, path: str) -> None:
    """Each is well formed with the source's markup as text in it, and no browser takes it for a page."""
    answer = ask(site, path.replace("SITE", site))
    is_safe(answer)
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, kind), answer.text
    match kind.rpartition("/")[2].rpartition("+")[2]:
        case "json":
            json.loads(answer.body)
        case "xml":
            names = {element.tag.rpartition("}")[2].lower() for element in ElementTree.fromstring(answer.body).iter()}
            assert not names & {"script", "foreignobject", "iframe", "img"}
            assert not re.search(rb"<[^>]*(?:\\son\\w+\\s*=|href=.javascript)", answer.body)
        case "calendar":
            calendar = Calendar.from_ical(answer.body)
            assert b"\nSet-Cookie" not in answer.body and not calendar.errors
        case "csv" if ".excel." in path:
            cells = [cell for row in csv.reader(io.StringIO(answer.text[1:]), delimiter=";") for cell in row]
            assert cells and not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@")]


#: Datasette's own pages, and whether they load datasette-vega, which needs eval.
OWN = {
    "/demo": False,
    "/demo/persons": True,
    "/demo/persons?id=0": False,
    f"/demo/persons/{PERSON}": False,
    f"/demo/abstimmung?abstimmung={BALLOT}": True,
    "/demo/beschluesse_zum_stichwort?stichwort=niemals": False,
    "/demo?sql=select+1": True,
    "/demo?sql=select+1+where+0": False,
    "/demo?sql=select+x": False,
    "/demo/nirgends": False,
}


def test_only_charts_of_datasettes_pages_may_eval(browser: Browser, site: str) -> None:
    """And all that these pages do is within their policy."""
    with browser.new_context(extra_http_headers={CLIENT: client()}) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
        page.on("pageerror", lambda error: said.append(error.message))
        for path, charts in OWN.items():
            answer = page.goto(site + path)
            assert answer and ("unsafe-eval" in answer.headers["content-security-policy"]) is charts, path
            if path == "/demo/persons":
                page.get_by_role("button", name="Daten als Diagramm zeigen").click()
                page.get_by_label("Säulen").check()
                page.locator("canvas, svg.marks").first.wait_for(state="attached")
        page.goto(site + "/demo?sql=select+1")
        handle = page.locator(".cm-resize-handle").bounding_box()
        assert handle and (handle["width"], handle["height"]) == (18, 18)
        assert said == []


# Nothing of the inside is told

INSIDE = (
    *("messages", "logout", "allow-debug", "permissions", "patterns", "threads", "actor", "auth-token", "databases"),
    *("metadata", "plugins", "settings", "config", "versions", "jump", "api", "create-token", ""),
)
#: Below each place that gives files.
FILES = (
    *("../metadata.yml", "..%2fmetadata.yml", "%2e%2e/metadata.yml", "%2e%2e%2fmetadata.yml", "..%252fmetadata.yml"),
    *("....//metadata.yml", "..\\metadata.yml", "..%5cmetadata.yml", "..;/metadata.yml", "../../../../etc/passwd"),
    *(
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "file:///etc/passwd",
        "ratsdaten.css%00.yml",
        "%c0%ae%c0%ae/metadata.yml",
        ".",
        "",
    ),
)
ELSEWHERE = (
    *(
        "/metadata.yml",
        "/settings.json",
        "/towns.toml",
        "/plugins/data.py",
        "/templates/base.html",
        "/demo.db",
        "/demo.db-wal",
    ),
    *(
        "/demo.db.failed",
        "/log",
        "/.git/config",
        "/.env",
        "/../demo.db",
        "/..%2fdemo.db",
        "/_internal.db",
    ),
    *(
        "/_internal",
        "/_internal/databases",
        "/_memory",
        "/:memory:",
        "/demo/sqlite_master",
        "/proc/self/environ",
        "/.//",
    ),
    *(
        "/demo/%00",
        "/demo/papers/%00",
        "/demo.bak",
        "/demo/papers.old",
        "/demo/papers/77.save",
        "/%ff%fe",
        "/" + "a/" * 900,
        "/" + "x" * 5000,
        "/" + "%41" * 3000,
        "/%",
        "/%zz",
    ),
)


@pytest.mark.parametrize(
    "path",
    [
        *(f"/-/{name}{form}" for name in INSIDE for form in ("", ".json")),
        *(place + name for place in ("/static/", "/-/static/", "/-/static-plugins/datasette_vega/") for name in FILES),
        *ELSEWHERE,
    ],
)
def test_only_what_is_public_is_given(site: str, path: str) -> None:
    answer = ask(site, path)
    is_safe(answer)
    assert not re.search(r"root:|plugins:|base_url|SQLite format|\"python\"|\[core\]|DATASETTE_SECRET", answer.text)
    assert answer.status in (301, 302, 400, 403, 404, 414)
    if "Location" in answer.headers:
        assert ask(site, answer.headers["Location"]).status in (400, 404)


#: Statements, each refused or harmless.
SQL = (
    *("drop table papers", "delete from papers", "insert into papers (id) values (1)", "update papers set name = 'x'"),
    *(
        "attach database '/etc/passwd' as x",
        "detach database main",
        "pragma writable_schema = 1",
        "vacuum into 'x'",
    ),
    *("select load_extension('x.so')", "select readfile('/etc/passwd')", "select writefile('x', 'x')"),
    *(
        "select fts3_tokenizer('simple', x'00')",
        "select * from pragma_database_list",
        "select edit('x')",
        "begin exclusive",
    ),
    *("select 1; drop table papers", "with x as (select 1) delete from papers", "explain select 1", "select '"),
    *(
        "select hex(zeroblob(1e9))",
        "select randomblob(1e9)",
        "select printf('%1000000000d', 1)",
        "select x'00' || char(0)",
    ),
    *(
        "select replace(hex(zeroblob(4000000)), '0', hex(zeroblob(4000000)))",
        "select '%' like '%' || hex(zeroblob(9999))",
    ),
    "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n",
    "with recursive n(x) as (select 'a' union all select x || x from n) select max(length(x)) from n",
    *("select " + "(" * 4000 + "1" + ")" * 4000, "select 1" + ",1" * 4000, "select 1 union " * 800 + "select 1"),
    *(
        "create temp table x (y)",
        "reindex",
        "analyze",
        "savepoint x",
        "rollback",
        "/* */ drop table papers",
        "\0select 1",
    ),
)


@pytest.mark.parametrize("sql", SQL, ids=lambda sql: sql[:30])
def test_sql_only_reads_this_database(site: str, sql: str) -> None:
    answer = ask(site, "/demo.json?_shape=array&sql=" + quote(sql))
    is_safe(answer)
    assert answer.status in (200, 400, 503)
    assert "root:" not in answer.text and str(ROOT.parent) not in answer.text
    assert ask(site, "/demo/papers.json?_shape=array&_size=1").status == 200  # all is there, and answers


@pytest.mark.parametrize(
    "place",
    [
        "/demo/papers?_where=",
        "/demo/papers?_sort=",
        "/demo/papers?id__in=",
        "/suche?q=",
        "/demo/abstimmung?abstimmung=",
        "/abstimmungen?gremium=",
        "/personen?buchstabe=",
    ],
)
@pytest.mark.parametrize("typed", ["' or 1=1 --", "1); drop table papers --", "1 union select sql from sqlite_master",
                                   '" or ""="', "\\'; attach 'x' as y; --", "%' and sleep(5) --", "\0"])  # fmt: skip
def test_what_is_typed_is_no_sql(site: str, place: str, typed: str) -> None:
    answer = ask(site, place + quote(typed))
    is_safe(answer)
    assert answer.status in (200, 302, 400, 404) and (
        place.endswith("where=") or "CREATE TABLE crawls" not in answer.text
    )


# Nobody else's name, address or header

EVIL = "angreifer.example"


OUR_NAMES = (
    *(
        OURS,
        OURS.upper(),
        f"{OURS}:443",
        f"{OURS}:80",
        TOWN,
        "127.0.0.1",
        "localhost:1",
        "[::1]",
        "demo.localhost:8001",
    ),
)
OTHER_NAMES = (
    *(EVIL, f"{EVIL}:80", f"{OURS}.{EVIL}", f"{EVIL}.{OURS}", f"{OURS}:1337", f"{OURS}.", f"{OURS}@{EVIL}", "", "a/b"),
    *(f"{EVIL}#{OURS}", f"{OURS}, {EVIL}", f"{OURS} {EVIL}", "[::1", f"{OURS}:x", f"{OURS}:99999", f"{OURS}:-1", "0"),
    *(
        "10.0.0.1",
        "xn--nxasmq6b",
        f"http://{OURS}",
        "'\"><script>",
        "\xe4.example",
        f"127.0.0.1.{EVIL}",
        f"localhost.{EVIL}",
    ),
)


@pytest.mark.parametrize("host", OUR_NAMES)
def test_our_names_are_answered(site: str, host: str) -> None:
    answer = ask(site, "/ueber", Host=host)
    is_safe(answer)
    assert answer.status == 200
    on_the_web = host.lower().startswith((OURS, TOWN))
    assert answer.headers["Strict-Transport-Security"] == ("max-age=31536000" if on_the_web else None)


@pytest.mark.parametrize("host", OTHER_NAMES)
@pytest.mark.parametrize("path", ["/", "/robots.txt", "/-/search?q=x", "/status.json"])
def test_no_other_name_is_answered(site: str, host: str, path: str) -> None:
    answer = ask(site, path, Host=host)
    is_safe(answer)
    assert answer.status in (400, 421) and EVIL not in answer.text + str(answer.headers)


#: Headers that some servers believe, and garbage in those that all read.
TOLD = {
    "X-Forwarded-Host": EVIL, "X-Host": EVIL, "X-Forwarded-Server": EVIL, "Forwarded": f"host={EVIL};proto=ftp",
    "X-Forwarded-Proto": "javascript", "X-Forwarded-Port": "1337", "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Forwarded-For": "<script>hit(1)</script>", "X-Original-URL": "/-/versions", "X-Rewrite-URL": "/-/versions",
    "X-HTTP-Method-Override": "DELETE", "X-Method-Override": "PUT", "X-Forwarded-Scheme": "nothttps",
    "Range": "bytes=" + "0-1," * 5000 + "0-1", "If-Range": "x", "If-None-Match": '"' + "x" * 30_000 + '"',
    "If-Modified-Since": "never", "Cookie": "ds_actor=x; ds_messages=y; \xff=\xfe; " + "a=b; " * 5000,
    "Authorization": "Bearer dstok_x", "Accept-Encoding": "\xff, x;q=nan", "Accept": "../../etc/passwd",
    "Accept-Language": "../../x", "Referer": f"http://{EVIL}/<script>", "User-Agent": "<script>${jndi:x}</script>",
    "Origin": f"http://{EVIL}", "Content-Type": "application/json", "Transfer-Encoding": "chunked", CLIENT: "'; drop",
    "Upgrade": "websocket", "Connection": "close, Host", "Expect": "100-continue", "Max-Forwards": "0",
    "Sec-Fetch-Site": "cross-site", "Purpose": "prefetch", "X-Client-IP": "127.0.0.1", "Via": "1.1 x\ty",
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("path", ["/ueber", "/demo/papers/77"])
def test_headers_of_others_change_nothing(site: str, path: str, name: str) -> None:
    """Each asks for the page first, as a poisoner of caches does."""
    path += f"?{secrets.token_hex(4)}"
    answer = send(site, b"".join((
        f"GET {path} HTTP/1.1\r\nHost: {OURS}\r\n{name}: {TOLD[name]}\r\n".encode("latin-1"),
        b"" if name == "Connection" else b"Connection: close\r\n",
        b"\r\n0\r\n\r\n" if name == "Transfer-Encoding" else b"\r\n",
    )))  # fmt: skip
    is_safe(answer)
    assert answer.status == 200 and EVIL not in answer.text
    assert answer.body == ask(site, path, Host=OURS).body


# Nothing is added to headers, and nobody is sent elsewhere

INJECTED = quote("\r\nX-Hostile: 1\r\nSet-Cookie: hit=1\r\n\r\n<script>hit(1)</script>")


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{INJECTED}", f"/{INJECTED}/", f"/-/search?q={INJECTED}", f"/bi/to020.asp?TOLFDNR={ITEM}{INJECTED}"),
        *(f"/allris/{INJECTED}", f"/demo/abstimmungen?von=31.10.2020&bis={INJECTED}", f"/vorlage/2024{INJECTED}"),
        *(
            f"/daten/papers{INJECTED}.csv",
            f"/daten/{INJECTED}.zip",
            f"/demo/papers{INJECTED}.csv",
            f"/demo{INJECTED}.csv",
        ),
        *(
            f"/gremium/{BODY}{INJECTED}.ics",
            f"/suche.csv?q={INJECTED}",
            f"/:memory:{INJECTED}",
            f"/-/config?{INJECTED}",
        ),
        *(f"/demo/{INJECTED}/", f"/fraktion/{INJECTED}SPD", f"/einbetten/abstimmung/{ITEM}?breite={INJECTED}"),
        *(
            f"/demo/papers.csv?_facet={INJECTED}",
            f"/demo.csv?sql=select+1&x={INJECTED}",
            f"/sitzungen.ics?x={INJECTED}",
        ),
    ],
)
def test_no_header_can_be_added(site: str, path: str) -> None:
    answer = ask(site, path)
    is_safe(answer)
    for name, value in answer.headers.items():
        assert "\n" not in value and name.lower() not in ("x-hostile", "set-cookie")


@pytest.mark.parametrize(
    "path",
    [
        *(f"//{EVIL}", f"//{EVIL}/", f"///{EVIL}/", f"/%2f{EVIL}/", f"/%2f%2f{EVIL}/", f"/\\{EVIL}/", f"/%5c{EVIL}/"),
        *(f"/https://{EVIL}/", f"/https:%2f%2f{EVIL}/", f"/;@{EVIL}/", f"/.{EVIL}/", f"/%09/{EVIL}/", f"/%0a/{EVIL}/"),
        *(f"/bi//{EVIL}/", f"/bi/%2f%2f{EVIL}", f"/allris/https://{EVIL}", f"/:memory://{EVIL}", f"/:memory:.{EVIL}/"),
        *(
            f"/:memory:@{EVIL}/",
            f"/:memory:%2f..%2f..%2f{EVIL}/",
            f"//{EVIL}/%2e%2e",
            f"/demo//{EVIL}/",
            f"/%252f{EVIL}/",
        ),
        *(
            f"/-/search/?q=//{EVIL}",
            f"/-/search?q=//{EVIL}",
            f"/-/config?//{EVIL}",
            f"/suche/?next=//{EVIL}",
            "//",
            "/%2f/",
        ),
        *(
            f"/einbetten/abstimmung/{ITEM}?next=//{EVIL}",
            f"/demo/abstimmung?von=1.1.2020&x=//{EVIL}",
            f"/vorlage/{PAPER}/",
        ),
        *(f"/?next=//{EVIL}", f"/demo/papers/77/?u=//{EVIL}", f"/person/{PERSON}/", f"/@{EVIL}/", f"/%40{EVIL}%2f/"),
    ],
)
def test_nobody_is_sent_elsewhere(site: str, path: str) -> None:
    answer = ask(site, path)
    is_safe(answer)
    to = answer.headers.get("Location", "/")
    assert re.match(r"/(?![/\\])|\?", to) and not re.search(r"[\x00-\x20\\]", to), to


# Only reading, and in bounds


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X"]
)
@pytest.mark.parametrize(
    "path", ["/", "/demo/papers", "/demo?sql=drop+table+papers", "/-/messages", f"/top/{ITEM}.json"]
)
def test_nothing_but_reading(site: str, method: str, path: str) -> None:
    for body in (b"", b"sql=drop+table+papers&_method=DELETE&csrftoken=x"):
        answer = ask(site, path, method, body, Content_Type="application/x-www-form-urlencoded")
        is_safe(answer)
        assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD" and "Hier lässt" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/", f"/top/{ITEM}", "/demo/papers", "/nirgends", "/-/versions", "/demo/papers.csv", "//", "/status.json"),
        *("/static/ratsdaten.css", f"/einbetten/abstimmung/{BALLOT}.svg"),
    ],
)
def test_head_is_the_same_without_a_body(site: str, path: str) -> None:
    head, got = ask(site, path, "HEAD"), ask(site, path)
    is_safe(head)
    assert head.body == b"" and head.status == got.status
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


LONG = "x" * 50_000


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/suche?q={LONG}",
            "/suche?q=" + "%28" * 9000,
            "/suche?" + "q=x&" * 9000,
            "/suche?q=Text&seite=" + "9" * 400,
        ),
        *("/suche?q=" + "a+OR+" * 5000, "/suche?q=" + "%22" * 9000, "/suche?q=%00%ff%f0%9f", "/suche?q=" + "*" * 9000),
        *("/vorlagen?seite=-1", "/vorlagen?seite=1e9", "/vorlagen?seite=%D9%A3", "/sitzungen?jahr=" + "9" * 5000),
        *("/top/" + "9" * 1500, "/top/0x10", "/top/-0", "/top/%D9%A1", "/top/9001.0", "/top/9001%00", "/top/1e3"),
        *("/demo/papers?_size=" + "9" * 5000, "/demo/papers?_size=-1", "/demo/papers?" + "_facet=name&" * 4000),
        *("/demo/papers?" + "id__gt=1&" * 5000, "/demo/papers?_next=" + LONG, "/demo/papers?_col=" + LONG),
        *("/demo/papers?_through=" + "[" * 20_000, "/demo/papers?_search=" + LONG, "/demo/papers?_sort=" + LONG),
        *(
            "/demo/papers?name__like=" + "%25_" * 400,
            "/demo/papers?name__glob=" + "*?" * 400,
            "/demo/papers?_where=" + "(" * 9000,
        ),
        *("/demo/papers?_where=name+like+%27" + "%25a" * 200 + "%27", "/demo/papers?_labels=on&_nocount=1&_trace=1"),
        *(
            "/demo/papers.json?_shape=" + LONG,
            "/demo/papers.json?_shape=object&_json=text",
            "/demo/papers.json?_nl=on&_shape=x",
        ),
        *("/demo/papers.csv?_stream=1&_size=max", "/demo/papers.xyz", "/demo/papers.json.json", "/demo/papers~2Ejson"),
        *(
            "/demo?sql=" + "select+" * 6000,
            f"/demo?sql=select+:a&a={LONG}",
            "/demo?" + "&".join(f"p{n}=1" for n in range(6000)),
        ),
        *("/einbetten/statistik/uebereinstimmung?mindestens=1e9", "/einbetten/statistik/uebereinstimmung?von=" + LONG),
        *("/einbetten/abstimmung/" + "x" * 1800 + ".png", f"/einbetten/abstimmung/{BALLOT}.png?breite=100000"),
        *(
            "/-/oembed?url=" + LONG,
            "/-/oembed?url=http://[",
            f"/-/oembed?url=//{EVIL}/top/9001",
        ),
        *(
            "/sitemap/top-" + "9" * 400 + ".xml",
            "/sitemap/../-1.xml",
            "/gremium/au" + "9" * 900 + ".ics",
            "/?" + "&" * 50_000,
        ),
        *(
            "/bi/to020.asp?=1",
            "/bi/x?=1",
            "/status.json?" + LONG,
            "/daten/papers.json?" + LONG,
            "/aenderungen?seite=" + "9" * 5000,
            "/aenderungen?von=%00",
        ),
    ],
    ids=lambda path: path[:40],
)
def test_too_much_of_anything_is_borne(site: str, path: str) -> None:
    answer = ask(site, path)
    is_safe(answer)
    assert answer.status in (200, 301, 302, 400, 403, 404, 414)


#: What is no HTTP, or not as one should write it.
BROKEN = {
    "another's address": f"GET http://{EVIL}/ HTTP/1.1\r\nHost: {EVIL}\r\n\r\n",
    "another's address, our host": f"GET http://{EVIL}/ HTTP/1.1\r\nHost: {OURS}\r\n\r\n",
    "authority form": f"GET {EVIL}:80 HTTP/1.1\r\nHost: {OURS}\r\n\r\n",
    "asterisk": f"GET * HTTP/1.1\r\nHost: {OURS}\r\n\r\n",
    "tunnel": f"CONNECT {EVIL}:443 HTTP/1.1\r\nHost: {OURS}\r\n\r\n",
    "no host": "GET / HTTP/1.1\r\n\r\n",
    "no host, old": "GET / HTTP/1.0\r\n\r\n",
    "two hosts": f"GET / HTTP/1.1\r\nHost: {OURS}\r\nHost: {EVIL}\r\n\r\n",
    "two hosts, old": f"GET / HTTP/1.0\r\nHost: {OURS}\r\nHost: {EVIL}\r\n\r\n",
    "two lengths": f"GET / HTTP/1.1\r\nHost: {OURS}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "negative length": f"GET / HTTP/1.1\r\nHost: {OURS}\r\nContent-Length: -1\r\n\r\n",
    "unknown coding": f"GET / HTTP/1.1\r\nHost: {OURS}\r\nTransfer-Encoding: x\r\n\r\n",
    "space in a name": f"GET / HTTP/1.1\r\nHost : {OURS}\r\n\r\n",
    "space in the path": f"GET /a b HTTP/1.1\r\nHost: {OURS}\r\n\r\n",
    "letters beyond ASCII": f"GET /\xe4 HTTP/1.1\r\nHost: {OURS}\r\n\r\n",
    "null in a header": f"GET / HTTP/1.1\r\nHost: {OURS}\r\nX: a\0b\r\n\r\n",
    "huge header": f"GET / HTTP/1.1\r\nHost: {OURS}\r\nX: {'x' * 200_000}\r\n\r\n",
    "many headers": f"GET / HTTP/1.1\r\nHost: {OURS}\r\n" + "X: 1\r\n" * 40_000 + "\r\n",
    "huge path": f"GET /{'x' * 200_000} HTTP/1.1\r\nHost: {OURS}\r\n\r\n",
    "no version": "GET /\r\n\r\n",
    "another protocol": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_proper_request_is_refused(site: str, name: str) -> None:
    with suppress(ConnectionError):  # of what is too large not all is read
        answer = send(site, BROKEN[name].encode("latin-1"))
        assert 400 <= answer.status < 500 and not LEAK.search(answer.text) and EVIL not in answer.text
        assert answer.headers["Set-Cookie"] is None
    assert ask(site, "/status.json").status == 200
