-- How much keys that grant credits can grant in a day, and have granted.
ALTER TABLE service_keys ADD COLUMN grant_limit_per_day bigint CHECK (grant_limit_per_day >= 1);

CREATE TABLE grant_days (
  key_id text COLLATE "C" NOT NULL,
  day integer NOT NULL,
  granted bigint NOT NULL CHECK (granted >= 0),
  PRIMARY KEY (key_id, day)
);
