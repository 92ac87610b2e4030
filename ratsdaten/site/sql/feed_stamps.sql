-- Of each row asked for (:asked is JSON: [[kind, id], …], in the order of the feed): its page in the council information
-- system, and when that last read otherwise than before. A ballot has its item's.
with asked as (
  select key as place, json_extract(value, '$[0]') as kind, json_extract(value, '$[1]') as id from json_each(:asked)
), found as (
  select place, slug, source_url, fetched_at from asked join papers using (id) where kind = 'papers'
  union all select place, null, source_url, fetched_at from asked join agenda_items using (id) where kind = 'agenda_items'
  union all select place, null, source_url, fetched_at from asked join meetings using (id) where kind = 'meetings'
  union all select place, null, source_url, fetched_at from asked join persons using (id) where kind = 'persons'
  union all select place, null, source_url, fetched_at from asked join organizations using (id) where kind = 'organizations'
  union all select place, null, source_url, fetched_at from asked join files using (id) where kind = 'files'
  union all
  select place, null, item.source_url, item.fetched_at
  from asked join votes using (id) join agenda_items item on item.id = votes.agenda_item_id where kind = 'votes'
)
select place, slug, source_url,
       coalesce((select changed_at from pages where url = source_url), fetched_at) as changed_at
from found
