-- Calls, in partitions of a month by their ids, which begin with the time at which a log counts. Jifen makes the partitions ahead.
-- There is no default partition: it would forbid to detach one while logs are written.
CREATE TABLE call_logs (
  user_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  counted_at_ms bigint NOT NULL,
  action text COLLATE "C" NOT NULL,
  success boolean NOT NULL,
  duration_ms integer CHECK (duration_ms >= 0),
  subject_id text COLLATE "C",
  reference text COLLATE "C",
  details text,
  details_bytes integer NOT NULL CHECK (details_bytes >= 0),
  occurred_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, id)
) PARTITION BY RANGE (id);

CREATE INDEX call_logs_action ON call_logs (user_id, action, id);

CREATE INDEX call_logs_failed ON call_logs (user_id, id) WHERE NOT success;

CREATE INDEX call_logs_subject ON call_logs (subject_id, id) WHERE subject_id IS NOT NULL;

CREATE INDEX call_logs_reference ON call_logs (reference, id) WHERE reference IS NOT NULL;

-- Not on the id alone: the planner could read the logs of one user through it, and filter those of all others.
CREATE INDEX call_logs_time ON call_logs (counted_at_ms, id);

-- Which log has which idempotency key: a partitioned table has no unique key but of what it is partitioned by.
CREATE TABLE log_keys (
  user_id text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  log_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
);

-- Sums by quarter of an hour and action: of a user, and of all users. Rows change often: the fill factor leaves them room.
CREATE TABLE log_rollups (
  user_id text COLLATE "C" NOT NULL,
  quarter integer NOT NULL,
  action text COLLATE "C" NOT NULL,
  calls integer NOT NULL CHECK (calls >= 1),
  failures integer NOT NULL CHECK (failures >= 0),
  timed integer NOT NULL CHECK (timed >= 0),
  duration_sum_ms bigint NOT NULL CHECK (duration_sum_ms >= 0),
  d0 integer, d1 integer, d2 integer, d3 integer, d4 integer, d5 integer, d6 integer, d7 integer, d8 integer, d9 integer,
  d10 integer, d11 integer, d12 integer, d13 integer, d14 integer, d15 integer, d16 integer, d17 integer, d18 integer, d19 integer,
  PRIMARY KEY (user_id, quarter, action)
) WITH (fillfactor = 80);

CREATE TABLE log_totals (
  part integer NOT NULL,
  quarter integer NOT NULL,
  action text COLLATE "C" NOT NULL,
  calls integer NOT NULL CHECK (calls >= 1),
  failures integer NOT NULL CHECK (failures >= 0),
  timed integer NOT NULL CHECK (timed >= 0),
  duration_sum_ms bigint NOT NULL CHECK (duration_sum_ms >= 0),
  d0 integer, d1 integer, d2 integer, d3 integer, d4 integer, d5 integer, d6 integer, d7 integer, d8 integer, d9 integer,
  d10 integer, d11 integer, d12 integer, d13 integer, d14 integer, d15 integer, d16 integer, d17 integer, d18 integer, d19 integer,
  PRIMARY KEY (part, quarter, action)
) WITH (fillfactor = 50);
