-- Sums of grants, revocations and expirations by quarter of an hour, fed from the journal as those of charges and refunds.
CREATE TABLE credit_totals (
  part integer NOT NULL,
  quarter integer NOT NULL,
  kind varchar(100) NOT NULL CHECK (kind IN ('grant', 'revoke', 'expire')),
  source varchar(100) NOT NULL,
  entries integer NOT NULL CHECK (entries >= 0),
  amount bigint NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (part, quarter, kind, source)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- The last entry that is in them. Entries of earlier versions are added in the background.
ALTER TABLE spend_marks ADD COLUMN credit_sequence bigint;

-- Which accounts were charged in a time.
CREATE INDEX spend_rollups_active ON spend_rollups (quarter, account_id);
