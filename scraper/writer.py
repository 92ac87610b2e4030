"""The one place that writes the database: what a visit found becomes rows, in one transaction a page.

A row mirrors the strongest page read so far (STRENGTH): a meeting its agenda rather than the calendar, a paper its
own page rather than a list. Weaker pages only fill gaps (SHARED, PRINTED). An agenda item has two halves: its line is
the agenda's, its texts are the excerpt's. A change between two visits of equally
strong pages is a change of the source and goes to ``revisions``.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, fields
from functools import singledispatchmethod
from typing import Any

from sqlite_utils import Database

from .items import (
    AgendaPage,
    Attachment,
    CalendarPage,
    Document,
    Download,
    ExcerptPage,
    Meeting,
    Member,
    Organization,
    OrganizationListPage,
    Paper,
    PaperListPage,
    PaperPage,
    Person,
    PersonPage,
    RosterPage,
    ShownFiles,
    Visit,
)
from .ledger import digest, now
from .pages import kind_of
from .votes import read_votes

Row = dict[str, Any]

#: Table -> page kind -> how much it knows about the row; kinds not named only mention it (0). Mentions can differ
#: (a roster prints a surname, another the full name): the fuller name is kept, others fill its gaps.
STRENGTH: dict[str, dict[str, int]] = {
    "organizations": {"au010": 1, "fr010": 1, "pa010": 1, "pa021": 1, "au020": 2, "fr020": 2, "pa020": 2},
    "persons": {"kp020": 1},
    "meetings": {"si010": 1, "to020": 2, "to010": 3},
    "papers": {"vo040": 1, "vo020": 2},
}
#: Columns that weaker pages may know while the row's own page is silent.
SHARED = {
    "organizations": {"end_date"},
    "meetings": {"name", "date", "start_time", "end_time", "room"},
}
SECTIONS = {"WP": "minutes", "BS": "resolution", "AE": "vote"}
#: Whether any page still shows a file.
SHOWN = " UNION ALL ".join(
    f"SELECT 1 FROM {table} WHERE file_id = :id" for table in ("meeting_files", "agenda_item_files", "paper_files")
)
NO_TEXTS: Row = {f"{name}_{form}": None for name in SECTIONS.values() for form in ("html", "text")}
#: Table -> whose rows may name one of its rows, so that it is emptied instead of deleted.
NAMED: dict[str, tuple[tuple[str, str], ...]] = {
    "organizations": (
        ("meetings", "organization_id"),
        ("memberships", "organization_id"),
        ("consultations", "organization_id"),
        ("votes", "organization_id"),
    ),
    "persons": (("memberships", "person_id"),),
    "meetings": (("agenda_items", "meeting_id"), ("consultations", "meeting_id")),
    "agenda_items": (("consultations", "agenda_item_id"),),
    "papers": (("agenda_items", "paper_id"),),
    "memberships": (),
    "consultations": (),
    "files": (),
}
#: Page kind -> the table whose row is that page.
OWNERS = {
    **{"to010": "meetings", "to020": "agenda_items", "vo020": "papers", "kp020": "persons"},
    **dict.fromkeys(("au020", "fr020", "pa020"), "organizations"),
}
LINKS = {"meetings": "meeting", "agenda_items": "agenda_item", "papers": "paper"}
#: Table -> addresses of the pages that mention a row (?1) of it.
MENTIONS = {
    "meetings": """
        SELECT p.url FROM meetings m
          JOIN pages p ON p.kind = 'si010'
                      AND p.url LIKE '%?MM=' || cast(substr(m.date, 6, 2) AS int) || '&YY=' || substr(m.date, 1, 4)
         WHERE m.id = ?1
        UNION SELECT source_url FROM consultations WHERE meeting_id = ?1""",
    "agenda_items": """
        SELECT m.source_url FROM agenda_items i JOIN meetings m ON m.id = i.meeting_id WHERE i.id = ?1
        UNION SELECT source_url FROM consultations WHERE agenda_item_id = ?1""",
    "papers": """
        SELECT source_url FROM agenda_items WHERE paper_id = ?1
        UNION SELECT m.source_url FROM agenda_items i JOIN meetings m ON m.id = i.meeting_id WHERE i.paper_id = ?1""",
    "persons": """
        SELECT o.source_url FROM memberships m JOIN organizations o ON o.id = m.organization_id
         WHERE m.person_id = ?1""",
    "organizations": """
        SELECT p.source_url FROM memberships m JOIN persons p ON p.id = m.person_id WHERE m.organization_id = ?1""",
}
#: Pages that are gone or refused, whose rows are still here.
GONE = "SELECT url, kind FROM pages WHERE withdrawn_at IS NOT NULL AND content_hash IS NOT NULL"
#: Meetings without a page of their own that their calendar page has ceased to list.
NO_LONGER_LISTED = """
    SELECT m.id FROM meetings m JOIN pages p ON p.url = m.source_url
     WHERE p.kind = 'si010' AND p.error IS NULL AND m.fetched_at < p.fetched_at
