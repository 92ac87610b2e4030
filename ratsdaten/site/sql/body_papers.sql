-- The papers a body dealt with last, and what it did with them.
SELECT i.id AS agenda_item_id, i.result, i.outcome, m.date, p.id AS paper_id, p.reference, p.slug, p.paper_type,
       coalesce(p.name, i.name) AS name
  FROM meetings m
 CROSS JOIN agenda_items i ON i.meeting_id = m.id
 CROSS JOIN papers p ON p.id = i.paper_id
 WHERE m.organization_id = :id AND m.date <= :today AND i.public = 1
 ORDER BY m.date DESC, i.position
 LIMIT 10
