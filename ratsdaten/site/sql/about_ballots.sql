-- What the records tell of ballots, and in which years
select state, count(*) as votes, substr(min(date), 1, 4) as first_year, substr(max(date), 1, 4) as last_year
from votes
where state is not null
group by state
order by case state when 'by_group' then 1 when 'by_group_partly' then 2 when 'totals' then 3 else 4 end
