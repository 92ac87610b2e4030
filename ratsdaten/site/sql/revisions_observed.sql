-- Revisions that fit the filters (:table_name '': of any table; :first and :end: moments in UTC), the latest first, in the
-- order of their index
select id from revisions
where observed_at >= :first and observed_at < :end and (:table_name = '' or table_name = :table_name)
order by observed_at desc, table_name desc, id desc
limit :limit offset :offset
