-- One file of the source, with its text.
SELECT id, name, number, modified, url, mime_type, size, page_count, text_source, sha256, checked_at, problem, source_url,
       fetched_at, text
  FROM files WHERE id = :id
