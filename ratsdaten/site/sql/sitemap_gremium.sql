-- Bodies with a page
select id, fetched_at from organizations where name is not null order by id limit :most offset :skip
