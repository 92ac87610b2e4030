-- Titles of the newest papers, from which examples for a search are taken.
SELECT name FROM papers WHERE date <= :today AND name IS NOT NULL ORDER BY date DESC LIMIT 200
