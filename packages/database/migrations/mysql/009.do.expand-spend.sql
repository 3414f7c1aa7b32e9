-- Sums of charges and refunds by quarter of an hour and action, fed from the journal: of an account, and of all accounts.
CREATE TABLE spend_rollups (
  account_id varchar(320) NOT NULL,
  quarter integer NOT NULL,
  action varchar(100) NOT NULL,
  charges integer NOT NULL CHECK (charges >= 0),
  charged bigint NOT NULL CHECK (charged >= 0),
  refunds integer NOT NULL CHECK (refunds >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  PRIMARY KEY (account_id, quarter, action)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

CREATE TABLE spend_totals (
  part integer NOT NULL,
  quarter integer NOT NULL,
  action varchar(100) NOT NULL,
  charges integer NOT NULL CHECK (charges >= 0),
  charged bigint NOT NULL CHECK (charged >= 0),
  refunds integer NOT NULL CHECK (refunds >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  PRIMARY KEY (part, quarter, action)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- The last entry of each journal that is in the sums.
CREATE TABLE spend_marks (
  account_id varchar(320) NOT NULL PRIMARY KEY,
  sequence bigint NOT NULL CHECK (sequence >= 1)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
