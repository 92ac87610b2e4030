-- Groups that vote, have members or make motions here: members of the council on :today, ballots, whether they voted
-- since :since, and their bodies in the source.
SELECT g.name, g.full_name, g.color, coalesce(c.ballots, 0) AS ballots,
       g.name IN (SELECT group_name FROM group_sides WHERE date >= :since) AS voted_lately,
       coalesce(m.persons, 0) AS persons, coalesce(m.in_council, 0) AS in_council,
       (SELECT group_concat(id, ' ') FROM organizations
         WHERE id LIKE 'fr%' AND name IN (SELECT phrase FROM phrases WHERE kind = 'affiliation' AND meaning = g.name))
       AS organization_ids
  FROM groups g
  LEFT JOIN (SELECT group_name, count(*) AS ballots FROM vote_counts GROUP BY group_name) AS c ON c.group_name = g.name
  LEFT JOIN (SELECT group_name, count(DISTINCT coalesce(person_id, memberships.name)) AS persons,
                    count(DISTINCT iif(o.organization_type = 'Rat', coalesce(person_id, memberships.name), NULL)) AS in_council
               FROM memberships
               JOIN organizations o ON o.id = organization_id
              WHERE group_name IS NOT NULL AND (memberships.start_date IS NULL OR memberships.start_date <= :today)
                AND (memberships.end_date IS NULL OR memberships.end_date >= :today)
              GROUP BY group_name) AS m ON m.group_name = g.name
 WHERE c.ballots > 0 OR g.name IN (SELECT group_name FROM memberships)
    OR g.name IN (SELECT meaning FROM phrases WHERE kind = 'author')
 ORDER BY g.color IS NULL, g.rowid
