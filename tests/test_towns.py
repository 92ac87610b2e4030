"""Many towns: one settings file, a crawl by name, two towns served side by side without a trace of one in the other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest
import pytest_asyncio
from click import ClickException
from conftest import FAST, ROOT, configuration, rows
from datasette.app import Datasette
from embedding_town import BY_GROUP, TOTALS, fill

from demo import Town as Invented
from demo import serve as look_alike
from ratsdaten.database import close, connect
from ratsdaten.search.index import rebuild
from ratsdaten.serving.colours import GROUNDS, stylesheet
from ratsdaten.towns import FILE, RESERVED, TownProblem, find, read

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEUSTADT = '[neustadt]\nname = "Neustadt"\nbase_url = "https://neustadt.example/bi"\n'
#: Two invented towns; the second keeps another time, has a name on the web and its own colours.
TOWNS = f"""
[altstadt]
name = "Altstadt"
base_url = "https://altstadt.example/allris/"
notice = "Erfunden."

{NEUSTADT}
time_zone = "Atlantic/Azores"
hosts = ["Rat.Neustadt.example"]
accent = {{ light = "#7a1f5c", dark = "#f0a8d8" }}
source = "Neustadts Quelle"
license = "Neustadts Lizenz"
"""
ALT, NEU = "altstadt.localhost", "rat.neustadt.example"


def written(folder: Path, text: str) -> Path:
    file = folder / "towns.toml"
    file.unlink(missing_ok=True)
    file.write_text(text, "utf-8")
    return file


# ---- the settings file -------------------------------------------------------------------------------------------


async def test_our_own_file_has_herne_and_the_invented_town():
    towns = read()
    assert (
        towns["herne"].base_url == "https://www.herne.de/allris/" and towns["herne"].said["title"] == "Ratsdaten Herne"
    )
    assert "erfunden" in towns["demo"].said["notice"]


async def test_what_an_entry_leaves_out_follows_from_the_rest(tmp_path):
    town = find("neustadt", written(tmp_path, NEUSTADT))
    assert (town.base_url, town.time_zone.key, town.hosts) == ("https://neustadt.example/bi/", "Europe/Berlin", ())
    assert town.said == {
        "title": "Ratsdaten Neustadt",
        "source": "Neustadt, Ratsinformationssystem",
        "source_url": "https://neustadt.example/bi/",
    }
    assert stylesheet(town) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "names no town: add an entry"),
        ("[neustadt\n", "is no TOML"),
        (NEUSTADT + NEUSTADT, "is no TOML"),
        ('name = "Neustadt"\n', "name stands outside every town"),
        ('[Neustadt]\nname = "Neustadt"\n', "[Neustadt]: name the entry in small letters"),
        ('["../x"]\nname = "Neustadt"\n', "[../x]: name the entry in small letters"),
        ('[neustadt]\nname = "Neustadt"\n', "[neustadt]: base_url is missing: add base_url = "),
        ('[neustadt]\nbase_url = "https://n.example/"\n', "[neustadt]: name is missing: add name = "),
        (NEUSTADT.replace("[neustadt]", "[suche]"), "[suche]: /suche is an address of the site itself"),
        (NEUSTADT + 'adress = "x"\n', "[neustadt]: adress is not known here: there are name, base_url"),
        ('[neustadt]\nname = 5\nbase_url = "https://n.example/"\n', "name must be a text in quotes; 5 is not"),
        ('[neustadt]\nname = "N"\nbase_url = "neustadt.example"\n', "base_url must be a web address such as"),
        (
            '[neustadt]\nname = "N"\nbase_url = "https://n.example/a.asp?b=1"\n',
            "base_url must be a web address such as",
        ),
        ('[neustadt]\nname = "N"\nbase_url = "https://n.example:99999/"\n', "base_url must be a web address such as"),
        (NEUSTADT + 'time_zone = "Europe/Hern"\n', "time_zone must be a time zone such as"),
        (NEUSTADT + 'time_zone = "../etc/passwd"\n', "time_zone must be a time zone such as"),
        (NEUSTADT + 'hosts = "n.example"\n', "hosts must be a list of host names"),
        (NEUSTADT + 'hosts = ["https://n.example"]\n', "hosts must be a list of host names"),
        (NEUSTADT + 'accent = "#fff"\n', "accent must be two colours such as"),
        (NEUSTADT + 'accent = { light = "red", dark = "#fff000" }\n', "accent must be two colours such as"),
        (NEUSTADT + 'about_url = "javascript:alert(1)"\n', "about_url must be a web address"),
        (
            NEUSTADT + NEUSTADT.replace("[neustadt]", "[other]"),
            "[other]: base_url https://neustadt.example/bi/ is",
        ),
        (
            NEUSTADT + 'hosts = ["n.example"]\n[o]\nname = "O"\nbase_url = "https://o.example/"\nhosts = ["n.example"]',
            "[o]: hosts n.example is that of [neustadt] already",
        ),
    ],
)
async def test_a_mistake_is_one_sentence_with_the_file_the_entry_and_the_mend(tmp_path, text, named):
    file = written(tmp_path, text)
    with pytest.raises(TownProblem) as problem:
        read(file)
    assert str(file) in str(problem.value) and named in str(problem.value) and "\n" not in str(problem.value)


async def test_datasette_does_not_start_with_a_mistake(tmp_path):
    configuration(tmp_path)
    file = written(tmp_path, NEUSTADT + "hosts = 5\n")
    start = [sys.executable, "-m", "datasette", str(tmp_path), "--get", "/"]
    run = subprocess.run(start, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1 and not run.stdout
    assert run.stderr.startswith(f"Error: {file}: [neustadt]: hosts must be") and run.stderr.count("\n") == 1
    written(tmp_path, NEUSTADT + 'accent = { light = "#cccccc", dark = "#f0a8d8" }\n')
    with pytest.raises(ClickException, match=r"\[neustadt\]: accent: light #cccccc is hard to read"):
        await Datasette(config_dir=tmp_path).invoke_startup()


async def test_colours_are_compared_with_those_of_the_stylesheet():
    styles = (ROOT / "static/ratsdaten.css").read_text("utf-8").replace("#fff;", "#ffffff;")
    blocks = [dict(re.findall(r"--([a-z-]+): ([^;]+);", block)) for block in styles.split("}")[:2]]  # light, dark
    names = ("paper", "surface", "tint", "note", "on-accent")
    assert [{block[name] for name in names} for block in blocks] == [set(grounds) for grounds in GROUNDS]
    assert all(stylesheet(town) for town in read().values())


async def test_no_town_hides_behind_an_address_of_the_site(both):
    starts = [re.match(r"\^?/(?:\(\?i:)?([a-z|]+)", getattr(route, "pattern", route)) for route, _ in both._routes()]
    known = {word for start in starts if start for word in start[1].split("|")}
    assert known - {"favicon", "opensearch", "robots"} == RESERVED  # these have a dot


# ---- the crawl ---------------------------------------------------------------------------------------------------


def crawl_town(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The crawl as typed in ``folder``, which has our scrapy.cfg and a towns.toml."""
    shutil.copy(ROOT / "scrapy.cfg", folder)
    settings = (f"TOWNS={folder / 'towns.toml'}", *FAST)
    line = [sys.executable, "-m", "scrapy", "crawl", "allris", *arguments, *(p for s in settings for p in ("-s", s))]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=120)


