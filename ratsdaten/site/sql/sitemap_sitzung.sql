-- Meetings with a page
select id, fetched_at from meetings order by id limit :most offset :skip
