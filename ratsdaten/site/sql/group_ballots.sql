-- The newest contested ballots of a group, and how it voted.
SELECT v.id, v.date, v.subject, v."yes", v."no", v.abstain, v.unanimous, v.state, v.consistent, v.winner, v.agenda_item_id, i.name,
       o.id AS organization_id, o.name AS organization,
       c.position, c."yes" AS group_yes, c."no" AS group_no, c.abstain AS group_abstain
  FROM votes v
 CROSS JOIN vote_counts c ON c.vote_id = v.id AND c.group_name = :group
  JOIN agenda_items i ON i.id = v.agenda_item_id
  LEFT JOIN organizations o ON o.id = v.organization_id
 WHERE v.contested = 1 AND EXISTS (SELECT 1 FROM vote_counts WHERE group_name = :group)
 ORDER BY v.date DESC
 LIMIT 8
