-- The newest papers that a deciding body accepted or rejected, each with the item and its last ballot.
SELECT p.id AS paper_id, p.reference, p.slug, p.name, p.outcome, p.decided AS date,
       i.id AS agenda_item_id, i.result, o.id AS organization_id, o.name AS organization,
       v.id AS vote_id, v."yes", v."no", v.abstain, v.unanimous, v.state, v.consistent
  FROM (SELECT * FROM papers
         WHERE decided <= :today AND outcome IN ('accepted', 'accepted_amended', 'rejected') AND name IS NOT NULL
         ORDER BY decided DESC LIMIT 8) AS p
  LEFT JOIN agenda_items i
    ON i.id = (SELECT i.id FROM agenda_items i JOIN meetings m ON m.id = i.meeting_id
                WHERE i.paper_id = p.id AND m.date = p.decided AND i.outcome = p.outcome
                ORDER BY i.id DESC LIMIT 1)
  LEFT JOIN meetings m ON m.id = i.meeting_id
  LEFT JOIN organizations o ON o.id = m.organization_id
  LEFT JOIN votes v ON v.agenda_item_id = i.id AND v.final = 1
 ORDER BY p.decided DESC, p.id DESC
