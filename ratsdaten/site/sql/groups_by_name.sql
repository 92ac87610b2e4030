-- All groups, the known ones first.
SELECT name, full_name, color FROM groups ORDER BY color IS NULL, rowid
