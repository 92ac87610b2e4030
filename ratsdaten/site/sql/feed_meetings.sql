-- Meetings that have an agenda, the newest first; :body '' is all bodies.
select m.id, m.name, m.date, m.start_time, m.cancelled, m.room, m.location,
       coalesce(o.name, m.organization_name) as organization,
       (select count(*) from agenda_items where meeting_id = m.id and position is not null) as items
from meetings m
left join organizations o on o.id = m.organization_id
where (:body = '' or m.organization_id = :body) and m.date is not null
  and exists (select 1 from agenda_items where meeting_id = m.id and position is not null)
order by m.date desc, m.id desc
limit :most
