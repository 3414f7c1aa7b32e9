-- Rate limit counters that several servers share. They can be lost.
CREATE TABLE counters (
  key text COLLATE "C" NOT NULL PRIMARY KEY,
  points bigint NOT NULL,
  expires_at_ms bigint NOT NULL
);
