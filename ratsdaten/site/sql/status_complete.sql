-- When a crawl of everything due last came to its end, UTC
select max(finished_at) as finished_at from crawls where mode in ('full', 'update') and reason = 'finished' and pages > 0
