"""A town whose every text tries to be markup, script, a link or a header. All of it is invented."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from scraper.derive import derive

#: Calls what the tests listen for in whichever place it is read, after ending what it may stand in.
PAYLOAD = (
    "javascript:hit('NAME')//\"'><img src=http://evil.example/NAME onerror=hit('NAME')></title></textarea></style>-->"
    "</script><script>hit('NAME')</script><svg/onload=hit('NAME')>]]><a href=\"javascript:hit('NAME')\">NAME</a> \" "
    "autofocus onfocus=\"hit('NAME')\" x=' {{7*191}} ${7*191} \r\nSet-Cookie: hit=NAME\r\n\r\n"
    "<script>hit('NAME')</script>"
)
#: In rich text, what its cleaner must take out.
RICH = PAYLOAD + (
    '<p onclick="hit(\'NAME\')" style="background:url(http://evil.example/NAME)">Text</p>'
    "<iframe src=http://evil.example/ srcdoc=\"<script>parent.hit('NAME')</script>\"></iframe><base href=http://evil.example/>"
    "<form action=http://evil.example/><button formaction=\"javascript:hit('NAME')\">x</button></form>"
    '<meta http-equiv=refresh content="0;url=http://evil.example/"><object data=http://evil.example/></object>'
    "<math><mtext><table><mglyph><style><img src=x onerror=hit('NAME')></style></table></mtext></math>"
    "<a href=\"java\nscript:hit('NAME')\">x</a><a href=\"data:text/html,<script>hit('NAME')</script>\">x</a>"
)

MEETING, ITEM, PAPER, PERSON = 11, 9001, 77, 7
BODY, GROUP, FILE, BALLOT = "au5", "fr6", "do9", f"to{ITEM}-1"
DAY, SEEN = "2024-05-06", "2024-05-07T08:00:00+00:00"
NAME = PAYLOAD.replace("NAME", "groups.name")

#: What must be right for a page to be there: keys, days, codes. All other columns of text are hostile.
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("groups", {"name": NAME, "color": None}),
    ("organizations", {"id": BODY, "organization_type": "Ausschuss", "start_date": None, "end_date": None}),
    ("organizations", {"id": "pa1", "start_date": None, "end_date": None}),
    ("organizations", {"id": GROUP, "organization_type": "Fraktion", "start_date": None, "end_date": None}),
    ("persons", {"id": PERSON}),
    *(
        ("memberships", {"id": key, "person_id": person, "organization_id": body, "group_name": NAME,
                         "start_date": DAY, "end_date": None})
        for key, person, body in ((1, PERSON, BODY), (2, PERSON, GROUP), (3, None, BODY))
    ),
    ("meetings", {"id": MEETING, "organization_id": BODY, "date": DAY, "start_time": "17:00", "end_time": "18:00",
                  "cancelled": 0}),
    ("papers", {"id": PAPER, "reference": "2024/0077", "date": DAY, "outcome": None, "decided": None, "slug": None}),
    ("papers", {"id": 78, "date": DAY, "outcome": None, "decided": None, "slug": None}),
    ("agenda_items", {"id": ITEM, "meeting_id": MEETING, "position": 1, "public": 1, "paper_id": PAPER,
                      "outcome": None, "vote_state": None}),
    ("agenda_items", {"id": 9002, "meeting_id": MEETING, "position": 2, "public": 1, "paper_id": 78, "outcome": None,
                      "vote_state": None, "result": "beschlossen"}),
    ("consultations", {"id": "vo77-1", "paper_id": PAPER, "organization_id": BODY, "meeting_id": MEETING,
                       "agenda_item_id": ITEM, "date": DAY}),
    ("consultations", {"id": "vo77-2", "paper_id": PAPER, "organization_id": None, "date": DAY}),
    ("files", {"id": FILE, "number": 9, "modified": DAY, "mime_type": "application/pdf", "size": 1000, "page_count": 1,
               "text_source": "embedded", "problem": None, "checked_at": SEEN}),
    ("files", {"id": "vo77-1", "text_source": None}),
    ("meeting_files", {"meeting_id": MEETING, "file_id": FILE}),
    ("agenda_item_files", {"agenda_item_id": ITEM, "file_id": FILE}),
    ("paper_files", {"paper_id": PAPER, "file_id": FILE}),
    ("paper_files", {"paper_id": PAPER, "file_id": "vo77-1"}),
    *(
        ("votes", {"id": f"to{item}-1", "agenda_item_id": item, "position": 1, "yes": yes, "no": 4, "abstain": 0,
                   "source": "table", "consistent": 1, "date": None, "organization_id": None, "state": None,
                   "winner": None})
        for item, yes in ((ITEM, 9), (9002, 3))
    ),
    *(
        ("vote_counts", {"vote_id": f"to{item}-1", "group_name": group, "yes": yes, "no": no, "abstain": 0})
        for item in (ITEM, 9002) for group, yes, no in ((NAME, 9, 0), ("SPD", 0, 4))
    ),
    *(
        ("revisions", {"id": key, "table_name": table, "row_id": str(row), "observed_at": SEEN, "changed": json.dumps(
            {column: [PAYLOAD.replace("NAME", "revisions.old"), RICH.replace("NAME", "revisions.new")]})})
        for key, (table, row, column) in enumerate((("papers", PAPER, "name"), ("agenda_items", ITEM, "minutes_html"),
                                                    ("agenda_items", ITEM, NAME), ("files", FILE, "text")), 1)
    ),
    ("revisions", {"id": 99, "observed_at": SEEN, "changed": "{}"}),
    ("pages", {"fetched_at": SEEN, "found_at": SEEN, "changed_at": SEEN, "withdrawn_at": None, "http_status": 200}),
    ("crawls", {"id": 1, "mode": "full", "arguments": json.dumps({"base_url": "javascript:hit('crawls')"}),
                "started_at": SEEN, "finished_at": SEEN, "reason": "finished",
                "pages_by_kind": json.dumps({NAME: 1}), "report": json.dumps(
                    [{"check": NAME, "passed": False, "found": RICH.replace("NAME", "crawls.report")}])}),
    ("crawls", {"id": 2, "started_at": SEEN, "finished_at": None, "arguments": "{}", "pages_by_kind": None,
                "report": None}),
    # As nothing of ours writes it: days, times and keys are hostile, too.
    ("meetings", {"id": 12, "organization_id": BODY, "cancelled": 1}),
    ("papers", {"id": 79, "outcome": None, "decided": None, "slug": None}),
    ("persons", {"id": 8, "title": None}),
    ("organizations", {}),
    ("files", {"text_source": "none", "number": 10}),
]  # fmt: skip


def fill(db: Database) -> None:
    for table, given in ROWS:
        columns = {column.name: column.type for column in db.table(table).columns}
        computed = {row[1] for row in db.execute(f"pragma table_xinfo({table})") if row[6]}
        hostile = {
            name: (RICH if name.endswith("_html") else PAYLOAD).replace("NAME", f"{table}.{name}")
            for name, kind in columns.items()
            if kind == "TEXT" and name not in computed
        }
        db.table(table).insert(hostile | given)
    derive(db)
