-- One agenda item with its meeting, body and paper.
SELECT i.id, i.number, i.public, i.supplement, i.name, i.result, i.outcome, i.vote_state, i.position,
       i.resolution_html, i.resolution_text, i.minutes_html, i.minutes_text, i.vote_html, i.vote_text,
       i.source_url, i.fetched_at,
       i.meeting_id, m.name AS meeting, m.date, m.start_time, coalesce(m.cancelled, 0) AS cancelled,
       m.organization_id, coalesce(o.name, m.organization_name) AS organization,
       i.paper_id, p.reference, p.name AS paper, p.paper_type, p.author, p.slug
  FROM agenda_items i
  LEFT JOIN meetings m ON m.id = i.meeting_id
  LEFT JOIN organizations o ON o.id = m.organization_id
  LEFT JOIN papers p ON p.id = i.paper_id
 WHERE i.id = :id
