-- What follows from several pages at once. Run by derive.py at the end of every crawl, after the words of the source have
-- been read into phrases and the temporary table recommending; changes only rows that come out differently.

-- Stubs stand in for pages that others name; those that nobody names any more go.
DELETE FROM agenda_items
 WHERE source_url IS NULL AND name IS NULL
   AND id NOT IN (SELECT agenda_item_id FROM consultations WHERE agenda_item_id IS NOT NULL
                  UNION SELECT agenda_item_id FROM votes UNION SELECT agenda_item_id FROM agenda_item_files);
DELETE FROM papers
 WHERE source_url IS NULL AND coalesce(name, reference, author) IS NULL
   AND id NOT IN (SELECT paper_id FROM agenda_items WHERE paper_id IS NOT NULL
                  UNION SELECT paper_id FROM consultations UNION SELECT paper_id FROM paper_files);
DELETE FROM meetings
 WHERE source_url IS NULL AND name IS NULL
   AND id NOT IN (SELECT meeting_id FROM agenda_items WHERE meeting_id IS NOT NULL
                  UNION SELECT meeting_id FROM consultations WHERE meeting_id IS NOT NULL
                  UNION SELECT meeting_id FROM meeting_files);
DELETE FROM persons
 WHERE source_url IS NULL AND name IS NULL
   AND id NOT IN (SELECT person_id FROM memberships WHERE person_id IS NOT NULL);

-- The calendar names a meeting without linking its body, which follows with the agenda. Until then it is the body's whose
-- other meetings, and nobody else's, have exactly this name.
UPDATE meetings
   SET organization_id = found.body
  FROM (WITH
        named AS (
            SELECT name, min(organization_id) AS body
              FROM meetings
             WHERE organization_id IS NOT NULL AND source_url NOT LIKE '%/si010%'
             GROUP BY name HAVING min(organization_id) = max(organization_id)),
        printed AS (
            SELECT name || column1 AS name, body
              FROM named
              JOIN (VALUES (''), (' - entfällt'), (' – entfällt'), (' (entfällt)'), (' - abgesagt'), (' (abgesagt)')))
        SELECT m.id, min(printed.body) AS body
          FROM meetings m LEFT JOIN printed ON printed.name = m.name
         WHERE m.source_url LIKE '%/si010%'
         GROUP BY m.id HAVING count(*) = 1) AS found
 WHERE found.id = meetings.id
   AND found.body IS NOT meetings.organization_id;

-- A consultation names its body in words only: the meeting's body, else the one body of exactly that name.
UPDATE consultations
   SET organization_id = found.id
  FROM (SELECT c.id AS consultation,
               coalesce(m.organization_id,
                        (SELECT min(o.id) FROM organizations o
                          WHERE o.name = c.organization_name HAVING count(*) = 1)) AS id
          FROM consultations c LEFT JOIN meetings m ON m.id = c.meeting_id) AS found
 WHERE found.consultation = consultations.id
   AND found.id IS NOT consultations.organization_id;

-- A member's group: what the roster prints beside the name, else the group whose own roster it is.
UPDATE memberships
   SET group_name = found.name
  FROM (SELECT m.id, coalesce(printed.meaning, own.meaning) AS name
          FROM memberships m
          JOIN organizations o ON o.id = m.organization_id
          LEFT JOIN phrases printed ON printed.kind = 'affiliation' AND printed.phrase = m.affiliation
          LEFT JOIN phrases own ON own.kind = 'affiliation' AND own.phrase = o.name AND o.id LIKE 'fr%') AS found
 WHERE found.id = memberships.id
   AND found.name IS NOT memberships.group_name;

-- Each line of the Beratungsfolge: its item (linked, else that of the same paper, body and day), what the body may do
-- there (NULL: nothing is printed) and the line's place.
CREATE TEMP TABLE stations AS
SELECT c.paper_id AS paper,
       coalesce(c.agenda_item_id,
                (SELECT i.id
                   FROM agenda_items i
                   JOIN meetings m ON m.id = i.meeting_id AND m.date = c.date
                   JOIN organizations o ON o.id = m.organization_id
                  WHERE i.paper_id = c.paper_id
                    AND (o.id = c.organization_id OR (c.organization_id IS NULL AND o.name = c.organization_name))
                  ORDER BY i.id LIMIT 1)) AS item,
       c.date, c.result, role.meaning AS role, body.organization_type IS 'Rat' AS council,
       cast(substr(c.id, instr(c.id, '-') + 1) AS integer) AS place
  FROM consultations c
  LEFT JOIN organizations body ON body.id = c.organization_id
  LEFT JOIN phrases role ON role.kind = 'role' AND role.phrase = c.role;
CREATE INDEX temp.stations_item ON stations(item);

