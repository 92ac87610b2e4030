-- The name of a body.
select name from organizations where id = :id
