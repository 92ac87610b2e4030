-- How many ballots fit the filters ('': any), and the first and last day of these.
select count(*) as ballots, min(date) as first, max(date) as last
from votes
where coalesce(date, '') >= :von and coalesce(date, '') <= iif(:bis = '', '9', :bis) || '~'
  and (:gremium = '' or organization_id = :gremium)
  and (:auswahl = '' or contested = 1)
  and (:datenlage = '' or state = :datenlage)
  and (:fraktion = '' or id in (
         select vote_id from vote_counts where group_name = :fraktion and (:wie = '' or position = :wie)))
