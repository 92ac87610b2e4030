-- What the permalinks of these papers end in; :ids is a JSON list.
select id, slug from papers where id in (select value from json_each(:ids))
