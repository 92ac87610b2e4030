-- Memberships of which the source says or implies this group.
SELECT m.person_id, coalesce(p.name, m.name) AS name, p.family_name, m.organization_id, o.name AS organization,
       o.organization_type, m.role, m.start_date, m.end_date
  FROM memberships m
  JOIN organizations o ON o.id = m.organization_id
  LEFT JOIN persons p ON p.id = m.person_id
 WHERE m.group_name = :group
 ORDER BY m.id
