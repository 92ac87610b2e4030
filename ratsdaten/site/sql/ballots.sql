-- Ballots that fit the filters ('': any), the newest first, with their items and how the chosen group voted.
with shown as (
  select id
  from votes
  where coalesce(date, '') >= :von and coalesce(date, '') <= iif(:bis = '', '9', :bis) || '~'
    and (:gremium = '' or organization_id = :gremium)
    and (:auswahl = '' or contested = 1)
    and (:datenlage = '' or state = :datenlage)
    and (:fraktion = '' or exists (
           select 1 from vote_counts
           where vote_id = votes.id and group_name = :fraktion and (:wie = '' or vote_counts.position = :wie)))
  order by date desc, agenda_item_id desc, position
  limit :most offset :skip
)
select votes.id, votes.agenda_item_id, votes.position, votes.subject, votes.date, votes.yes, votes.no, votes.abstain,
       votes.unanimous, votes.consistent, votes.state, votes.contested, votes.winner, votes.final,
       votes.organization_id, organizations.name as organization, agenda_items.name, agenda_items.number,
       agenda_items.result, agenda_items.outcome, agenda_items.source_url,
       counts.yes as group_yes, counts.no as group_no, counts.abstain as group_abstain,
       counts.position as group_position
from shown
join votes on votes.id = shown.id
join agenda_items on agenda_items.id = votes.agenda_item_id
left join organizations on organizations.id = votes.organization_id
left join vote_counts as counts on counts.vote_id = votes.id and counts.group_name = :fraktion
order by votes.date desc, votes.agenda_item_id desc, votes.position
