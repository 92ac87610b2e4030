-- The revisions of a row, of a paper with those of its consultations, the latest first
select id from (
  select id, observed_at from revisions where table_name = :table_name and row_id = :row_id
  union all
  select revisions.id, observed_at
  from consultations join revisions on table_name = 'consultations' and row_id = consultations.id
  where :table_name = 'papers' and paper_id = :row_id
)
order by observed_at desc, id desc
