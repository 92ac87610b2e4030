-- How much stands here: whole tables counted, and the day of the first meeting.
SELECT (SELECT count(*) FROM meetings) AS meetings, (SELECT count(*) FROM agenda_items) AS agenda_items,
       (SELECT count(*) FROM papers) AS papers, (SELECT count(*) FROM votes) AS ballots,
       (SELECT min(date) FROM meetings) AS since
