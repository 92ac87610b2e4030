-- The ballots of an agenda item in order, one row a group; a ballot without groups has one row.
SELECT v.id, v.agenda_item_id, v.position, v.subject, v."yes", v."no", v.abstain, v.unanimous, v.state, v.consistent,
       v.final, v.raw_text,
       c.group_name, c.label, c."yes" AS group_yes, c."no" AS group_no, c.abstain AS group_abstain
  FROM votes v
  LEFT JOIN vote_counts c ON c.vote_id = v.id
 WHERE v.agenda_item_id = :id
 ORDER BY v.position, c.rowid
