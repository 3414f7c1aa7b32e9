-- The owner of the credential that placed a hold, and who caused an entry by which request. Rows of earlier versions, and those
-- that servers of the version before insert during a rolling upgrade, have none.
ALTER TABLE holds ADD COLUMN owner TEXT;
ALTER TABLE transactions ADD COLUMN actor TEXT;
ALTER TABLE transactions ADD COLUMN request_id TEXT;
