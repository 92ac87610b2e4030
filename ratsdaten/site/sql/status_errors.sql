-- Pages without data by kind and by how their reason begins, which goes without the address
select kind, substr(iif(substr(error, 1, length(url) + 2) = url || ': ', substr(error, length(url) + 3), error), 1, 14) as reason,
       count(*) as pages
from pages where error is not null and withdrawn_at is null group by 1, 2
