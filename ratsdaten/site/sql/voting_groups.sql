-- The groups with votes of their own.
select name, full_name from groups where exists (select 1 from vote_counts where group_name = groups.name)