"""
#: What a stub keeps: its keys.
KEYS = {"id", "meeting_id"}
#: Columns that tell of our visit, not of the source: what came of a download is no revision.
VISITED = {"source_url", "fetched_at", "url"}
OURS = {"files": VISITED | {field.name for field in fields(Download)}}
#: Columns a list prints of rows that it knows better than mere mentions do; these may fill the others.
PRINTED = {"papers": {"vo040": {"reference", "name", "paper_type"}}}


class Writer:
    """Stores visits into an open database; ``counts`` tells rows added, changed by the source and removed so far."""

    def __init__(self, db: Database):
        self.db = db
        self.counts: Counter[str] = Counter()
        #: Page kind -> pages whose texts were stored, and how many of them have none any more.
        self.texts: dict[str, tuple[int, int]] = {}
        self._mentioned: dict[tuple[str, Any, str], Row] = {}

    def store(self, visit: Visit) -> None:
        """One page: its rows and its line in the ledger, all or nothing. Raises sqlite3.Error."""
        before = self.counts.copy()
        if len(self._mentioned) > 1000:
            self._mentioned.clear()
        try:
            with self.db.atomic():
                if visit.page is not None:
                    self._store(visit.page, visit)
                self._log(visit)
        except BaseException:
            self.counts = before
            self._mentioned.clear()
            raise

    # ---- pages, one method a kind ----------------------------------------------------------------

    @singledispatchmethod
    def _store(self, page: Any, visit: Visit) -> None:
        raise TypeError(f"no table for {type(page).__name__}")

    @_store.register
    def _calendar(self, page: CalendarPage, visit: Visit) -> None:
        for meeting in page.meetings:
            self._meeting(meeting, visit)

    @_store.register
    def _agenda(self, page: AgendaPage, visit: Visit) -> None:
        meeting = page.meeting.id
        self._meeting(page.meeting, visit)
        for position, item in enumerate(page.items, 1):
            if item.paper:
                self._paper(item.paper, visit)
            row = {
                "meeting_id": meeting,
                "position": position,
                "number": item.number,
                "public": int(item.public),
                "supplement": int(item.supplement),
                "name": item.name,
                "paper_id": item.paper.id if item.paper else None,
            }
            stored = self._get("agenda_items", item.id)
            # Its texts stay where the agenda no longer links them: whether they are public the excerpt itself tells.
            if stored is None or kind_of(stored["source_url"] or "") != "to020":
                row |= {"result": item.result, "source_url": visit.url, "fetched_at": visit.fetched_at}
            self._write("agenda_items", item.id, stored, row, visit, log=bool(stored and stored["position"]))
        listed = {item.id for item in page.items}
        for (number,) in self.db.execute(
            "SELECT id FROM agenda_items WHERE meeting_id = ? AND position IS NOT NULL", [meeting]
        ).fetchall():
            if number not in listed:
                self._withdraw_item(number)
        self._files("meeting", meeting, page.files, visit)

    @_store.register
    def _excerpt(self, page: ExcerptPage, visit: Visit) -> None:
        item = page.item
        self._meeting(page.meeting, visit)
        if item.paper:
            self._paper(item.paper, visit)
        row: Row = {"result": item.result, "source_url": visit.url, "fetched_at": visit.fetched_at}
        row |= NO_TEXTS
        for section in page.sections:
            if name := SECTIONS.get(section.code):
                row |= {f"{name}_html": section.html, f"{name}_text": section.text}
        stored = self._get("agenda_items", item.id)
        if stored is None or stored["position"] is None:  # no agenda read yet
            row |= {
                "meeting_id": page.meeting.id,
                "number": item.number,
                "public": int(item.public),
                "name": item.name,
                "paper_id": item.paper.id if item.paper else None,
            }
        known = bool(stored and kind_of(stored["source_url"] or "") == "to020")
        self._watch_texts("to020", bool(stored and any(stored[column] for column in NO_TEXTS)), bool(page.sections))
        self._write("agenda_items", item.id, stored, row, visit, log=known)
        self._votes(page)
        self._files("agenda_item", item.id, page.files, visit)

    @_store.register
    def _paper_page(self, page: PaperPage, visit: Visit) -> None:
        number = page.paper.id
        stored = self._get("papers", number)
        self._watch_texts("vo020", bool(stored and stored["text"]), bool(page.sections))
        self._paper(
            page.paper,
            visit,
            date=min((c.date for c in page.consultations if c.date), default=None),
            text_html="\n".join(f'<section id="{s.code}">{s.html}</section>' for s in page.sections) or None,
            text="\n".join(s.text for s in page.sections) or None,
        )
        ids = []
        [before] = self.db.execute("SELECT count(*) FROM consultations WHERE paper_id = ?", [number]).fetchone()
        for position, consultation in enumerate(page.consultations, 1):
            if consultation.meeting_id is not None:
                self._stub("meetings", consultation.meeting_id)
            if consultation.agenda_item_id is not None:
                self._stub("agenda_items", consultation.agenda_item_id, meeting_id=consultation.meeting_id)
            ids.append(f"vo{number}-{position}")
            row = {
                "paper_id": number,
                "meeting_id": consultation.meeting_id,
                "agenda_item_id": consultation.agenda_item_id,
                "organization_name": consultation.organization_name,
                "date": consultation.date,
                "role": consultation.role,
                "status": consultation.status,
                "result": consultation.result,
                "source_url": visit.url,
                "fetched_at": visit.fetched_at,
            }
            # A line put in between moves the others down: that is no change of theirs.
            same_lines = before == len(page.consultations)
            self._write("consultations", ids[-1], self._get("consultations", ids[-1]), row, visit, log=same_lines)
        for (old,) in self.db.execute("SELECT id FROM consultations WHERE paper_id = ?", [number]).fetchall():
            if old not in ids:
                self._remove("consultations", old)
        self._files("paper", number, page.files, visit)

    @_store.register
    def _paper_list(self, page: PaperListPage, visit: Visit) -> None:
        for paper in page.papers:
            self._paper(paper, visit)

    @_store.register
    def _organization_list(self, page: OrganizationListPage, visit: Visit) -> None:
        for organization in page.organizations:
            self._organization(organization, visit)

    @_store.register
    def _roster(self, page: RosterPage, visit: Visit) -> None:
        self._organization(page.organization, visit)
        number = page.organization.id
        today = visit.fetched_at[:10]
        stored = self._memberships("organization_id = ? AND coalesce(end_date, '9999') >= ?", number, today)
        for member in page.members:
            if member.person:
                self._person(member.person, visit)
            person = member.person.id if member.person else None
            own = [r for r in stored if r["person_id"] == person and (person or r["name"] == member.name)]
            # A single row is the same membership though its role is worded otherwise, now or on the person's page.
            same = [r for r in own if r["role"] == member.role] or (own if len(own) == 1 else [])
            keep = () if not same else ("start_date", "end_date") if not member.start_date else ()
            self._membership(member, same[0] if same else None, visit, keep)
            if same:
                stored.remove(same[0])
        for row in stored:  # left since, and no person's page told when
            if kind_of(row["source_url"] or "") != "kp020":
                self._remove("memberships", row["id"])

    @_store.register
    def _person_page(self, page: PersonPage, visit: Visit) -> None:
        self._person(page.person, visit)
        stored = self._memberships("person_id = ?", page.person.id)
        for member in page.memberships:
            self._stub("organizations", member.organization_id)
            here = [r for r in stored if r["organization_id"] == member.organization_id]
            runs_on = (member.end_date or "9999") >= visit.fetched_at[:10]
            current = [r for r in here if not r["start_date"] and runs_on]
            begun = [r for r in here if r["start_date"] == member.start_date is not None]
            # The roster may word the role otherwise ("Vorsitzendes Mitglied"): its word stays.
            best = (
                [r for r in begun if r["role"] == member.role]
                or [r for r in current if r["role"] == member.role]
                or (begun if len(begun) == 1 else current if len(current) == 1 else [])
            )
            keep = ("name", "role") + (() if member.affiliation else ("affiliation",)) if best else ()
            self._membership(member, best[0] if best else None, visit, keep)
            if best:
                stored.remove(best[0])
        for row in stored:
            if row["source_url"] == visit.url:
                self._remove("memberships", row["id"])

    def _watch_texts(self, kind: str, had: bool, has: bool) -> None:
        before, lost = self.texts.get(kind, (0, 0))
        self.texts[kind] = before + had, lost + (had and not has)

    # ---- rows ------------------------------------------------------------------------------------

    def _meeting(self, meeting: Meeting, visit: Visit) -> None:
        if meeting.organization:
            self._organization(meeting.organization, visit)
        row: Row = {
            "name": meeting.name,
            "date": meeting.date,
            "start_time": meeting.start_time,
            "end_time": meeting.end_time,
            "room": meeting.room,
            "cancelled": int(meeting.cancelled),
        }
        if visit.kind != "si010":  # the calendar prints no more than that
            row |= {
                "organization_id": meeting.organization.id if meeting.organization else None,
                "organization_name": meeting.organization_name,
                "status": meeting.status,
                "occasion": meeting.occasion,
                "location": meeting.location,
            }
        self._put("meetings", meeting.id, row, visit)

    def _organization(self, organization: Organization, visit: Visit) -> None:
        row = {
            "name": organization.name,
            "organization_type": organization.organization_type,
            "end_date": organization.end_date,
        }
        self._put("organizations", organization.id, row, visit)

    def _person(self, person: Person, visit: Visit) -> None:
        row = {
            "name": person.name,
            "family_name": person.family_name,
            "given_name": person.given_name,
            "form_of_address": person.form_of_address,
            "title": person.title,
        }
        self._put("persons", person.id, row, visit)

    def _paper(self, paper: Paper, visit: Visit, date: str | None = None, **own: str | None) -> None:
        """``date`` is the earliest known: of the paper list and of all consultations, whichever page told it."""
        row: Row = {"reference": paper.reference}
        if visit.kind != "to010":  # agendas print the reference alone
            row |= {"name": paper.name, "paper_type": paper.paper_type}
        if visit.kind in ("to020", "vo020"):
            row |= {"status": paper.status, "author": paper.author, "lead": paper.lead}
        self._put("papers", paper.id, row | own, visit)
        if earliest := min((day for day in (date, paper.date) if day), default=None):
            sql = "UPDATE papers SET date = ? WHERE id = ? AND coalesce(date, '9999') > ?"
            self.db.execute(sql, [earliest, paper.id, earliest])

    def _votes(self, page: ExcerptPage) -> None:
        """The ballots of an item, read anew at every visit; an unknown label becomes a group without a full name."""
        text = {section.code: section for section in page.sections}
        ballots: list[Row] = []
        counts: list[Row] = []
        for vote in read_votes(text.get("AE"), text.get("BS")):
            key = f"to{page.item.id}-{vote.position}"
            ballots.append({"id": key, "agenda_item_id": page.item.id} | asdict(vote))
            for count in ballots[-1].pop("counts"):
                counts.append({"vote_id": key, "group_name": count.pop("group")} | count)
        if ballots == self._stored("votes", ballots, "agenda_item_id = ?", page.item.id) and counts == self._stored(
            "vote_counts", counts, "vote_id IN (SELECT id FROM votes WHERE agenda_item_id = ?)", page.item.id
        ):
            return
        self.db.execute("DELETE FROM votes WHERE agenda_item_id = ?", [page.item.id])  # vote_counts cascade
        for ballot in ballots:
            self._insert("votes", ballot)
        for count in counts:
            self._insert("groups", {"name": count["group_name"]}, or_ignore=True)
            self._insert("vote_counts", count)

    def _stored(self, table: str, like: list[Row], where: str, key: int) -> list[Row]:
        """The rows of one item as they are stored, in printed order, with the columns of ``like``."""
        columns = ", ".join(like[0]) if like else "1"
        return list(self.db.query(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY rowid", [key]))

    def _memberships(self, where: str, *values: Any) -> list[Row]:
        return list(self.db.query(f"SELECT * FROM memberships WHERE {where} ORDER BY id", values))

    def _membership(self, member: Member, stored: Row | None, visit: Visit, keep: tuple[str, ...]) -> None:
        row = {
            "person_id": member.person.id if member.person else None,
            "organization_id": member.organization_id,
            "name": member.name,
            "role": member.role,
            "affiliation": member.affiliation,
            "start_date": member.start_date,
            "end_date": member.end_date,
        }
        for column in keep:
            del row[column]
        owner = kind_of(stored["source_url"] or "") if stored else None
        if owner != "kp020" or visit.kind == "kp020":
            row |= {"source_url": visit.url, "fetched_at": visit.fetched_at}
        number = stored["id"] if stored else None
        self._write("memberships", number, stored, row, visit, log=owner == visit.kind)

    def _files(self, owner: str, number: int, shown: ShownFiles, visit: Visit) -> None:
        """The files of one meeting, item or paper; those the page no longer shows go."""
        link, column = f"{owner}_files", f"{owner}_id"
        for name, file in shown.items():
            self._file(name, file, visit)
            self._insert(link, {column: number, "file_id": name}, or_ignore=True)
        for (old,) in self.db.execute(f"SELECT file_id FROM {link} WHERE {column} = ?", [number]).fetchall():
            if old not in shown:
                self._unlink(owner, number, old)

    def _file(self, name: str, file: Document | Attachment, visit: Visit) -> None:
        """What the page prints of it, and what was fetched; nothing is left of a file that has changed since."""
        stored = self._get("files", name)
        row: Row = dict(file.printed)
        changed = stored is None or any(stored[column] != value for column, value in row.items())
        if changed or name in visit.downloads:
            row |= asdict(visit.downloads.get(name, Download()))
            row["size"] = row["size"] or row.get("printed_size")
            row["mime_type"] = row["mime_type"] or file.mime_type
        row |= {"source_url": visit.url, "fetched_at": visit.fetched_at}
        self._write("files", name, stored, row, visit, log=True)

    def _unlink(self, owner: str, number: int, file: str) -> None:
        """Its page no longer shows it; it goes with the last that does."""
        self.db.execute(f"DELETE FROM {owner}_files WHERE {owner}_id = ? AND file_id = ?", [number, file])
        if not self.db.execute(f"SELECT EXISTS ({SHOWN})", {"id": file}).fetchone()[0]:
            self._remove("files", file)

    # ---- one row ---------------------------------------------------------------------------------

    def _get(self, table: str, key: Any) -> Row | None:
        return next(iter(self.db.query(f"SELECT * FROM {table} WHERE id = ?", [key])), None)

    def _stub(self, table: str, key: Any, **values: Any) -> None:
        """A row for a page that is linked but not (yet) read, so that no key dangles."""
        self.counts["added"] += self._insert(table, {"id": key} | values, or_ignore=True)

    def _put(self, table: str, key: Any, values: Row, visit: Visit) -> None:
        """Write ``values`` as far as this page may: see STRENGTH and SHARED."""
        strengths, shared = STRENGTH.get(table, {}), SHARED.get(table, set())
        new = strengths.get(visit.kind, 0)
        if strengths and new == 0:
            # Every excerpt of a meeting repeats the meeting, every agenda its body.
            if self._mentioned.get((table, key, visit.kind)) == values:
                return
            self._mentioned[table, key, visit.kind] = values
        stored = self._get(table, key)
        row = values | {"source_url": visit.url, "fetched_at": visit.fetched_at}
        known = False
        if stored and stored["source_url"]:
            source = kind_of(stored["source_url"]) or ""
            old, printed = strengths.get(source, 0), PRINTED.get(table, {}).get(source)
            known = new == old
            if new < old:
                gaps = {c for c in values if stored[c] is None and (c in shared or (printed and c not in printed))}
                row = {c: v for c, v in values.items() if c in gaps}
            elif strengths and new == 0:
                # The same page again tells a change; otherwise the fuller of two spellings stays.
                known = stored["source_url"] == visit.url and stored["fetched_at"] < visit.fetched_at
                name, other = stored.get("name") or "", values.get("name") or ""
                if other in name or (not known and len(other) <= len(name)):
                    row = {c: v for c, v in values.items() if stored[c] is None}
            else:
                row = {c: v for c, v in row.items() if v is not None or c not in shared}
        self._write(table, key, stored, row, visit, log=known)

    def _write(self, table: str, key: Any, stored: Row | None, row: Row, visit: Visit, log: bool) -> None:
        """Insert or update one row; ``log``: a difference is a change of the source."""
        if stored is None:
            self._insert(table, row if key is None else {"id": key} | row)
            self.counts["added"] += 1
            return
        different = {column: value for column, value in row.items() if value != stored[column]}
        if not different:
            return
        sets = ", ".join(f"{column} = ?" for column in different)
        self.db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", [*different.values(), stored["id"]])
        ours = OURS.get(table, VISITED)
        changed = {c: [stored[c], v] for c, v in different.items() if c not in ours}
        if changed and log:
            self.counts["changed"] += 1
            self.db.execute(
                "INSERT INTO revisions (table_name, row_id, observed_at, changed) VALUES (?, ?, ?, ?)",
                [table, str(stored["id"]), visit.fetched_at, json.dumps(changed, ensure_ascii=False)],
            )

    def _insert(self, table: str, row: Row, or_ignore: bool = False) -> int:
        """The number of rows inserted: 0 where ``or_ignore`` finds the row there."""
        verb, marks = "INSERT OR IGNORE" if or_ignore else "INSERT", ", ".join("?" * len(row))
        return self.db.execute(f"{verb} INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())).rowcount

    def _remove(self, table: str, key: Any) -> None:
        """Delete a row and what was observed of it; one that others still name becomes a stub again."""
        self.counts["removed"] += 1
        self.db.execute("DELETE FROM revisions WHERE table_name = ? AND row_id = ?", [table, str(key)])
        if table == "agenda_items":
            self.db.execute("DELETE FROM votes WHERE agenda_item_id = ?", [key])
        if self._named(table, key):
            sets = ", ".join(
                f"{c} = NULL" for c in self._select("SELECT name FROM pragma_table_info(?)", table) if c not in KEYS
            )
            self.db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", [key])
        else:
            self.db.execute(f"DELETE FROM {table} WHERE id = ?", [key])

    def _select(self, sql: str, *values: Any) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.db.execute(sql, values).fetchall()]

    def _named(self, table: str, key: Any) -> bool:
        return any(
            self._select(f"SELECT 1 FROM {other} WHERE {column} = ? LIMIT 1", key) for other, column in NAMED[table]
        )

    # ---- what the source withdraws ---------------------------------------------------------------

    def may_withdraw(self) -> bool:
        """Whether anything this run has seen is gone."""
        return bool(self._select(GONE) or self._select(NO_LONGER_LISTED))

    def withdraw(self) -> list[str]:
        """Remove what the pages that are gone or refused since their last visit once showed, all or nothing.

        Gives the addresses of pages that may still print some of it: they are to be read again. Raises sqlite3.Error.
        """
        again: set[str] = set()
        with self.db.atomic():
            for url, kind in self.db.execute(GONE).fetchall():
                again.update(self._withdraw(url, kind))
                self.db.execute("UPDATE pages SET content_hash = NULL WHERE url = ?", [url])
            for meeting in self._select(NO_LONGER_LISTED):
                self._remove("meetings", meeting)
            self._mentioned.clear()
            public = "SELECT url FROM pages WHERE url = ? AND content_hash IS NOT NULL AND withdrawn_at IS NULL"
            found = [url for url in sorted(again) if self._select(public, url)]
            # They are urgent until they have been read, by this run or the next.
            self.db.conn.executemany("UPDATE pages SET found_at = ? WHERE url = ?", [(now(), url) for url in found])
            return found

    def _withdraw(self, url: str, kind: str) -> list[str]:
        """What one page showed, if it has not gone with another; gives the pages that mention it."""
        table, again = OWNERS[kind], []
        for key in self._select(f"SELECT id FROM {table} WHERE source_url = ?", url):
            again += self._select(MENTIONS[table], key)
            if table == "meetings":
                for item in self._select("SELECT id FROM agenda_items WHERE meeting_id = ?", key):
                    self._withdraw_item(item)
            for part in ("consultations", "memberships"):
                for line in self._select(f"SELECT id FROM {part} WHERE source_url = ?", url):
                    self._remove(part, line)
            if table in LINKS:
                self._no_files(LINKS[table], key)
            [name] = self._select(f"SELECT name FROM {table} WHERE id = ?", key)
            self._remove(table, key)
            if table == "organizations":  # its meetings still print the name
                self.db.execute("UPDATE organizations SET name = ? WHERE id = ?", [name, key])
        return again

    def _withdraw_item(self, item: int) -> None:
        """The agenda may go on listing it."""
        self._no_files("agenda_item", item)
        self._remove("agenda_items", item)

    def _no_files(self, owner: str, key: int) -> None:
        for file in self._select(f"SELECT file_id FROM {owner}_files WHERE {owner}_id = ?", key):
            self._unlink(owner, key, file)

    # ---- the ledger ------------------------------------------------------------------------------

    def _log(self, visit: Visit) -> None:
        self.db.execute(
            """
            INSERT INTO pages (url, kind, found_at, fetched_at, http_status, changed_at, content_hash, error)
            VALUES (:url, :kind, :at, :at, :status, iif(:digest IS NULL, NULL, :at), :digest, :error)
            ON CONFLICT (url) DO UPDATE SET
                kind = excluded.kind, fetched_at = excluded.fetched_at, http_status = excluded.http_status,
                error = excluded.error,
                withdrawn_at = iif(excluded.content_hash IS NOT NULL, NULL,
                                   coalesce(withdrawn_at, iif(:gone AND content_hash IS NOT NULL, :at, NULL))),
                changed_at = iif(excluded.content_hash IS NULL OR excluded.content_hash = content_hash,
                                 changed_at, excluded.changed_at),
                content_hash = coalesce(excluded.content_hash, content_hash)
            """,
            {
                "url": visit.url,
                "kind": visit.kind,
                "at": visit.fetched_at,
                "status": visit.http_status,
                "digest": digest(visit.page) if visit.page is not None else None,
                "error": visit.error,
                "gone": visit.refused and visit.kind in OWNERS,
            },
        )
        self.db.conn.executemany(
            "INSERT INTO pages (url, kind, found_at) VALUES (?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET found_at = excluded.found_at",
            [(url, kind, visit.fetched_at) for url, kind in visit.found],
        )
