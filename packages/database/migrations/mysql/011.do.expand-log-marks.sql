-- Up to which time what was removed: expired logs, their keys, expired details, the details of deleted users.
CREATE TABLE log_marks (
  name varchar(100) NOT NULL PRIMARY KEY,
  before_ms bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
