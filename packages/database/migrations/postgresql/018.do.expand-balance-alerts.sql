-- When users are told that their balance is low.
CREATE TABLE balance_alerts (
  user_id text COLLATE "C" NOT NULL PRIMARY KEY,
  threshold bigint CHECK (threshold >= 0),
  low_since_ms bigint
);
