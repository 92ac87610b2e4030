-- A meeting's agenda in order: each item with its paper and its last ballot; contested: whether one of its ballots was.
SELECT i.id, i.position, i.number, i.public, i.supplement, i.name, i.result, i.outcome, i.vote_state,
       i.paper_id, p.reference, p.slug, p.name AS paper,
       v.position AS ballot, v."yes", v."no", v.abstain, v.unanimous, v.state, v.consistent,
       (SELECT max(contested) FROM votes WHERE agenda_item_id = i.id) AS contested
  FROM agenda_items i
  LEFT JOIN papers p ON p.id = i.paper_id
  LEFT JOIN votes v ON v.agenda_item_id = i.id AND v.final = 1
 WHERE i.meeting_id = :id
 ORDER BY i.position IS NULL, i.position, i.id
