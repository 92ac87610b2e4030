-- How the motions ended that a group made, alone or with others.
SELECT coalesce(p.outcome, 'open') AS outcome, count(*) AS motions
  FROM phrases
  JOIN papers p ON p.author = phrases.phrase
 WHERE phrases.kind = 'author' AND phrases.meaning = :group AND p.paper_type LIKE '%antrag%'
 GROUP BY 1
 ORDER BY motions DESC
