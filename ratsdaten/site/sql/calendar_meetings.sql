-- Meetings as appointments: of one body, one alone, or all from :since on. ``revised``: how often the source has changed
-- one since it was first read; ``changed_at``: when last.
select m.id, m.name, m.date, m.start_time, m.end_time, m.status, m.occasion, m.room, m.location, m.cancelled,
       m.source_url, m.fetched_at, coalesce(o.name, m.organization_name) as organization,
       (select count(*) from agenda_items where meeting_id = m.id and position is not null) as items,
       (select count(*) from revisions
         where table_name = 'meetings' and row_id = cast(m.id as text)) as revised,
       max(coalesce((select changed_at from pages where url = m.source_url), ''),
           coalesce((select max(observed_at) from revisions
                      where table_name = 'meetings' and row_id = cast(m.id as text)), '')) as changed_at
from meetings m
left join organizations o on o.id = m.organization_id
where m.date >= :since and (:id is null or m.id = :id)
  and (:body = '' or m.organization_id = :body)
order by m.date, m.start_time, m.id
