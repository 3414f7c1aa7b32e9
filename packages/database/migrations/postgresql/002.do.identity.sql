-- Roles of users, and the time before which sessions are ended.
ALTER TABLE users
  ADD COLUMN role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'support', 'finance', 'admin')),
  ADD COLUMN sessions_ended_at_ms bigint NOT NULL DEFAULT 0,
  ADD COLUMN deleted_at_ms bigint;

-- Sessions that were ended before they expired.
CREATE TABLE ended_tokens (
  user_id text COLLATE "C" NOT NULL,
  jti text COLLATE "C" NOT NULL,
  expires_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, jti)
);

-- The newest link of each purpose for a user. Only the hash of its secret is stored.
CREATE TABLE one_time_links (
  user_id text COLLATE "C" NOT NULL,
  purpose text COLLATE "C" NOT NULL,
  secret_hash text NOT NULL,
  payload text,
  expires_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, purpose)
);

CREATE TABLE service_keys (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  owner_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  scopes text NOT NULL,
  secret_hash text NOT NULL,
  previous_hash text,
  previous_until_ms bigint,
  created_by text NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint,
  revoked_at_ms bigint,
  last_used_at_ms bigint
);

CREATE INDEX service_keys_owner ON service_keys (owner_id, id);

-- The audit log. Ids grow with time.
CREATE TABLE audit_events (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  at_ms bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  reason text,
  details text,
  request_id text
);

CREATE INDEX audit_events_actor ON audit_events (actor, id);
CREATE INDEX audit_events_subject ON audit_events (subject, id);

CREATE FUNCTION audit_events_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are never updated or deleted';
END $$;

CREATE TRIGGER audit_events_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_final();
