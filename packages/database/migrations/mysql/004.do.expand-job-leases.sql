-- Which process runs a background job, and until when.
CREATE TABLE job_leases (
  name varchar(320) NOT NULL PRIMARY KEY,
  holder text NOT NULL,
  until_ms bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
