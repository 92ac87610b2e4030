-- Papers with exactly this reference, the newest first.
SELECT id, slug, reference, name, paper_type, author, date, outcome FROM papers
 WHERE reference = :reference ORDER BY date DESC, id DESC
