-- How the texts of these files (:ids is a JSON list) begin, as far as the search looks for a snippet (:most letters).
SELECT id, substr(text, 1, :most) AS text FROM files WHERE id IN (SELECT value FROM json_each(:ids)) AND text IS NOT NULL
