-- What meetings can be filtered by: bodies (id, name), and the first and last day.
SELECT id AS value, name FROM organizations o
 WHERE name IS NOT NULL AND EXISTS (SELECT 1 FROM meetings m WHERE m.organization_id = o.id)
UNION ALL SELECT 'first', (SELECT min(date) FROM meetings)
UNION ALL SELECT 'last', (SELECT max(date) FROM meetings)
