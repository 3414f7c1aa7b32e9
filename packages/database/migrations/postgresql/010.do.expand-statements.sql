-- Sums of the entries of an account in a month that is over, so that they are computed once. The month is its first moment and
-- the first one after it: time zones that have both in common share the row.
CREATE TABLE statements (
  account_id text COLLATE "C" NOT NULL,
  from_ms bigint NOT NULL,
  to_ms bigint NOT NULL,
  opening_sequence bigint NOT NULL CHECK (opening_sequence >= 0),
  closing_sequence bigint NOT NULL CHECK (closing_sequence >= 1),
  sums text NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, from_ms, to_ms)
);
