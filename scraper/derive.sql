-- What follows from several pages at once. Run at the end of every crawl (writer.py), may be run at any time; changes
-- only rows that come out differently.

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

-- What each body may do with the paper of an item. A line of the Beratungsfolge without a link is the item of that
-- paper, body and day.
CREATE TEMP TABLE item_roles AS
SELECT c.agenda_item_id AS item, c.paper_id AS paper, p.meaning AS role
  FROM consultations c JOIN phrases p ON p.kind = 'role' AND p.phrase = c.role
 WHERE c.agenda_item_id IS NOT NULL
UNION ALL
SELECT i.id, c.paper_id, p.meaning
  FROM consultations c JOIN phrases p ON p.kind = 'role' AND p.phrase = c.role
  JOIN agenda_items i ON i.paper_id = c.paper_id
  JOIN meetings m ON m.id = i.meeting_id AND m.organization_id = c.organization_id AND m.date = c.date
 WHERE c.agenda_item_id IS NULL;

-- Outcome of an item: what the Beschlussart says, unless the body could only advise. Where the Beratungsfolge is silent,
-- a committee's resolution that begins with advice to another body is advice, too.
UPDATE agenda_items
   SET outcome = found.outcome
  FROM (WITH
        known AS (
            SELECT item, max(role = 'decides') AS decides, max(role = 'is_informed') AS informed,
                   max(role IN ('advises', 'is_informed')) AS advises
              FROM item_roles GROUP BY item),
        said AS (
            SELECT i.id, iif(i.result IS NULL, 'open', p.meaning) AS outcome, k.informed,
                   NOT coalesce(k.decides, 0) AND (
                       coalesce(k.advises, 0)
                       OR (o.organization_type IS NOT 'Rat'
                           AND (substr(i.resolution_text, 1, 200) LIKE '%empf%hl% dem Rat%'
                             OR substr(i.resolution_text, 1, 200) LIKE '%empf%hl% dem Haupt%ausschuss%'
                             OR substr(i.resolution_text, 1, 200) LIKE '%empf%hl% der %versammlung%'))) AS advice
              FROM agenda_items i
              LEFT JOIN meetings m ON m.id = i.meeting_id
              LEFT JOIN organizations o ON o.id = m.organization_id
              LEFT JOIN known k ON k.item = i.id
              LEFT JOIN phrases p ON p.kind = 'result' AND p.phrase = i.result
             WHERE i.public = 1 AND i.source_url IS NOT NULL)
        SELECT i.id, CASE WHEN advice AND said.outcome = 'rejected' THEN 'not_recommended'
                          WHEN advice AND said.outcome LIKE 'accepted%' THEN iif(informed, 'noted', 'recommended')
                          ELSE said.outcome END AS outcome
          FROM agenda_items i LEFT JOIN said ON said.id = i.id) AS found
 WHERE found.id = agenda_items.id
   AND found.outcome IS NOT agenda_items.outcome;

-- Outcome of a paper: the latest decision of the body that decides; while there is none, it is open. Where nobody is
-- said to decide, its last station counts.
UPDATE papers
   SET outcome = found.outcome, decided = found.decided
  FROM (WITH
        stations AS (
            SELECT c.paper_id AS paper, c.date, r.meaning IS 'decides' AS decides,
                   coalesce(nullif(i.outcome, 'open'),
                            CASE WHEN r.meaning IN ('advises', 'is_informed') AND p.meaning = 'rejected'
                                 THEN 'not_recommended'
                                 WHEN r.meaning IN ('advises', 'is_informed') AND p.meaning LIKE 'accepted%'
                                 THEN iif(r.meaning = 'is_informed', 'noted', 'recommended')
                                 ELSE p.meaning END, 'open') AS outcome
              FROM consultations c
              LEFT JOIN agenda_items i ON i.id = c.agenda_item_id
              LEFT JOIN phrases r ON r.kind = 'role' AND r.phrase = c.role
              LEFT JOIN phrases p ON p.kind = 'result' AND p.phrase = c.result
            UNION ALL
            SELECT i.paper_id, m.date, 0, i.outcome
              FROM agenda_items i JOIN meetings m ON m.id = i.meeting_id
             WHERE i.paper_id IS NOT NULL AND i.outcome IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM consultations c WHERE c.paper_id = i.paper_id)),
        ranked AS (
            SELECT *, row_number() OVER (PARTITION BY paper ORDER BY decides DESC, decides AND outcome <> 'open' DESC,
                                         date IS NULL DESC, date DESC) AS place
              FROM stations)
        SELECT p.id, r.outcome,
               iif(r.decides AND r.outcome IN ('accepted', 'accepted_amended', 'rejected'), r.date, NULL) AS decided
          FROM papers p LEFT JOIN ranked r ON r.paper = p.id AND r.place = 1) AS found
 WHERE found.id = papers.id
   AND (found.outcome IS NOT papers.outcome OR found.decided IS NOT papers.decided);

DROP TABLE item_roles;

-- What is asked of every ballot. Sums of groups stand in for totals that the source leaves out, in comparisons only.
UPDATE votes
   SET date = found.date, organization_id = found.organization_id, final = found.final, state = found.state,
       contested = found.contested, winner = found.winner
  FROM (WITH
        summed AS (
            SELECT vote_id, iif(count(yes) = count(*), sum(yes), NULL) AS yes, iif(count(no) = count(*), sum(no), NULL) AS no,
                   max(yes > 0) AND max(no > 0) AS contested, count(yes) = count(*) AND count(no) = count(*) AS whole
              FROM vote_counts GROUP BY vote_id),
        figures AS (
            SELECT v.id, m.date, m.organization_id,
                   v.position = max(v.position) OVER (PARTITION BY v.agenda_item_id) AS final,
                   CASE WHEN s.whole AND v.consistent IS NOT 0 THEN 'by_group'
                        WHEN s.vote_id IS NOT NULL THEN 'by_group_partly'
                        WHEN coalesce(v.yes, v.no, v.abstain) IS NOT NULL THEN 'totals'
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

-- Sums by day, of ballots by group that do not contradict themselves.
DELETE FROM group_sides;
INSERT INTO group_sides
SELECT c.group_name, v.date, v.organization_id, v.contested, count(*), sum(c.position = v.winner)
  FROM votes v JOIN vote_counts c ON c.vote_id = v.id
 WHERE v.state = 'by_group' AND v.winner IS NOT NULL AND c.position IN ('yes', 'no', 'abstain')
   AND v.contested IS NOT NULL AND v.date IS NOT NULL AND v.organization_id IS NOT NULL
 GROUP BY v.date, v.organization_id, c.group_name, v.contested;

DELETE FROM group_pairs;
INSERT INTO group_pairs
SELECT a.group_name, b.group_name, v.date, v.organization_id, v.contested, count(*), sum(a.position = b.position)
  FROM votes v
  JOIN vote_counts a ON a.vote_id = v.id AND a.position IN ('yes', 'no', 'abstain')
  JOIN vote_counts b ON b.vote_id = v.id AND b.position IN ('yes', 'no', 'abstain') AND b.group_name > a.group_name
 WHERE v.state = 'by_group' AND v.contested IS NOT NULL AND v.date IS NOT NULL AND v.organization_id IS NOT NULL
 GROUP BY v.date, v.organization_id, a.group_name, b.group_name, v.contested;
