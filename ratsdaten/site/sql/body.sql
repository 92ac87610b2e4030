-- One body with the number of its meetings and ballots up to :today and, where it is a group's own, the group.
SELECT o.id, o.name, o.short_name, o.organization_type, o.start_date, o.end_date, o.source_url, o.fetched_at,
       iif(o.id LIKE 'fr%', (SELECT min(meaning) FROM phrases WHERE kind = 'affiliation' AND phrase = o.name), NULL)
       AS group_name,
       (SELECT count(*) FROM meetings
         WHERE organization_id = o.id AND date <= :today AND coalesce(cancelled, 0) = 0) AS meetings,
       (SELECT min(date) FROM meetings WHERE organization_id = o.id) AS first_meeting,
       (SELECT count(*) FROM votes WHERE organization_id = o.id) AS ballots
  FROM organizations o
 WHERE o.id = :id
