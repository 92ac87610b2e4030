-- What papers can be filtered by: kind (art, fraktion) and value; the first and last day.
WITH RECURSIVE types (type) AS (
    SELECT min(paper_type) FROM papers
    UNION ALL
    SELECT (SELECT min(paper_type) FROM papers WHERE paper_type > type) FROM types WHERE type IS NOT NULL
)
SELECT 'art' AS kind, type AS value FROM types WHERE type IS NOT NULL
UNION ALL
SELECT DISTINCT 'fraktion', meaning FROM phrases WHERE kind = 'author'
UNION ALL
SELECT 'first', (SELECT min(date) FROM papers)
UNION ALL
SELECT 'last', (SELECT max(date) FROM papers)