-- What was agreed to by a body that does not decide is no decision; by one whose role we do not understand, unknown.
CREATE TEMP TABLE readings AS
SELECT column1 AS role, column2 AS said, column3 AS meant
  FROM (VALUES ('advises', 'accepted', 'recommended'), ('is_informed', 'accepted', 'noted'),
               ('advises', 'accepted_amended', 'recommended'), ('is_informed', 'accepted_amended', 'noted'),
               ('advises', 'rejected', 'not_recommended'), ('is_informed', 'rejected', 'unknown'),
               ('unknown', 'accepted', 'unknown'), ('unknown', 'accepted_amended', 'unknown'),
               ('unknown', 'rejected', 'unknown'));

-- What the body of an item may do with its paper; the council decides unless it is told to advise.
CREATE TEMP TABLE roles (item INTEGER PRIMARY KEY, role TEXT);
INSERT INTO roles
SELECT item, CASE max(CASE role WHEN 'decides' THEN 4 WHEN 'advises' THEN 3 WHEN 'is_informed' THEN 2
                                WHEN 'unknown' THEN 1 - council END)
             WHEN 4 THEN 'decides' WHEN 3 THEN 'advises' WHEN 2 THEN 'is_informed' WHEN 1 THEN 'unknown' END
  FROM stations WHERE item IS NOT NULL GROUP BY item;

-- Outcome of an item: what the Beschlussart says, read by that role. Where the Beratungsfolge is silent, a committee's
-- resolution that begins with advice to another body is advice.
UPDATE agenda_items
   SET outcome = found.outcome
  FROM (WITH
        said AS (
            SELECT i.id, coalesce(roles.role, iif(r.item, 'advises', NULL)) AS role,
                   CASE WHEN i.public = 1 AND i.source_url IS NOT NULL THEN iif(i.result IS NULL, 'open', p.meaning) END
                   AS outcome
              FROM agenda_items i
              LEFT JOIN roles ON roles.item = i.id
              LEFT JOIN recommending r ON r.item = i.id
              LEFT JOIN phrases p ON p.kind = 'result' AND p.phrase = i.result)
        SELECT said.id, coalesce(readings.meant, said.outcome) AS outcome
          FROM said
          LEFT JOIN readings ON readings.role = said.role AND readings.said = said.outcome) AS found
 WHERE found.id = agenda_items.id
   AND found.outcome IS NOT agenda_items.outcome;

-- Outcome of a paper: the latest decision of a body that decides; without one, that it was withdrawn or settled; else
-- what a deciding body did last, or that it is still to decide. Where nobody is said to decide, the last station counts.
UPDATE papers
   SET outcome = found.outcome, decided = found.decided
  FROM (WITH
        lines AS (
            SELECT s.paper, s.date, s.role IS 'decides' AS decides, s.council, s.place,
                   coalesce(nullif(i.outcome, 'open'), readings.meant, p.meaning, 'open') AS outcome
              FROM stations s
              LEFT JOIN agenda_items i ON i.id = s.item
              LEFT JOIN phrases p ON p.kind = 'result' AND p.phrase = s.result
              LEFT JOIN readings ON readings.role = s.role AND readings.said = p.meaning
            UNION ALL
            SELECT i.paper_id, m.date, 0, 0, 0, i.outcome
              FROM agenda_items i JOIN meetings m ON m.id = i.meeting_id
             WHERE i.paper_id IS NOT NULL AND i.outcome IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM consultations c WHERE c.paper_id = i.paper_id)),
        classed AS (
            SELECT *, CASE WHEN decides AND outcome IN ('accepted', 'accepted_amended', 'rejected') THEN 1
                           WHEN max(decides) OVER (PARTITION BY paper) AND outcome IN ('withdrawn', 'settled') THEN 2
                           WHEN decides AND outcome <> 'open' THEN 3
                           WHEN decides THEN 4 ELSE 5 END AS class
              FROM lines),
        ranked AS (
            SELECT *, row_number() OVER (PARTITION BY paper ORDER BY class, date IS NULL DESC, date DESC, council DESC,
                                         place DESC) AS number
              FROM classed)
        SELECT p.id, r.outcome, iif(r.class = 1, r.date, NULL) AS decided
          FROM papers p LEFT JOIN ranked r ON r.paper = p.id AND r.number = 1) AS found
 WHERE found.id = papers.id
   AND (found.outcome IS NOT papers.outcome OR found.decided IS NOT papers.decided);

-- Permalink of a paper. A reference of digits alone could be another paper's id.
UPDATE papers
   SET slug = found.slug
  FROM (SELECT p.id, iif(p.reference GLOB '*[^0-9]*' AND p.reference NOT GLOB '*[?#%.]*' AND trim(p.reference) = p.reference
                         AND (SELECT count(*) FROM papers o WHERE o.reference = p.reference) = 1,
                         p.reference, cast(p.id AS text)) AS slug
          FROM papers p) AS found
 WHERE found.id = papers.id
   AND found.slug IS NOT papers.slug;

DROP TABLE stations;
DROP TABLE roles;
DROP TABLE readings;
DROP TABLE recommending;

