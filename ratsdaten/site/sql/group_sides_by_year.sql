-- Contested ballots a group took one position in and one side won, and how often that was its side, by year from :first to :last.
SELECT substr(date, 1, 4) AS year, sum(ballots) AS ballots, sum(won) AS won, min(date) AS first, max(date) AS last
  FROM group_sides
 WHERE group_name = :group AND contested = 1 AND date BETWEEN :first AND :last
 GROUP BY year
 ORDER BY year DESC
