-- A page of the council information system, as it is called now: the newest meeting's
select source_url from meetings where source_url is not null order by id desc limit 1
