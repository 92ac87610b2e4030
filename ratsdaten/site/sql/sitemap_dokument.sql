-- Documents. When they were read stands in their rows behind whole texts: too far away to be told of 10,000
select id, null as fetched_at from files order by id limit :most offset :skip
