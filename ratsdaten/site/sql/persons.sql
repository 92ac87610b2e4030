-- Everybody with a name, of one group where :group is not '', and whether they are in a body on :today.
SELECT p.id, p.name, p.family_name, p.given_name, p.title,
       EXISTS (SELECT 1 FROM memberships
                WHERE person_id = p.id AND (start_date IS NULL OR start_date <= :today)
                  AND (end_date IS NULL OR end_date >= :today)) AS current
  FROM persons p
 WHERE p.name IS NOT NULL
   AND (:group = '' OR EXISTS (SELECT 1 FROM memberships WHERE person_id = p.id AND group_name = :group))
