-- One page of the papers that fit, the newest first.
SELECT p.id, p.slug, p.reference, p.name, p.paper_type, p.author, p.date, p.outcome, p.decided, p.source_url
  FROM (SELECT id FROM papers
         WHERE (:art IS NULL OR paper_type = :art)
           AND (:jahr IS NULL OR (date >= :jahr AND date < :jahr || '~'))
           AND (:ergebnis IS NULL OR outcome = :ergebnis)
           AND (:fraktion IS NULL
                OR author IN (SELECT phrase FROM phrases WHERE kind = 'author' AND meaning = :fraktion))
         ORDER BY date DESC, id DESC LIMIT :limit OFFSET :offset) AS found
  JOIN papers p ON p.id = found.id
 ORDER BY p.date DESC, p.id DESC
