-- Sums of the entries of an account in a month that is over, so that they are computed once. The month is its first moment and
-- the first one after it: time zones that have both in common share the row.
CREATE TABLE statements (
  account_id varchar(320) NOT NULL,
  from_ms bigint NOT NULL,
  to_ms bigint NOT NULL,
  opening_sequence bigint NOT NULL CHECK (opening_sequence >= 0),
  closing_sequence bigint NOT NULL CHECK (closing_sequence >= 1),
  sums mediumtext NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, from_ms, to_ms)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
