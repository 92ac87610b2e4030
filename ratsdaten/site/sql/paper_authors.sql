-- The groups that stand behind a paper's author as printed.
SELECT meaning FROM phrases WHERE kind = 'author' AND phrase = :author
