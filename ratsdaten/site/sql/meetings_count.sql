-- How many meetings fit.
SELECT count(*) AS number FROM meetings
 WHERE date >= :first AND date < :before AND (:gremium IS NULL OR organization_id = :gremium)
