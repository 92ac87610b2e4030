-- The bodies with ballots, by name.
select id, name
from organizations
where name is not null and exists (select 1 from votes where organization_id = organizations.id)
order by name
