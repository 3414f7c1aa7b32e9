-- Sums of charges and refunds by quarter of an hour and action, fed from the journal: of an account, and of all accounts.
CREATE TABLE spend_rollups (
  account_id TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  action TEXT NOT NULL,
  charges INTEGER NOT NULL CHECK (typeof(charges) = 'integer' AND charges >= 0),
  charged BIGINT NOT NULL CHECK (typeof(charged) = 'integer' AND charged >= 0),
  refunds INTEGER NOT NULL CHECK (typeof(refunds) = 'integer' AND refunds >= 0),
  refunded BIGINT NOT NULL CHECK (typeof(refunded) = 'integer' AND refunded >= 0),
  PRIMARY KEY (account_id, quarter, action)
) WITHOUT ROWID;

CREATE TABLE spend_totals (
  part INTEGER NOT NULL,
  quarter INTEGER NOT NULL,
  action TEXT NOT NULL,
  charges INTEGER NOT NULL CHECK (typeof(charges) = 'integer' AND charges >= 0),
  charged BIGINT NOT NULL CHECK (typeof(charged) = 'integer' AND charged >= 0),
  refunds INTEGER NOT NULL CHECK (typeof(refunds) = 'integer' AND refunds >= 0),
  refunded BIGINT NOT NULL CHECK (typeof(refunded) = 'integer' AND refunded >= 0),
  PRIMARY KEY (part, quarter, action)
) WITHOUT ROWID;

-- The last entry of each journal that is in the sums.
CREATE TABLE spend_marks (
  account_id TEXT NOT NULL PRIMARY KEY,
  sequence BIGINT NOT NULL CHECK (typeof(sequence) = 'integer' AND sequence >= 1)
) WITHOUT ROWID;
