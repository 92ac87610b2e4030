-- Where a person is or was a member, the newest first.
SELECT m.organization_id, o.name AS organization, o.organization_type, m.role, m.affiliation, m.group_name,
       m.start_date, m.end_date
  FROM memberships m
  JOIN organizations o ON o.id = m.organization_id
 WHERE m.person_id = :id
 ORDER BY m.start_date DESC, o.organization_type IS NOT 'Rat', o.name, m.id
