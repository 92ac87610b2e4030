-- Documents of an agenda item, then those of its paper that are not its own.
WITH found (file_id, of) AS (
    SELECT file_id, 'agenda_item' FROM agenda_item_files WHERE agenda_item_id = :id
    UNION ALL
    SELECT file_id, 'paper' FROM paper_files
     WHERE paper_id = :paper AND file_id NOT IN (SELECT file_id FROM agenda_item_files WHERE agenda_item_id = :id)
)
SELECT f.id, f.name, f.number, f.modified, f.url, f.mime_type, f.size, f.page_count, f.source_url, found.of
  FROM found JOIN files f ON f.id = found.file_id
 ORDER BY found.of, f.number, f.id
