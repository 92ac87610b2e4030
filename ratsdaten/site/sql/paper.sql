-- One paper.
SELECT id, reference, name, paper_type, status, author, lead, date, outcome, decided, slug, text_html, text, source_url,
       fetched_at
  FROM papers WHERE id = :id
