-- How much keys that grant credits can grant in a day, and have granted.
ALTER TABLE service_keys ADD COLUMN grant_limit_per_day bigint CHECK (grant_limit_per_day >= 1);

CREATE TABLE grant_days (
  key_id varchar(64) NOT NULL,
  day integer NOT NULL,
  granted bigint NOT NULL CHECK (granted >= 0),
  PRIMARY KEY (key_id, day)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
