-- What is counted against whom, where several servers count together. Losing it harms nobody.
CREATE TABLE counters (
  key TEXT NOT NULL PRIMARY KEY,
  points BIGINT NOT NULL,
  expires_at_ms BIGINT NOT NULL
) WITHOUT ROWID;
