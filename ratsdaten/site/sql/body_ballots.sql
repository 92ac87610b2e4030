-- The newest ballots of a body.
SELECT v.id, v.date, v.subject, v."yes", v."no", v.abstain, v.unanimous, v.state, v.consistent, v.contested, v.agenda_item_id, i.name
  FROM (SELECT * FROM votes WHERE organization_id = :id ORDER BY date DESC LIMIT 5) AS v
  JOIN agenda_items i ON i.id = v.agenda_item_id
 ORDER BY v.date DESC, i.position, v.position
