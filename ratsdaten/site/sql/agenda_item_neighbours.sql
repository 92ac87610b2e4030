-- The public items before and after a place in a meeting's agenda.
SELECT 'previous' AS side, * FROM (
    SELECT id, number, name FROM agenda_items
     WHERE meeting_id = :meeting AND position < :position AND public = 1 ORDER BY position DESC LIMIT 1)
UNION ALL
SELECT 'next', * FROM (
    SELECT id, number, name FROM agenda_items
     WHERE meeting_id = :meeting AND position > :position AND public = 1 ORDER BY position LIMIT 1)
