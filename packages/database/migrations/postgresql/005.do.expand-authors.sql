-- The owner of the credential that placed a hold, and who caused an entry by which request. Rows of earlier versions, and those
-- that servers of the version before insert during a rolling upgrade, have none.
ALTER TABLE holds ADD COLUMN owner text;
ALTER TABLE transactions ADD COLUMN actor text, ADD COLUMN request_id text;
