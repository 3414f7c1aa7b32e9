-- Calls, in partitions of a month by their ids, which begin with the time at which a log counts. Jifen adds the partitions ahead:
-- no log has an id before "log-", so the first partition stays empty.
CREATE TABLE call_logs (
  user_id varchar(320) NOT NULL,
  id varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  counted_at_ms bigint NOT NULL,
  action varchar(100) NOT NULL,
  success boolean NOT NULL,
  duration_ms integer CHECK (duration_ms >= 0),
  subject_id varchar(100) CHARACTER SET ascii COLLATE ascii_bin,
  reference varchar(100),
  details mediumtext,
  details_bytes integer NOT NULL CHECK (details_bytes >= 0),
  occurred_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, id),
  KEY call_logs_action (user_id, action, id),
  KEY call_logs_failed (user_id, success, id),
  KEY call_logs_subject (subject_id, id),
  KEY call_logs_reference (reference, id),
  KEY call_logs_time (counted_at_ms, id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */
  PARTITION BY RANGE COLUMNS (id) (PARTITION none VALUES LESS THAN ('log-'));

-- Which log has which idempotency key: a partitioned table has no unique key but of what it is partitioned by.
CREATE TABLE log_keys (
  user_id varchar(320) NOT NULL,
  idempotency_key varchar(320) NOT NULL,
  log_id varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- Sums by quarter of an hour and action: of a user, and of all users.
CREATE TABLE log_rollups (
  user_id varchar(320) NOT NULL,
  quarter integer NOT NULL,
  action varchar(100) NOT NULL,
  calls integer NOT NULL CHECK (calls >= 1),
  failures integer NOT NULL CHECK (failures >= 0),
  timed integer NOT NULL CHECK (timed >= 0),
  duration_sum_ms bigint NOT NULL CHECK (duration_sum_ms >= 0),
  d0 integer, d1 integer, d2 integer, d3 integer, d4 integer, d5 integer, d6 integer, d7 integer, d8 integer, d9 integer,
  d10 integer, d11 integer, d12 integer, d13 integer, d14 integer, d15 integer, d16 integer, d17 integer, d18 integer, d19 integer,
  PRIMARY KEY (user_id, quarter, action)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

CREATE TABLE log_totals (
  part integer NOT NULL,
  quarter integer NOT NULL,
  action varchar(100) NOT NULL,
  calls integer NOT NULL CHECK (calls >= 1),
  failures integer NOT NULL CHECK (failures >= 0),
  timed integer NOT NULL CHECK (timed >= 0),
  duration_sum_ms bigint NOT NULL CHECK (duration_sum_ms >= 0),
  d0 integer, d1 integer, d2 integer, d3 integer, d4 integer, d5 integer, d6 integer, d7 integer, d8 integer, d9 integer,
  d10 integer, d11 integer, d12 integer, d13 integer, d14 integer, d15 integer, d16 integer, d17 integer, d18 integer, d19 integer,
  PRIMARY KEY (part, quarter, action)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
