-- Rate limit counters that several servers share. They can be lost.
CREATE TABLE counters (
  `key` varchar(320) NOT NULL PRIMARY KEY,
  points bigint NOT NULL,
  expires_at_ms bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
