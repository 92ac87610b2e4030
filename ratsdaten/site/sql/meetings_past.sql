-- One page of the meetings of a period, the latest first; "ballot_count" counts items with a readable ballot.
SELECT m.id, m.name, m.date, m.start_time, m.end_time, m.organization_id,
       coalesce(o.name, m.organization_name) AS organization, m.status, m.occasion,
       coalesce(m.cancelled, 0) AS cancelled, m.room, m.location, m.source_url,
       (SELECT count(*) FROM agenda_items i WHERE i.meeting_id = m.id AND i.position IS NOT NULL) AS item_count,
       (SELECT count(*) FROM agenda_items i WHERE i.meeting_id = m.id AND i.vote_state <> 'unread') AS ballot_count
  FROM (SELECT id FROM meetings
         WHERE date >= :first AND date < :before AND (:gremium IS NULL OR organization_id = :gremium)
         ORDER BY date DESC, id DESC LIMIT :limit OFFSET :offset) AS found -- by the index alone
  JOIN meetings m ON m.id = found.id
  LEFT JOIN organizations o ON o.id = m.organization_id
 ORDER BY m.date DESC, m.start_time DESC, m.id DESC
