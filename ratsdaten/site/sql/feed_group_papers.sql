-- Papers a group is named as an author of, the newest first.
select p.id, p.slug, p.reference, p.name, p.paper_type, p.author, p.date, p.outcome, p.decided
from phrases
join papers p on p.author = phrases.phrase
where phrases.kind = 'author' and phrases.meaning = :group
order by p.date desc, p.id desc
limit :most
