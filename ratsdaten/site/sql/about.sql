-- What the site holds: how much, and from when to when
select (select count(*) from meetings) as meetings,
       (select min(date) from meetings) as first_date,
       (select max(date) from meetings) as last_date,
       (select count(*) from agenda_items) as agenda_items,
       (select count(*) from agenda_items where outcome = 'unknown') as unknown_outcomes,
       (select count(*) from papers) as papers,
       (select count(*) from votes) as votes,
       (select count(*) from pages where error is not null and withdrawn_at is null and instr(error, ': refused (') = 0) as failed_pages
