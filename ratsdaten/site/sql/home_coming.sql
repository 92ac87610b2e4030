-- The next meetings of bodies; meetings of groups among themselves are no public bodies'.
SELECT m.id, m.date, m.start_time, m.room, m.location, coalesce(m.cancelled, 0) AS cancelled, m.name,
       m.organization_id, o.name AS organization
  FROM meetings m
  JOIN organizations o ON o.id = m.organization_id
 WHERE m.date >= :today AND o.id NOT LIKE 'fr%'
 ORDER BY m.date, m.start_time, m.id
 LIMIT 6
