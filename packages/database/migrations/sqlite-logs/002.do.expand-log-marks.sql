-- Up to which time what was removed: expired logs, their keys, expired details, the details of deleted users.
CREATE TABLE log_marks (
  name TEXT NOT NULL PRIMARY KEY,
  before_ms BIGINT NOT NULL
) WITHOUT ROWID;
