-- A body's public agenda items that have a result, the newest first, each with its last ballot where there is one.
select i.id, i.name, i.number, i.result, i.outcome, substr(i.resolution_text, 1, 1000) as resolution,
       m.id as meeting_id, m.date, o.name as organization,
       v.id as vote_id, v.yes, v.no, v.abstain, v.unanimous, v.state, v.consistent
from organizations o
cross join meetings m on m.organization_id = o.id
cross join agenda_items i on i.meeting_id = m.id
left join votes v on v.agenda_item_id = i.id and v.final = 1
where o.id = :body and m.date is not null and i.result is not null and i.public is not 0
order by m.date desc, m.id desc, i.position
limit :most
