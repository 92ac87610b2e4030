-- Members of the council with the group the source names, each person's own time in a group's body beside it.
SELECT m.person_id, coalesce(p.name, m.name) AS name, m.role, m.group_name, m.start_date, m.end_date,
       (SELECT json_group_array(json_array(g.group_name, g.start_date, g.end_date)) FROM memberships g
         WHERE g.person_id = m.person_id AND g.group_name IS NOT NULL AND g.organization_id LIKE 'fr%') AS in_groups
  FROM memberships m
  JOIN organizations o ON o.id = m.organization_id AND o.organization_type = 'Rat'
  LEFT JOIN persons p ON p.id = m.person_id
