-- The bodies of the source that are this group.
SELECT id, name, start_date, end_date, source_url, fetched_at
  FROM organizations
 WHERE id LIKE 'fr%' AND name IN (SELECT phrase FROM phrases WHERE kind = 'affiliation' AND meaning = :group)
 ORDER BY end_date IS NOT NULL, end_date DESC, id
