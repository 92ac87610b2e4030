-- What the row is called that a column of a revision refers to (:column and :key)
select coalesce(reference || ': ', '') || coalesce(name, '') as name from papers where :column = 'paper_id' and id = :key
union all select label from meetings where :column = 'meeting_id' and id = :key
union all select name from agenda_items where :column = 'agenda_item_id' and id = :key
union all select name from organizations where :column = 'organization_id' and id = :key
union all select name from persons where :column = 'person_id' and id = :key
