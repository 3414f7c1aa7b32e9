-- When users are told that their balance is low.
CREATE TABLE balance_alerts (
  user_id TEXT NOT NULL PRIMARY KEY,
  threshold BIGINT CHECK (threshold IS NULL OR (typeof(threshold) = 'integer' AND threshold >= 0)),
  low_since_ms BIGINT
) WITHOUT ROWID;
