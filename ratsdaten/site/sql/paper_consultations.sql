-- The lines of a paper's Beratungsfolge; "meaning" is what the body may do there: decides, advises, is_informed.
SELECT c.id, c.date, c.organization_id, coalesce(o.name, c.organization_name) AS organization, c.meeting_id,
       c.agenda_item_id, c.role, r.meaning, c.status, c.result, coalesce(m.cancelled, 0) AS cancelled
  FROM consultations c
  LEFT JOIN organizations o ON o.id = c.organization_id
  LEFT JOIN meetings m ON m.id = c.meeting_id
  LEFT JOIN phrases r ON r.kind = 'role' AND r.phrase = c.role
 WHERE c.paper_id = :paper
