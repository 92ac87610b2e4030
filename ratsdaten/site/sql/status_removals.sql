-- Pages that the source has withdrawn, by month and kind; nothing of what they said
select substr(withdrawn_at, 1, 7) as month, kind, count(*) as pages
from pages where withdrawn_at is not null group by 1, 2 order by 1 desc, 2
