-- The groups that anybody belongs or belonged to.
SELECT name, full_name FROM groups WHERE name IN (SELECT group_name FROM memberships) ORDER BY rowid
