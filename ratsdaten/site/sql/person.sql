-- One person.
SELECT id, name, family_name, given_name, form_of_address, title, source_url, fetched_at FROM persons WHERE id = :id
