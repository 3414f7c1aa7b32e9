-- Sums of the entries of an account in a month that is over, so that they are computed once. The month is its first moment and
-- the first one after it: time zones that have both in common share the row.
CREATE TABLE statements (
  account_id TEXT NOT NULL,
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  opening_sequence BIGINT NOT NULL CHECK (typeof(opening_sequence) = 'integer' AND opening_sequence >= 0),
  closing_sequence BIGINT NOT NULL CHECK (typeof(closing_sequence) = 'integer' AND closing_sequence >= 1),
  sums TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (account_id, from_ms, to_ms)
) WITHOUT ROWID;
