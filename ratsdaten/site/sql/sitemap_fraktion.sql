-- Groups that somebody belongs to or that voted
select name as id, null as fetched_at from groups
where exists (select 1 from memberships where group_name = groups.name)
   or exists (select 1 from vote_counts where group_name = groups.name)
order by name limit :most offset :skip
