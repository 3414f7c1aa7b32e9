-- Codes that only the users of one price group can redeem.
ALTER TABLE code_batches ADD COLUMN price_group TEXT;