async def test_a_town_is_crawled_by_its_name(tmp_path):
    with look_alike(Invented(size="small")) as site:
        written(tmp_path, NEUSTADT.replace("https://neustadt.example/bi", site.base_url))
        page = ("-a", f"urls={site.base_url}au010.asp")
        run = crawl_town(tmp_path, "-a", "town=neustadt", *page)
        assert run.returncode == 0, run.stderr
        assert site.base_url in rows(tmp_path / "neustadt.db", "select * from crawls")[0]["arguments"]
        written(tmp_path, NEUSTADT)  # nobody is there
        own = ("-a", f"base_url={site.base_url}", "-s", f"DATABASE={tmp_path / 'own.db'}")
        assert crawl_town(tmp_path, "-a", "town=neustadt", *own, *page).returncode == 0
        assert site.base_url in rows(tmp_path / "own.db", "select * from crawls")[0]["arguments"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TOWNS, "town=nirgends is not in {file}: there are altstadt, neustadt; add an entry or name one of them."),
        (TOWNS + "hosts = 1", "is no TOML"),
    ],
)
async def test_a_crawl_of_a_wrong_town_ends_with_one_sentence(tmp_path, text, said):
    file = written(tmp_path, text)
    run = crawl_town(tmp_path, "-a", "town=nirgends")
    last = run.stderr.splitlines()[-1]
    assert run.returncode == 1 and said.format(file=file) in last and "Traceback" not in run.stderr
    assert not list(tmp_path.glob("*.db*"))


