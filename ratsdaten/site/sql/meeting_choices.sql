-- What meetings can be filtered by: kind (gremium, jahr), value and the bodies' names; the latest year first.
WITH RECURSIVE days (day) AS (
    SELECT max(date) FROM meetings
    UNION ALL
    SELECT (SELECT max(date) FROM meetings WHERE date < substr(day, 1, 4)) FROM days WHERE day IS NOT NULL
)
SELECT 'gremium' AS kind, id AS value, name FROM organizations o
 WHERE name IS NOT NULL AND EXISTS (SELECT 1 FROM meetings m WHERE m.organization_id = o.id)
UNION ALL
SELECT 'jahr', substr(day, 1, 4), NULL FROM days WHERE day GLOB '[0-9][0-9][0-9][0-9]*'
