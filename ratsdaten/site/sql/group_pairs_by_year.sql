-- Contested ballots from :first to :last in which this and another group each took one position, by year.
SELECT iif(group_a = :group, group_b, group_a) AS other, substr(date, 1, 4) AS year,
       sum(ballots) AS ballots, sum(alike) AS alike
  FROM group_pairs
 WHERE date BETWEEN :first AND :last AND contested = 1 AND (group_a = :group OR group_b = :group)
 GROUP BY other, year
 ORDER BY year DESC