# ---- side by side ------------------------------------------------------------------------------------------------


async def site_of(folder: Path, *towns: str) -> Datasette:
    """The same numbers in every town; only Neustadt has a fountain."""
    configuration(folder)
    written(folder, TOWNS)
    for town in towns:
        db = connect(folder / f"{town}.db")
        fill(db)
        if town == "neustadt":
            db.execute("update agenda_items set name = 'Neustädter Marktbrunnen' where id = ?", [TOTALS])
            db.execute("update votes set yes = 7 where id = ?", [f"to{BY_GROUP}-1"])
        rebuild(db)
        close(db)
    datasette = Datasette(config_dir=folder)
    await datasette.invoke_startup()
    return datasette


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both(tmp_path_factory):
    return await site_of(tmp_path_factory.mktemp("both"), "altstadt", "neustadt")


async def get(site, path, host, status=200):
    answer = await site.client.get(path, headers={"host": host})
    assert answer.status_code == status, (host, path, answer.status_code, answer.text[-300:])
    return answer


async def test_every_page_is_as_if_the_other_town_were_not_there(both, tmp_path_factory):
    """Asked for in turns, so that whatever is kept of one town would show in the other."""
    sites = {
        ALT: await site_of(tmp_path_factory.mktemp("alt"), "altstadt"),
        NEU: await site_of(tmp_path_factory.mktemp("neu"), "neustadt"),
    }
    paths = (
        *("/", "/.json", "/sitzungen", "/sitzungen.ics", "/sitzung/99001.ics", f"/top/{TOTALS}", f"/top/{TOTALS}.json"),
        *("/vorlagen.atom", "/abstimmungen", "/suche?q=Marktbrunnen", "/suche.json?q=Brunnen", "/suche.atom?q=Brunnen"),
        *("/suche.csv?q=Brunnen", "/suche/vorschlaege?q=Ma", "/gremium/au99", "/statistik", "/statistik/aktivitaet"),
        *("/opensearch.xml", "/sitemap.xml", "/sitemap/top-1.xml", "/impressum", "/-/stadt.css"),
        *(f"/einbetten/abstimmung/to{BY_GROUP}-1{form}" for form in ("", ".svg", ".json", ".png")),
        *("/einbetten/statistik/gewinnerseite", "/einbetten/statistik/gewinnerseite.svg", "/einbetten"),
        *("/daten/agenda_items.csv", "/nichts"),
    )
    for path in (*paths, *paths):
        answers = {}
        for host, alone in sites.items():
            found, wanted = [await site.client.get(path, headers={"host": host}) for site in (both, alone)]
            assert (found.status_code, found.text) == (wanted.status_code, wanted.text), (host, path)
            answers[host] = found.text
        assert answers[ALT] != answers[NEU] or path in ("/suche/vorschlaege?q=Ma", "/nichts.json"), path


