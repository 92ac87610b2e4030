-- The newest contested ballots.
SELECT v.id, v.date, v.subject, v."yes", v."no", v.abstain, v.unanimous, v.state, v.consistent, v.agenda_item_id, i.name,
       o.id AS organization_id, o.name AS organization
  FROM (SELECT * FROM votes WHERE contested = 1 ORDER BY date DESC LIMIT 5) AS v
  JOIN agenda_items i ON i.id = v.agenda_item_id
  LEFT JOIN organizations o ON o.id = v.organization_id
 ORDER BY v.date DESC, v.id
