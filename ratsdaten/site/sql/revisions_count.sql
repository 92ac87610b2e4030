-- How many revisions fit the filters of revisions_observed.sql
select count(*) as number from revisions
where observed_at >= :first and observed_at < :end and (:table_name = '' or table_name = :table_name)
