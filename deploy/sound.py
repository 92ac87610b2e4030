"""Whether a database may be published: reads all of it. Ends with a sentence and exit code 1 if not."""

import sqlite3
import sys
from pathlib import Path

path = Path(sys.argv[1])
try:
    conn = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
    [damage] = conn.execute("PRAGMA integrity_check(1)").fetchone()
    dangling = conn.execute("PRAGMA foreign_key_check").fetchone()
    [meetings] = conn.execute("SELECT count(*) FROM meetings").fetchone()
    [items] = conn.execute("SELECT count(*) FROM agenda_items").fetchone()
except sqlite3.Error as error:
    sys.exit(f"{path} is damaged ({error}): restore a good copy of it.")
if damage != "ok":
    sys.exit(f"{path} is damaged ({damage}): restore a good copy of it.")
if dangling:
    sys.exit(f"{path} has rows that belong to nothing (in {dangling[0]}): crawl anew.")
if not (meetings and items):
    sys.exit(f"{path} has {meetings} meetings and {items} agenda items: finish its crawl first.")
