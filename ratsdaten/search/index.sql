-- What filters and counts ask of every searchable row, in the smallest space: so that 60,000 hits are counted quickly.
-- Run by index.py; :kind is the place of a table in KINDS, documents.id the row's rowid * 8 + that place.

CREATE TEMP TABLE bodies_of (kind INTEGER, row INTEGER, organization_id TEXT);
INSERT INTO bodies_of
SELECT 0, i.rowid, m.organization_id FROM agenda_items i JOIN meetings m ON m.id = i.meeting_id
UNION SELECT 1, p.rowid, c.organization_id FROM papers p JOIN consultations c ON c.paper_id = p.id
UNION SELECT 1, p.rowid, m.organization_id
        FROM papers p JOIN agenda_items i ON i.paper_id = p.id JOIN meetings m ON m.id = i.meeting_id
UNION SELECT 2, rowid, organization_id FROM meetings
UNION SELECT 3, p.rowid, m.organization_id FROM persons p JOIN memberships m ON m.person_id = p.id
UNION SELECT 4, rowid, id FROM organizations
UNION SELECT 5, f.rowid, m.organization_id
        FROM files f JOIN meeting_files l ON l.file_id = f.id JOIN meetings m ON m.id = l.meeting_id
UNION SELECT 5, f.rowid, m.organization_id
        FROM files f JOIN agenda_item_files l ON l.file_id = f.id JOIN agenda_items i ON i.id = l.agenda_item_id
        JOIN meetings m ON m.id = i.meeting_id;

CREATE TEMP TABLE groups_of (kind INTEGER, row INTEGER, group_name TEXT);
INSERT INTO groups_of
SELECT 0, i.rowid, a.meaning
  FROM agenda_items i JOIN papers p ON p.id = i.paper_id JOIN phrases a ON a.kind = 'author' AND a.phrase = p.author
UNION SELECT 1, p.rowid, a.meaning FROM papers p JOIN phrases a ON a.kind = 'author' AND a.phrase = p.author
UNION SELECT 3, p.rowid, m.group_name FROM persons p JOIN memberships m ON m.person_id = p.id
UNION SELECT 4, o.rowid, a.meaning
        FROM organizations o JOIN phrases a ON a.kind = 'affiliation' AND a.phrase = o.name
       WHERE o.id LIKE 'fr%'
UNION SELECT 5, f.rowid, a.meaning
        FROM files f JOIN paper_files l ON l.file_id = f.id JOIN papers p ON p.id = l.paper_id
        JOIN phrases a ON a.kind = 'author' AND a.phrase = p.author;

CREATE TEMP TABLE facts (
    id INTEGER PRIMARY KEY, kind INTEGER, date TEXT, organizations TEXT, groups TEXT, outcome TEXT, votes INTEGER
);
INSERT INTO facts (id, kind, date, outcome, votes)
SELECT i.rowid * 8, 0, m.date, i.outcome, EXISTS (SELECT 1 FROM votes v WHERE v.agenda_item_id = i.id)
  FROM agenda_items i LEFT JOIN meetings m ON m.id = i.meeting_id WHERE i.name IS NOT NULL
UNION ALL
SELECT p.rowid * 8 + 1, 1, p.date, p.outcome,
       EXISTS (SELECT 1 FROM agenda_items i JOIN votes v ON v.agenda_item_id = i.id WHERE i.paper_id = p.id)
  FROM papers p WHERE coalesce(p.name, p.reference) IS NOT NULL
UNION ALL
SELECT m.rowid * 8 + 2, 2, m.date, NULL,
       EXISTS (SELECT 1 FROM agenda_items i JOIN votes v ON v.agenda_item_id = i.id WHERE i.meeting_id = m.id)
  FROM meetings m LEFT JOIN organizations o ON o.id = m.organization_id WHERE coalesce(m.name, o.name) IS NOT NULL
UNION ALL SELECT rowid * 8 + 3, 3, NULL, NULL, 0 FROM persons WHERE name IS NOT NULL
UNION ALL SELECT rowid * 8 + 4, 4, NULL, NULL, 0 FROM organizations WHERE name IS NOT NULL
UNION ALL
SELECT f.rowid * 8 + 5, 5,
       coalesce((SELECT max(m.date) FROM meeting_files l JOIN meetings m ON m.id = l.meeting_id WHERE l.file_id = f.id),
                (SELECT max(m.date) FROM agenda_item_files l JOIN agenda_items i ON i.id = l.agenda_item_id
                   JOIN meetings m ON m.id = i.meeting_id WHERE l.file_id = f.id),
                (SELECT max(p.date) FROM paper_files l JOIN papers p ON p.id = l.paper_id WHERE l.file_id = f.id),
                substr(f.modified, 1, 10)), NULL, 0
  FROM files f WHERE f.name IS NOT NULL;
UPDATE facts SET organizations = found.names
  FROM (SELECT row * 8 + kind AS id, group_concat(organization_id, '|') AS names
          FROM (SELECT * FROM bodies_of WHERE organization_id IS NOT NULL ORDER BY organization_id) GROUP BY 1) AS found
 WHERE found.id = facts.id;
UPDATE facts SET groups = found.names
  FROM (SELECT row * 8 + kind AS id, group_concat(group_name, '|') AS names
          FROM (SELECT * FROM groups_of WHERE group_name IS NOT NULL ORDER BY group_name) GROUP BY 1) AS found
 WHERE found.id = facts.id;

DELETE FROM documents;
DELETE FROM document_facets;
INSERT INTO document_facets (kind, organizations, year, groups, outcome, votes, documents)
SELECT kind, organizations, substr(date, 1, 4), groups, outcome, votes, count(*) FROM facts GROUP BY 1, 3, 2, 4, 5, 6;
CREATE UNIQUE INDEX temp_facets ON document_facets (kind, organizations, year, groups, outcome, votes);
INSERT INTO documents (id, date, facets)
SELECT f.id, f.date, d.id
  FROM facts f JOIN document_facets d
    ON d.kind = f.kind AND d.organizations IS f.organizations AND d.year IS substr(f.date, 1, 4)
   AND d.groups IS f.groups AND d.outcome IS f.outcome AND d.votes = f.votes
 ORDER BY f.id;
DROP INDEX temp_facets;

DROP TABLE bodies_of;
DROP TABLE groups_of;
DROP TABLE facts;
