-- What is counted against whom, where several servers count together. Losing it harms nobody.
CREATE TABLE counters (
  key text COLLATE "C" NOT NULL PRIMARY KEY,
  points bigint NOT NULL,
  expires_at_ms bigint NOT NULL
);
