-- The pages of the source by kind and by the day they were last looked at: how many we know, have not read yet and, beside
-- :before (UTC), should have looked at again; the first and last that could be read.
select kind, substr(fetched_at, 1, 10) as day, count(*) as pages, sum(fetched_at is null) as unread,
       sum(coalesce(fetched_at, found_at) < :before) as overdue,
       sum(fetched_at is not null and error is null) as readable,
       min(iif(error is null, fetched_at, null)) as oldest, max(iif(error is null, fetched_at, null)) as newest
from pages where withdrawn_at is null group by kind, day order by kind, day
