-- One meeting with its body.
SELECT m.id, m.name, m.date, m.start_time, m.end_time, m.organization_id,
       coalesce(o.name, m.organization_name) AS organization,
       m.status, m.occasion, m.room, m.location, coalesce(m.cancelled, 0) AS cancelled, m.source_url, m.fetched_at
  FROM meetings m LEFT JOIN organizations o ON o.id = m.organization_id
 WHERE m.id = :id
