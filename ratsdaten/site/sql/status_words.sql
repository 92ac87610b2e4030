-- What our word lists and readers could not make out
select (select count(*) from phrases where kind = 'result' and meaning = 'unknown') as results,
       (select count(*) from phrases where kind = 'role' and meaning = 'unknown') as roles,
       (select count(*) from groups where color is null) as groups,
       (select count(*) from agenda_items where vote_state = 'unread') as unread_votes,
       (select count(*) from votes where consistent = 0) as inconsistent_votes
