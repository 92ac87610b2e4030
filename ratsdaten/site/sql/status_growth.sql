-- What there is of each year
with counted as (
  select substr(date, 1, 4) as year, count(*) as meetings, 0 as items, 0 as papers, 0 as votes from meetings group by 1
  union all
  select substr(date, 1, 4), 0, count(*), 0, 0 from meetings join agenda_items on meeting_id = meetings.id group by 1
  union all
  select substr(date, 1, 4), 0, 0, count(*), 0 from papers group by 1
  union all
  select substr(date, 1, 4), 0, 0, 0, count(*) from votes group by 1
)
select year, sum(meetings) as meetings, sum(items) as agenda_items, sum(papers) as papers, sum(votes) as votes
from counted group by year order by year desc
