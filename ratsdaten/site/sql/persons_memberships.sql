-- The memberships of the persons whose ids stand in the JSON list :ids.
SELECT m.person_id, m.organization_id, o.name AS organization, m.role, m.group_name, m.start_date, m.end_date
  FROM memberships m
  JOIN organizations o ON o.id = m.organization_id
 WHERE m.person_id IN (SELECT value FROM json_each(:ids))
 ORDER BY m.id
