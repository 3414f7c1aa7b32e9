-- Roles of users, and the time before which sessions are ended.
ALTER TABLE users
  ADD COLUMN role varchar(32) NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'support', 'finance', 'admin')),
  ADD COLUMN sessions_ended_at_ms bigint NOT NULL DEFAULT 0,
  ADD COLUMN deleted_at_ms bigint;

-- Sessions that were ended before they expired.
CREATE TABLE ended_tokens (
  user_id varchar(320) NOT NULL,
  jti varchar(320) NOT NULL,
  expires_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, jti)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- The newest link of each purpose for a user. Only the hash of its secret is stored.
CREATE TABLE one_time_links (
  user_id varchar(320) NOT NULL,
  purpose varchar(32) NOT NULL,
  secret_hash varchar(255) NOT NULL,
  payload mediumtext,
  expires_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, purpose)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

CREATE TABLE service_keys (
  id varchar(320) NOT NULL PRIMARY KEY,
  owner_id varchar(320) NOT NULL,
  name text NOT NULL,
  scopes text NOT NULL,
  secret_hash varchar(255) NOT NULL,
  previous_hash varchar(255),
  previous_until_ms bigint,
  created_by varchar(330) NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint,
  revoked_at_ms bigint,
  last_used_at_ms bigint,
  KEY service_keys_owner (owner_id, id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- The audit log. Ids grow with time.
CREATE TABLE audit_events (
  id varchar(320) NOT NULL PRIMARY KEY,
  at_ms bigint NOT NULL,
  actor varchar(330) NOT NULL,
  action varchar(255) NOT NULL,
  subject varchar(330) NOT NULL,
  reason text,
  details mediumtext,
  request_id varchar(255),
  KEY audit_events_actor (actor, id),
  KEY audit_events_subject (subject, id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

CREATE TRIGGER audit_events_never_updated BEFORE UPDATE ON audit_events FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit events are never updated';

CREATE TRIGGER audit_events_never_deleted BEFORE DELETE ON audit_events FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit events are never deleted';
