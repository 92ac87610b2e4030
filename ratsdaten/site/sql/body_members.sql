-- Everybody who is or was in a body, as the source lists them.
SELECT m.person_id, coalesce(p.name, m.name) AS name, p.family_name, m.role, m.affiliation, m.group_name,
       m.start_date, m.end_date
  FROM memberships m
  LEFT JOIN persons p ON p.id = m.person_id
 WHERE m.organization_id = :id
 ORDER BY m.id
