-- When users were last seen, and the indexes of the lists of users by role, by state and newest first.
ALTER TABLE users ADD COLUMN last_seen_at_ms BIGINT;

CREATE INDEX users_role ON users (role, id);
CREATE INDEX users_role_newest ON users (role, created_at_ms, id);
CREATE INDEX users_newest ON users (created_at_ms, id);
CREATE INDEX users_suspended ON users (suspended_at_ms, id);
CREATE INDEX users_suspended_newest ON users (suspended_at_ms, created_at_ms, id);
