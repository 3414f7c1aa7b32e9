-- Sums of charges and refunds by quarter of an hour and action, fed from the journal: of an account, and of all accounts.
CREATE TABLE spend_rollups (
  account_id text COLLATE "C" NOT NULL,
  quarter integer NOT NULL,
  action text COLLATE "C" NOT NULL,
  charges integer NOT NULL CHECK (charges >= 0),
  charged bigint NOT NULL CHECK (charged >= 0),
  refunds integer NOT NULL CHECK (refunds >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  PRIMARY KEY (account_id, quarter, action)
) WITH (fillfactor = 80);

CREATE TABLE spend_totals (
  part integer NOT NULL,
  quarter integer NOT NULL,
  action text COLLATE "C" NOT NULL,
  charges integer NOT NULL CHECK (charges >= 0),
  charged bigint NOT NULL CHECK (charged >= 0),
  refunds integer NOT NULL CHECK (refunds >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  PRIMARY KEY (part, quarter, action)
) WITH (fillfactor = 80);

-- The last entry of each journal that is in the sums.
CREATE TABLE spend_marks (
  account_id text COLLATE "C" NOT NULL PRIMARY KEY,
  sequence bigint NOT NULL CHECK (sequence >= 1)
) WITH (fillfactor = 80);
