-- Agenda items that are not behind closed doors
select id, fetched_at from agenda_items where public is not 0 order by id limit :most offset :skip
