-- Rate limit counters that several servers share. They can be lost.
CREATE TABLE counters (
  key TEXT NOT NULL PRIMARY KEY,
  points BIGINT NOT NULL,
  expires_at_ms BIGINT NOT NULL
) WITHOUT ROWID;
