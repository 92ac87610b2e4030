-- What a body did in each year up to :today: meetings held, public items, those with a paper, readable ballots.
WITH held AS (
    SELECT m.date, count(i.meeting_id) AS items, count(i.paper_id) AS papers
      FROM meetings m
      LEFT JOIN agenda_items i ON i.meeting_id = m.id AND i.public = 1
     WHERE m.organization_id = :id AND m.date <= :today AND coalesce(m.cancelled, 0) = 0
     GROUP BY m.id
)
SELECT substr(date, 1, 4) AS year, count(*) AS meetings, sum(items) AS agenda_items, sum(papers) AS with_paper,
       (SELECT count(*) FROM votes WHERE organization_id = :id AND date BETWEEN min(held.date) AND max(held.date))
       AS ballots
  FROM held
 GROUP BY year
 ORDER BY year DESC
