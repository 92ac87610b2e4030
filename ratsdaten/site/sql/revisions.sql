-- Of the revisions asked for (:ids, a JSON list, in the order to be shown): what changed when, in which row, and the
-- page it stands on (record_table, record_key, slug). None of a row that is gone or mirrors no page any more.
with asked as (
  select asked.key as place, revisions.id, table_name, row_id,
         iif(typeof(observed_at) = 'text', observed_at, '') as observed_at,
         iif(typeof(changed) = 'text', changed, '') as changed
  from json_each(:ids) asked join revisions on revisions.id = value
), found as (
  select asked.*, item.public,
         coalesce(item.source_url, paper.source_url, meeting.source_url, line.source_url, body.source_url,
                  person.source_url, member.source_url, file.source_url) as source_url,
         coalesce(item.name, paper.name, meeting.label, subject.name, body.name, person.name,
                  someone.name, member.name, file.name) as title,
         coalesce(held.label, paper.reference,
                  coalesce(advising.name, line.organization_name) || coalesce(strftime(', %d.%m.%Y', line.date), ''),
                  body.organization_type, joined.name) as context,
         case table_name when 'consultations' then 'papers' when 'memberships' then 'organizations' else table_name
         end as record_table,
         coalesce(item.id, paper.id, meeting.id, line.paper_id, body.id, person.id, member.organization_id, file.id)
         as record_key,
         coalesce(paper.slug, subject.slug) as slug
  from asked
  left join agenda_items item on table_name = 'agenda_items' and item.id = row_id
  left join meetings held on held.id = item.meeting_id
  left join papers paper on table_name = 'papers' and paper.id = row_id
  left join meetings meeting on table_name = 'meetings' and meeting.id = row_id
  left join consultations line on table_name = 'consultations' and line.id = row_id
  left join papers subject on subject.id = line.paper_id
  left join organizations advising on advising.id = line.organization_id
  left join organizations body on table_name = 'organizations' and body.id = row_id
  left join persons person on table_name = 'persons' and person.id = row_id
  left join memberships member on table_name = 'memberships' and member.id = row_id
  left join persons someone on someone.id = member.person_id
  left join organizations joined on joined.id = member.organization_id
  left join files file on table_name = 'files' and file.id = row_id
)
select * from found where source_url is not null order by place
