-- Roles of users, and the time before which sessions are ended.
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'support', 'finance', 'admin'));
ALTER TABLE users ADD COLUMN sessions_ended_at_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN deleted_at_ms BIGINT;

-- Sessions that were ended before they expired.
CREATE TABLE ended_tokens (
  user_id TEXT NOT NULL,
  jti TEXT NOT NULL,
  expires_at_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, jti)
) WITHOUT ROWID;

-- The newest link of each purpose for a user. Only the hash of its secret is stored.
CREATE TABLE one_time_links (
  user_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  payload TEXT,
  expires_at_ms BIGINT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, purpose)
) WITHOUT ROWID;

CREATE TABLE service_keys (
  id TEXT NOT NULL PRIMARY KEY,
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  previous_hash TEXT,
  previous_until_ms BIGINT,
  created_by TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  expires_at_ms BIGINT,
  revoked_at_ms BIGINT,
  last_used_at_ms BIGINT
) WITHOUT ROWID;

CREATE INDEX service_keys_owner ON service_keys (owner_id, id);

-- The audit log. Ids grow with time.
CREATE TABLE audit_events (
  id TEXT NOT NULL PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT,
  details TEXT,
  request_id TEXT
) WITHOUT ROWID;

CREATE INDEX audit_events_actor ON audit_events (actor, id);
CREATE INDEX audit_events_subject ON audit_events (subject, id);

CREATE TRIGGER audit_events_never_updated BEFORE UPDATE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'audit events are never updated');
END;

CREATE TRIGGER audit_events_never_deleted BEFORE DELETE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'audit events are never deleted');
END;
