"""The pages that say what this is and who answers for it: only what metadata.yml tells, and what is missing named."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click import ClickException
from conftest import ROOT, configuration
from datasette.app import Datasette
from embedding_town import fill

from ratsdaten import clock
from ratsdaten.database import close, connect

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
PAGES = ("/ueber", "/impressum", "/datenschutz", "/barrierefreiheit")
#: Invented.
COMPLETE = {
    "operator": {
        "name": "Verein <b>Erfundene</b> Daten",
        "address": ["Musterweg 1", "00000 Lindenrath"],
        "email": "kontakt@lindenrath.example",
        "phone": "+49 0000 1234",
        "responsible": ["Petra Erfunden", "Musterweg 1, 00000 Lindenrath"],
    },
    "privacy": {"log_days": 7, "hosting": ["Rechenzentrum Musterweg"]},
    "accessibility": {"checked": "2026-11-22", "arbitration": {"name": "Schlichtung", "url": "https://s.example/"}},
}


def site(folder: Path, **sections: object) -> Datasette:
    """The site with these entries under ``plugins: site:``."""
    database = configuration(folder)
    (folder / "metadata.yml").unlink()
    metadata = copy.deepcopy(METADATA)
    metadata["plugins"]["site"] = sections
    (folder / "metadata.yml").write_text(yaml.safe_dump(metadata, allow_unicode=True), "utf-8")
    db = connect(database)
    fill(db)
    close(db)
    return Datasette(config_dir=folder)


async def text(datasette: Datasette, path: str) -> str:
    answer = await datasette.client.get(path)
    assert answer.status_code == 200 and "set-cookie" not in answer.headers
    return answer.text


async def test_missing_details_are_named_once_at_the_start_and_on_the_pages(tmp_path, capsys):
    datasette = site(tmp_path)
    await datasette.invoke_startup()
    (warning,) = [line for line in capsys.readouterr().err.splitlines() if "plugins: site" in line]
    assert all(name in warning for name in ("operator: name", "operator: address", "operator: email", "log_days"))
    assert "Hier fehlen noch: Name, Anschrift, E-Mail-Adresse" in await text(datasette, "/impressum")
    privacy = await text(datasette, "/datenschutz")
    assert "Hier fehlen noch" in privacy and "hat der Betreiber noch nicht eingetragen" in privacy
    assert "noch nicht eingetragen" in await text(datasette, "/barrierefreiheit")
    assert (await datasette.client.get("/.well-known/security.txt")).status_code == 404
    for path in PAGES:
        page = await text(datasette, path)
        assert "mailto:" not in page and "None" not in page, path
        assert "Vorführung mit erfundenen Daten" in page, path


async def test_the_pages_say_what_metadata_yml_says(tmp_path, capsys):
    datasette = site(tmp_path, **COMPLETE)
    await datasette.invoke_startup()
    assert "plugins: site" not in capsys.readouterr().err
    imprint = await text(datasette, "/impressum")
    for said in ("Verein &lt;b&gt;Erfundene&lt;/b&gt; Daten", "Musterweg 1<br>", "+49 0000 1234", "Petra Erfunden"):
        assert said in imprint
    assert 'href="mailto:kontakt@lindenrath.example"' in imprint
    privacy = await text(datasette, "/datenschutz")
    assert "7 Tagen" in re.sub(r"\s", " ", privacy) and "Rechenzentrum Musterweg" in privacy
    accessible = await text(datasette, "/barrierefreiheit")
    assert "22.11.2026" in accessible and 'href="https://s.example/"' in accessible
    assert "mailto:kontakt@lindenrath.example" in await text(datasette, "/ueber")
    security = dict(line.split(": ", 1) for line in (await text(datasette, "/.well-known/security.txt")).splitlines())
    assert security["Contact"] == "mailto:kontakt@lindenrath.example"
    assert timedelta(days=90) < datetime.fromisoformat(security["Expires"]) - clock.now() < timedelta(days=365)
    for path in PAGES:
        page = await text(datasette, path)
        assert "fehlen noch" not in page and "noch nicht eingetragen" not in page, path


async def test_a_server_without_a_log_says_so(tmp_path):
    page = await text(site(tmp_path, privacy={"log_days": 0}), "/datenschutz")
    assert "Ein Protokoll dieser Abrufe wird nicht gespeichert." in page


@pytest.mark.parametrize(
    ("sections", "named"),
    [
        ({"operator": "Verein"}, "operator must be entries"),
        ({"operator": {"nmae": "Verein"}}, "nmae is not known here"),
        ({"operator": {"name": ["Verein"]}}, "name must be a text"),
        ({"operator": {"address": "Musterweg 1"}}, "address must be a list"),
        ({"operator": {"address": ["Musterweg 1", 12345]}}, "address must be a list"),
        ({"operator": {"email": "kontakt"}}, "email must be an e-mail address"),
        ({"operator": {"email": 'a@b"><script>'}}, "email must be an e-mail address"),
        ({"privacy": {"log_days": "7 Tage"}}, "log_days must be a number"),
        ({"privacy": {"log_days": -1}}, "log_days must be a number"),
        ({"privacy": {"log_days": True}}, "log_days must be a number"),
        ({"privacy": {"authority": "LDI"}}, "authority must be an entry with name and url"),
        ({"accessibility": {"checked": "neulich"}}, "checked must be a day"),
        ({"accessibility": {"arbitration": {"name": "x", "url": "javascript:alert(1)"}}}, "arbitration must be"),
    ],
)
async def test_a_mistake_stops_the_start_and_says_where(tmp_path, sections, named):
    with pytest.raises(ClickException) as stopped:
        await site(tmp_path, **sections).invoke_startup()
    assert "metadata.yml: plugins: site: " in str(stopped.value) and named in str(stopped.value)


def test_a_mistake_is_one_sentence(tmp_path):
    site(tmp_path, operator={"nmae": "Verein"})
    line = [sys.executable, "-m", "datasette", str(tmp_path), "--get", "/"]
    run = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1 and run.stdout == ""
    assert run.stderr.startswith("Error: metadata.yml: plugins: site: ") and run.stderr.count("\n") == 1


async def test_about_names_the_eras_and_counts_what_is_there(tmp_path):
    datasette = site(tmp_path)
    page = await text(datasette, "/ueber")
    for said in (
        "Bis etwa 2003",
        "Etwa 2004 bis 2013",
        "Seit 2014",
        "Beschäftigten der Verwaltung",
        "Kein Angebot der",
    ):
        assert said in page
    found = (await datasette.client.get("/ueber.json")).json()
    assert found["figures"]["votes"] == 5 == sum(row["votes"] for row in found["ballots"])
    assert {row["state"] for row in found["ballots"]} == {"by_group", "totals", "words"}
    assert "unknown" in {row["name"] for row in found["outcomes"]}