-- What is asked of every ballot. Sums of groups stand in for totals that the source leaves out, in comparisons only.
UPDATE votes
   SET date = found.date, organization_id = found.organization_id, final = found.final, state = found.state,
       contested = found.contested, winner = found.winner
  FROM (WITH
        summed AS (
            SELECT vote_id, iif(count(yes) = count(*), sum(yes), NULL) AS yes,
                   iif(count(no) = count(*), sum(no), NULL) AS no,
                   max(yes > 0) AND max(no > 0) AS contested, count(abstain) = count(*) AS abstentions_told
              FROM vote_counts GROUP BY vote_id),
        figures AS (
            SELECT v.id, m.date, m.organization_id,
                   row_number() OVER (PARTITION BY v.agenda_item_id ORDER BY v.position DESC, v.id DESC) = 1 AS final,
                   CASE WHEN s.yes IS NOT NULL AND s.no IS NOT NULL
                         AND (s.abstentions_told OR coalesce(v.abstain, 0) = 0)
                         AND (v.consistent = 1 OR coalesce(v.yes, v.no, v.abstain) IS NULL) THEN 'by_group'
                        WHEN s.vote_id IS NOT NULL THEN 'by_group_partly'
                        WHEN coalesce(v.yes, v.no) IS NOT NULL THEN 'totals'
                        ELSE 'words' END AS state,
                   coalesce(v.yes, s.yes) AS yes, coalesce(v.no, s.no) AS no, v.unanimous, s.contested
              FROM votes v
              JOIN agenda_items i ON i.id = v.agenda_item_id
              LEFT JOIN meetings m ON m.id = i.meeting_id
              LEFT JOIN summed s ON s.vote_id = v.id)
        SELECT id, date, organization_id, final, state,
               CASE WHEN yes > 0 AND no > 0 OR contested THEN 1
                    WHEN yes = 0 OR no = 0 OR unanimous = 1 THEN 0
                    WHEN unanimous = 0 THEN 1 END AS contested,
               CASE WHEN yes > no THEN 'yes' WHEN no > yes THEN 'no' END AS winner
          FROM figures) AS found
 WHERE found.id = votes.id
   AND (found.date IS NOT votes.date OR found.organization_id IS NOT votes.organization_id
        OR found.final IS NOT votes.final OR found.state IS NOT votes.state
        OR found.contested IS NOT votes.contested OR found.winner IS NOT votes.winner);

-- The best that an item's ballots tell (the names' alphabet is their rank); "unread": the result section speaks of a
-- vote, but none could be read.
UPDATE agenda_items
   SET vote_state = found.state
  FROM (SELECT i.id, coalesce(v.state, CASE WHEN i.vote_text GLOB '*[0-9]*' OR i.vote_text LIKE '%einstimmig%'
                                           OR i.vote_text LIKE '%mehrheit%' OR i.vote_text LIKE '% stimmen %'
                                         THEN 'unread' END) AS state
          FROM agenda_items i
          LEFT JOIN (SELECT agenda_item_id, min(state) AS state FROM votes GROUP BY 1) v ON v.agenda_item_id = i.id)
       AS found
 WHERE found.id = agenda_items.id
   AND found.state IS NOT agenda_items.vote_state;

-- Groups that only a former reading knew.
DELETE FROM groups WHERE color IS NULL AND name NOT IN (SELECT group_name FROM vote_counts);

-- Sums by day, of ballots by group that do not contradict themselves, where a trigger of schema.sql has dropped them.
-- Members of no group are no group.
INSERT OR REPLACE INTO group_sides
SELECT c.group_name, v.date, v.organization_id, v.contested, count(*), sum(c.position = v.winner)
  FROM votes v JOIN vote_counts c ON c.vote_id = v.id
 WHERE v.date NOT IN (SELECT date FROM group_sides)
   AND v.state = 'by_group' AND v.winner IS NOT NULL AND v.contested IS NOT NULL AND v.organization_id IS NOT NULL
   AND c.position IN ('yes', 'no', 'abstain') AND c.group_name <> 'fraktionslos'
 GROUP BY v.date, v.organization_id, c.group_name, v.contested;

INSERT OR REPLACE INTO group_pairs
SELECT a.group_name, b.group_name, v.date, v.organization_id, v.contested, count(*), sum(a.position = b.position)
  FROM votes v
  JOIN vote_counts a ON a.vote_id = v.id AND a.position IN ('yes', 'no', 'abstain') AND a.group_name <> 'fraktionslos'
  JOIN vote_counts b ON b.vote_id = v.id AND b.position IN ('yes', 'no', 'abstain') AND b.group_name <> 'fraktionslos'
                    AND b.group_name > a.group_name
 WHERE v.date NOT IN (SELECT date FROM group_pairs)
   AND v.state = 'by_group' AND v.contested IS NOT NULL AND v.organization_id IS NOT NULL
 GROUP BY v.date, v.organization_id, a.group_name, b.group_name, v.contested;
