-- Which pages an update asks for, the first first. Parameters: :recent, :minutes (days, such as 90 and 270 days ago),
-- :week (a moment a week ago). Urgency: 1 found, but not fetched since; 2 recent material; 3 what may still be lacking
-- or could not be read (a page or its files), once a week; 4 everything else, the longest unchecked first.
WITH
recent AS (
    SELECT id, source_url FROM meetings WHERE date >= :recent),
lacking AS (  -- public items of the last months without a result or without minutes
    SELECT m.source_url AS agenda, i.source_url AS excerpt
      FROM meetings m JOIN agenda_items i ON i.meeting_id = m.id
     WHERE m.date >= :minutes AND m.date < :recent AND i.public = 1 AND (i.result IS NULL OR i.minutes_text IS NULL)),
weekly(url) AS (
    SELECT agenda FROM lacking
    UNION SELECT excerpt FROM lacking
    UNION SELECT url FROM pages WHERE error IS NOT NULL AND error NOT LIKE '%: refused (%' AND withdrawn_at IS NULL
    UNION SELECT source_url FROM files WHERE problem LIKE '% Ein neuer Versuch folgt.'),  -- AGAIN in extract.py
urgent(url, urgency) AS (
    SELECT url, 1 FROM pages WHERE fetched_at IS NULL OR found_at > fetched_at
    UNION ALL SELECT source_url, 2 FROM recent
    UNION ALL SELECT i.source_url, 2 FROM recent JOIN agenda_items i ON i.meeting_id = recent.id
    UNION ALL SELECT p.source_url, 2 FROM recent JOIN agenda_items i ON i.meeting_id = recent.id
                                                 JOIN papers p ON p.id = i.paper_id
    UNION ALL SELECT source_url, 2 FROM papers WHERE date >= :recent
    UNION ALL SELECT source_url, 2 FROM consultations WHERE date >= :recent
    UNION ALL SELECT source_url, 2 FROM organizations WHERE end_date IS NULL
    UNION ALL SELECT url, 3 FROM weekly JOIN pages USING (url) WHERE fetched_at < :week)
SELECT url, kind, min(coalesce(urgency, 4)) AS urgency
  FROM pages LEFT JOIN urgent USING (url)
 WHERE kind <> 'vo040'  -- its further pages only exist within one session
 GROUP BY url
 ORDER BY 3, fetched_at
