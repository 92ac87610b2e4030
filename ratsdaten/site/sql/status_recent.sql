-- The agendas of meetings since :since (a day) and to come: how many, and how many were last looked at before :before
select count(*) as pages, coalesce(sum(coalesce(pages.fetched_at, pages.found_at) < :before), 0) as overdue
from meetings join pages on pages.url = meetings.source_url
where meetings.date >= :since and pages.kind = 'to010' and pages.withdrawn_at is null
