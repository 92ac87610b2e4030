-- Whether the row is here that an address of ALLRIS names; ``kind`` as in our own address.
SELECT 1 AS found FROM agenda_items WHERE :kind = 'top' AND id = :id
UNION ALL SELECT 1 FROM meetings WHERE :kind = 'sitzung' AND id = :id
UNION ALL SELECT 1 FROM persons WHERE :kind = 'person' AND id = :id
UNION ALL SELECT 1 FROM organizations WHERE :kind = 'gremium' AND id = :id
UNION ALL SELECT 1 FROM files WHERE :kind = 'dokument' AND id = :id
