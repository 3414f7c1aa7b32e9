-- Which process runs a background job, and until when.
CREATE TABLE job_leases (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until_ms BIGINT NOT NULL
) WITHOUT ROWID;
