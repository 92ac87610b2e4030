-- Documents of a meeting.
SELECT f.id, f.name, f.number, f.modified, f.url, f.mime_type, f.size, f.page_count, f.source_url
  FROM meeting_files l JOIN files f ON f.id = l.file_id
 WHERE l.meeting_id = :id ORDER BY f.number, f.id