async def test_addresses_on_a_page_are_those_of_the_host_it_was_asked_from(both):
    address = f"http://{NEU}/einbetten/abstimmung/to{BY_GROUP}-1"
    found = (await get(both, f"/-/oembed?url={quote(address)}", NEU)).json()
    assert (found["url"], found["provider_name"]) == (address, "Ratsdaten Neustadt")
    page = lxml.html.fromstring((await get(both, f"/top/{TOTALS}", NEU)).text)
    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://{NEU}/top/{TOTALS}"]
    assert f"http://{NEU}/top/{TOTALS}" in (await get(both, "/sitemap/top-1.xml", NEU)).text


@pytest.mark.parametrize(
    ("host", "town"),
    [
        *((name, "Altstadt") for name in ("localhost", "127.0.0.1:8001", "foreign.example", "altstadt.localhost:8001")),
        *((name, "Neustadt") for name in ("rat.neustadt.example:443", "RAT.neustadt.example.", "neustadt.localhost")),
    ],
)
async def test_the_host_name_says_which_town(both, host, town):
    found = await both.client.get("/", headers={"host": host})
    assert f"– Ratsdaten {town}</title>" in found.text
    assert ("Erfunden." in found.text) == (town == "Altstadt")


async def test_each_town_has_its_own_time_colours_and_words(both):
    assert "02.01.2025, 04:04 Uhr" in (await get(both, f"/top/{BY_GROUP}", ALT)).text
    page = (await get(both, f"/top/{BY_GROUP}", NEU)).text
    assert "02.01.2025, 02:04 Uhr" in page and '<link rel="stylesheet" href="/-/stadt.css">' in page
    assert "TZID:Atlantic/Azores" in (await get(both, "/sitzungen.ics", NEU)).text
    styles = await get(both, "/-/stadt.css", NEU)
    assert "--accent: #7a1f5c" in styles.text and styles.headers["content-type"].startswith("text/css")
    assert "/-/stadt.css" not in (await get(both, f"/top/{BY_GROUP}", ALT)).text
    for path in ("/neustadt", "/neustadt/agenda_items", f"/neustadt/agenda_items/{TOTALS}", "/daten"):
        assert "Neustadts Lizenz" in (await get(both, path, NEU)).text, path


async def test_every_query_and_description_is_there_for_each(both):
    shared = both.plugin_config("towns")
    for town in ("altstadt", "neustadt"):
        entry = both.metadata("databases")[town]
        assert {name: query["sql"] for name, query in entry["queries"].items()} == {
            name: query["sql"] for name, query in shared["queries"].items()
        }
        for name, query in shared["queries"].items():
            found = (await get(both, f"/{town}/{name}.json?_shape=objects", NEU)).json()
            assert found["ok"], (town, name)
            assert query["title"] in (await get(both, f"/{town}", NEU)).text.replace("&#39;", "'")
        for name, table in shared["tables"].items():
            if not table.get("hidden"):
                assert table["title"] in (await get(both, f"/{town}/{name}", ALT)).text, (town, name)


async def test_the_towns_are_listed_with_their_addresses(both):
    for host, links in (
        (ALT, ["http://neustadt.localhost/"]),
        (NEU, ["/altstadt"]),  # has no name of its own on the web
        ("localhost:8001", ["http://neustadt.localhost:8001/"]),
        ("foreign.example:8001", [f"http://{NEU}:8001/"]),
    ):
        page = lxml.html.fromstring((await get(both, "/ueber", host)).text)
        assert page.xpath("//h2[@id='staedte']/following-sibling::ul[1]//a/@href") == links, host


async def test_one_town_alone_is_not_listed(tmp_path):
    alone = await site_of(tmp_path, "neustadt")
    page = (await get(alone, "/ueber", "localhost")).text
    assert "Ratsdaten Neustadt" in page and 'id="staedte"' not in page


async def test_the_default_file_is_the_projects(tmp_path):
    configuration(tmp_path)
    (tmp_path / "towns.toml").unlink()
    datasette = Datasette(config_dir=tmp_path)
    await datasette.invoke_startup()
    assert set(datasette.metadata("databases")) == set(read(FILE))
