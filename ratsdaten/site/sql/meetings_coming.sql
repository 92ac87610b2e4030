-- Meetings from a day on, the next first.
SELECT m.id, m.name, m.date, m.start_time, m.end_time, m.organization_id,
       coalesce(o.name, m.organization_name) AS organization, m.status, m.occasion,
       coalesce(m.cancelled, 0) AS cancelled, m.room, m.location, m.source_url,
       (SELECT count(*) FROM agenda_items i WHERE i.meeting_id = m.id AND i.position IS NOT NULL) AS item_count,
       0 AS ballot_count
  FROM (SELECT id FROM meetings
         WHERE date >= :today AND (:gremium IS NULL OR organization_id = :gremium)
         ORDER BY date, start_time, id LIMIT :limit OFFSET :offset) AS found
  JOIN meetings m ON m.id = found.id
  LEFT JOIN organizations o ON o.id = m.organization_id
 ORDER BY m.date, m.start_time, m.id
