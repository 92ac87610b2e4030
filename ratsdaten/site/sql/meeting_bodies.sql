-- The bodies that meet, by name.
select id, name
from organizations
where name is not null and exists (select 1 from meetings where organization_id = organizations.id)
order by name
