-- The last crawls that were to change something, the latest first
select id, mode, started_at, finished_at, reason, pages, errors, rows_added, rows_changed, rows_removed, report
from crawls where mode <> 'probe' order by id desc limit 10
