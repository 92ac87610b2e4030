-- What papers can be filtered by: kind (art, fraktion, jahr) and value; the latest year first.
WITH RECURSIVE types (type) AS (
    SELECT min(paper_type) FROM papers
    UNION ALL
    SELECT (SELECT min(paper_type) FROM papers WHERE paper_type > type) FROM types WHERE type IS NOT NULL
), days (day) AS (
    SELECT max(date) FROM papers
    UNION ALL
    SELECT (SELECT max(date) FROM papers WHERE date < substr(day, 1, 4)) FROM days WHERE day IS NOT NULL
)
SELECT 'art' AS kind, type AS value FROM types WHERE type IS NOT NULL
UNION ALL
SELECT DISTINCT 'fraktion', meaning FROM phrases WHERE kind = 'author'
UNION ALL
SELECT 'jahr', substr(day, 1, 4) FROM days WHERE day GLOB '[0-9][0-9][0-9][0-9]*'
