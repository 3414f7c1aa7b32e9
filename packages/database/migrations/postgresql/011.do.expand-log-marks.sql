-- Up to which time what was removed: expired logs, their keys, expired details, the details of deleted users.
CREATE TABLE log_marks (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  before_ms bigint NOT NULL
);
