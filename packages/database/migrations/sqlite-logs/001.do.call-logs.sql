-- The file of the logs: a batch of logs locks it while the ledger's file is written.
CREATE TABLE call_logs (
  user_id TEXT NOT NULL,
  id TEXT NOT NULL,
  counted_at_ms BIGINT NOT NULL,
  action TEXT NOT NULL,
  success BOOLEAN NOT NULL,
  duration_ms INTEGER CHECK (duration_ms IS NULL OR (typeof(duration_ms) = 'integer' AND duration_ms >= 0)),
  subject_id TEXT,
  reference TEXT,
  details TEXT,
  details_bytes INTEGER NOT NULL CHECK (typeof(details_bytes) = 'integer' AND details_bytes >= 0),
  occurred_at_ms BIGINT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, id)
);

CREATE INDEX call_logs_action ON call_logs (user_id, action, id);

CREATE INDEX call_logs_failed ON call_logs (user_id, id) WHERE NOT success;

CREATE INDEX call_logs_subject ON call_logs (subject_id, id) WHERE subject_id IS NOT NULL;

CREATE INDEX call_logs_reference ON call_logs (reference, id) WHERE reference IS NOT NULL;

CREATE INDEX call_logs_time ON call_logs (counted_at_ms, id);

CREATE TABLE log_keys (
  user_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  log_id TEXT NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
) WITHOUT ROWID;

-- Sums by quarter of an hour and action: of a user, and of all users.
CREATE TABLE log_rollups (
  user_id TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  action TEXT NOT NULL,
  calls INTEGER NOT NULL CHECK (typeof(calls) = 'integer' AND calls >= 1),
  failures INTEGER NOT NULL CHECK (typeof(failures) = 'integer' AND failures >= 0),
  timed INTEGER NOT NULL CHECK (typeof(timed) = 'integer' AND timed >= 0),
  duration_sum_ms BIGINT NOT NULL CHECK (typeof(duration_sum_ms) = 'integer' AND duration_sum_ms >= 0),
  d0 INTEGER, d1 INTEGER, d2 INTEGER, d3 INTEGER, d4 INTEGER, d5 INTEGER, d6 INTEGER, d7 INTEGER, d8 INTEGER, d9 INTEGER,
  d10 INTEGER, d11 INTEGER, d12 INTEGER, d13 INTEGER, d14 INTEGER, d15 INTEGER, d16 INTEGER, d17 INTEGER, d18 INTEGER, d19 INTEGER,
  PRIMARY KEY (user_id, quarter, action)
) WITHOUT ROWID;

CREATE TABLE log_totals (
  part INTEGER NOT NULL,
  quarter INTEGER NOT NULL,
  action TEXT NOT NULL,
  calls INTEGER NOT NULL CHECK (typeof(calls) = 'integer' AND calls >= 1),
  failures INTEGER NOT NULL CHECK (typeof(failures) = 'integer' AND failures >= 0),
  timed INTEGER NOT NULL CHECK (typeof(timed) = 'integer' AND timed >= 0),
  duration_sum_ms BIGINT NOT NULL CHECK (typeof(duration_sum_ms) = 'integer' AND duration_sum_ms >= 0),
  d0 INTEGER, d1 INTEGER, d2 INTEGER, d3 INTEGER, d4 INTEGER, d5 INTEGER, d6 INTEGER, d7 INTEGER, d8 INTEGER, d9 INTEGER,
  d10 INTEGER, d11 INTEGER, d12 INTEGER, d13 INTEGER, d14 INTEGER, d15 INTEGER, d16 INTEGER, d17 INTEGER, d18 INTEGER, d19 INTEGER,
  PRIMARY KEY (part, quarter, action)
) WITHOUT ROWID;
