-- The papers, agenda items and meetings that have these files; :ids is a JSON list of files.id.
WITH asked (file_id) AS (SELECT value FROM json_each(:ids)), found AS (
    SELECT file_id, 'papers' AS kind, p.id, p.slug, p.reference, NULL AS number, p.name AS title,
           NULL AS meeting, p.source_url
      FROM asked JOIN paper_files USING (file_id) JOIN papers p ON p.id = paper_id
    UNION ALL
    SELECT file_id, 'agenda_items', i.id, NULL, NULL, i.number, i.name, i.meeting_id, i.source_url
      FROM asked JOIN agenda_item_files USING (file_id) JOIN agenda_items i ON i.id = agenda_item_id
    UNION ALL
    SELECT file_id, 'meetings', m.id, NULL, NULL, NULL, NULL, m.id, m.source_url
      FROM asked JOIN meeting_files USING (file_id) JOIN meetings m ON m.id = meeting_id
)
SELECT found.*, m.date, m.name, coalesce(o.name, m.organization_name) AS organization
  FROM found
  LEFT JOIN meetings m ON m.id = found.meeting
  LEFT JOIN organizations o ON o.id = m.organization_id
 ORDER BY found.kind DESC, m.date, found.id
