-- What the source changed in a row after its first publication, the latest first.
SELECT observed_at, changed FROM revisions
 WHERE table_name = :table_name AND row_id = :row_id ORDER BY observed_at DESC, id DESC
