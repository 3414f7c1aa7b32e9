-- How much keys that grant credits can grant in a day, and have granted.
ALTER TABLE service_keys ADD COLUMN grant_limit_per_day BIGINT
  CHECK (grant_limit_per_day IS NULL OR (typeof(grant_limit_per_day) = 'integer' AND grant_limit_per_day >= 1));

CREATE TABLE grant_days (
  key_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  granted BIGINT NOT NULL CHECK (typeof(granted) = 'integer' AND granted >= 0),
  PRIMARY KEY (key_id, day)
) WITHOUT ROWID;
