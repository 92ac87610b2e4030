-- How many addresses each kind of page has; the conditions are those of sitemap_<kind>.sql. Agenda items are counted in an
-- index: SQLite would rather read through all their texts.
select (select count(*) from organizations where name is not null) as gremium,
       (select count(*) from persons where name is not null) as person,
       (select count(*) from groups
         where exists (select 1 from memberships where group_name = groups.name)
            or exists (select 1 from vote_counts where group_name = groups.name)) as fraktion,
       (select count(*) from meetings) as sitzung,
       (select count(*) from papers) as vorlage,
       (select count(*) from agenda_items indexed by agenda_items_overview where public is not 0) as top,
       (select count(*) from files) as dokument
