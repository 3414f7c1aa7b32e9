-- What is counted against whom, where several servers count together. Losing it harms nobody.
CREATE TABLE counters (
  `key` varchar(320) NOT NULL PRIMARY KEY,
  points bigint NOT NULL,
  expires_at_ms bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
