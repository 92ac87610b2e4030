-- The next meetings of a body from :today on.
SELECT id, name, date, start_time, room, location, status, coalesce(cancelled, 0) AS cancelled
  FROM meetings
 WHERE organization_id = :id AND date >= :today
 ORDER BY date, start_time, id
 LIMIT 8
