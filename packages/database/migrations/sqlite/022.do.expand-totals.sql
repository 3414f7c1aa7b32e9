-- What the entries of an account through one of them add up to.
CREATE TABLE account_totals (
  account_id TEXT NOT NULL PRIMARY KEY,
  sequence BIGINT NOT NULL CHECK (typeof(sequence) = 'integer' AND sequence >= 1),
  granted BIGINT NOT NULL CHECK (typeof(granted) = 'integer' AND granted >= 0),
  spent BIGINT NOT NULL CHECK (typeof(spent) = 'integer' AND spent >= 0),
  refunded BIGINT NOT NULL CHECK (typeof(refunded) = 'integer' AND refunded >= 0),
  revoked BIGINT NOT NULL CHECK (typeof(revoked) = 'integer' AND revoked >= 0),
  expired BIGINT NOT NULL CHECK (typeof(expired) = 'integer' AND expired >= 0)
) WITHOUT ROWID;
