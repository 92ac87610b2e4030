-- When a crawl of everything due last came to its end, UTC; one since a day counts where there is none of all days
with done as (
  select mode, finished_at, json_extract(iif(json_valid(arguments), arguments, '{}'), '$.since') as since
  from crawls
  where mode in ('full', 'update') and reason = 'finished' and pages > 0
    and json_extract(iif(json_valid(arguments), arguments, '{}'), '$.until') is null
)
select max(finished_at) as finished_at from done
where mode = 'update' or since is null or not exists (select 1 from done where mode = 'full' and since is null)
