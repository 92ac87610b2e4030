-- Documents by where their text is from and why it is missing: how many, and how many of these we have tried to get
select text_source, problem, count(*) as files, count(checked_at) as tried from files group by text_source, problem
