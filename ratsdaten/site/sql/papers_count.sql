-- How many papers fit.
SELECT count(*) AS number FROM papers
 WHERE (:art IS NULL OR paper_type = :art)
   AND (:jahr IS NULL OR (date >= :jahr AND date < :jahr || '~'))
   AND (:ergebnis IS NULL OR outcome = :ergebnis)
   AND (:fraktion IS NULL OR author IN (SELECT phrase FROM phrases WHERE kind = 'author' AND meaning = :fraktion))
