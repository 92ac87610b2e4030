-- Papers with a page
select id, slug, fetched_at from papers order by id limit :most offset :skip
