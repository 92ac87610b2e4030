-- The newest motions of a group.
SELECT p.id, p.reference, p.slug, p.name, p.date, p.paper_type, p.author, p.outcome, p.decided
  FROM (SELECT p.id
          FROM phrases
          JOIN papers p ON p.author = phrases.phrase
         WHERE phrases.kind = 'author' AND phrases.meaning = :group AND p.paper_type LIKE '%antrag%'
         ORDER BY p.date DESC, p.id DESC
         LIMIT 10) AS latest
  JOIN papers p ON p.id = latest.id
 ORDER BY p.date DESC, p.id DESC
