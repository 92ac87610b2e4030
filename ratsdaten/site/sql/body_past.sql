-- The last meetings of a body before :today, with the public items and how many of these have a readable ballot.
SELECT m.id, m.name, m.date, m.start_time, m.occasion, coalesce(m.cancelled, 0) AS cancelled,
       (SELECT count(*) FROM agenda_items WHERE meeting_id = m.id AND public = 1) AS items,
       (SELECT count(*) FROM agenda_items
         WHERE meeting_id = m.id AND public = 1 AND vote_state <> 'unread') AS items_with_ballot
  FROM meetings m
 WHERE m.organization_id = :id AND m.date < :today
 ORDER BY m.date DESC, m.id DESC
 LIMIT 10
