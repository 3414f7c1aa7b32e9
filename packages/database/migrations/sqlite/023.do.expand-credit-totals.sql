-- Sums of grants, revocations and expirations by quarter of an hour, fed from the journal as those of charges and refunds.
CREATE TABLE credit_totals (
  part INTEGER NOT NULL,
  quarter INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'revoke', 'expire')),
  source TEXT NOT NULL,
  entries INTEGER NOT NULL CHECK (typeof(entries) = 'integer' AND entries >= 0),
  amount BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount >= 0),
  PRIMARY KEY (part, quarter, kind, source)
) WITHOUT ROWID;

-- The last entry that is in them. Entries of earlier versions are added in the background.
ALTER TABLE spend_marks ADD COLUMN credit_sequence BIGINT;

-- Which accounts were charged in a time.
CREATE INDEX spend_rollups_active ON spend_rollups (quarter, account_id);
