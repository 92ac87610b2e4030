-- Pages that could not be read though nobody refused them, the latest first
with failed as (
  select url, kind, fetched_at, http_status,
         iif(substr(error, 1, length(url) + 2) = url || ': ', substr(error, length(url) + 3), error) as reason
  from pages where error is not null and withdrawn_at is null
)
select * from failed where reason not like 'refused (%'
order by +fetched_at desc, url limit 50  -- few have an error, so not by the index of fetched_at
