-- The agenda items that treat a paper, each with its meeting and its last ballot.
SELECT i.id, i.number, i.public, i.name, i.result, i.outcome, i.meeting_id, m.date, coalesce(m.cancelled, 0) AS cancelled,
       m.organization_id, coalesce(o.name, m.organization_name) AS organization,
       v.position AS ballot, v."yes", v."no", v.abstain, v.unanimous, v.state, v.consistent
  FROM agenda_items i
  LEFT JOIN meetings m ON m.id = i.meeting_id
  LEFT JOIN organizations o ON o.id = m.organization_id
  LEFT JOIN votes v ON v.agenda_item_id = i.id AND v.final = 1
 WHERE i.id IN (SELECT id FROM agenda_items WHERE paper_id = :paper
                UNION SELECT agenda_item_id FROM consultations WHERE paper_id = :paper)
 ORDER BY m.date, i.id
