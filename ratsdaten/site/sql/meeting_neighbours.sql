-- The meetings of the same body before and after this one.
SELECT 'previous' AS side, * FROM (
    SELECT id, date, coalesce(cancelled, 0) AS cancelled FROM meetings
     WHERE organization_id = :organization AND date <= :date AND (date, id) < (:date, :id)
     ORDER BY date DESC, id DESC LIMIT 1)
UNION ALL
SELECT 'next', * FROM (
    SELECT id, date, coalesce(cancelled, 0) AS cancelled FROM meetings
     WHERE organization_id = :organization AND date >= :date AND (date, id) > (:date, :id)
     ORDER BY date, id LIMIT 1)
