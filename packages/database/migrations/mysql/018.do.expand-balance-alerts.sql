-- When users are told that their balance is low.
CREATE TABLE balance_alerts (
  user_id varchar(320) NOT NULL PRIMARY KEY,
  threshold bigint CHECK (threshold >= 0),
  low_since_ms bigint
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
