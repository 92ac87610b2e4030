-- What follows from several pages at once; run at the end of every crawl, may be run at any time.

-- A consultation names its body in words only: the meeting's body, else the one body of exactly that name.
UPDATE consultations
   SET organization_id = found.id
  FROM (SELECT c.id AS consultation,
               coalesce(m.organization_id,
                        (SELECT min(o.id) FROM organizations o
                          WHERE o.name = c.organization_name HAVING count(*) = 1)) AS id
          FROM consultations c LEFT JOIN meetings m ON m.id = c.meeting_id) AS found
 WHERE found.consultation = consultations.id
   AND found.id IS NOT consultations.organization_id;
