-- All bodies and groups with their meetings up to :today (cancelled ones left out), the last before and the next from then on.
SELECT o.id, o.name, o.short_name, o.organization_type, o.start_date, o.end_date,
       iif(o.id LIKE 'fr%', (SELECT min(meaning) FROM phrases WHERE kind = 'affiliation' AND phrase = o.name), NULL)
       AS group_name,
       o.meetings, last.id AS last_id, last.date AS last_date, next.id AS next_id, next.date AS next_date
  FROM (SELECT *,
               (SELECT count(*) FROM meetings
                 WHERE organization_id = o.id AND date <= :today AND coalesce(cancelled, 0) = 0) AS meetings,
               (SELECT id FROM meetings
                 WHERE organization_id = o.id AND date < :today AND coalesce(cancelled, 0) = 0
                 ORDER BY date DESC LIMIT 1) AS last,
               (SELECT id FROM meetings
                 WHERE organization_id = o.id AND date >= :today AND coalesce(cancelled, 0) = 0
                 ORDER BY date LIMIT 1) AS next
          FROM organizations o) AS o
  LEFT JOIN meetings last ON last.id = o.last
  LEFT JOIN meetings next ON next.id = o.next
 ORDER BY o.name IS NULL, o.name
