-- Which process runs a background job, and until when.
CREATE TABLE job_leases (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  holder text NOT NULL,
  until_ms bigint NOT NULL
);
