-- When the data were last brought up to date, UTC.
select coalesce((select max(finished_at) from crawls where pages > 0 and mode in ('full', 'update')),
                (select max(fetched_at) from pages)) as as_of
