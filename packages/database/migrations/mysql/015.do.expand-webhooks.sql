-- Where outgoing events of a user, or of all users, are sent.
CREATE TABLE webhook_endpoints (
  owner_id varchar(320) NOT NULL,
  id varchar(320) NOT NULL,
  url text NOT NULL,
  events text NOT NULL,
  all_users boolean NOT NULL,
  secret text NOT NULL,
  previous_secret text,
  previous_until_ms bigint,
  state varchar(32) NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
  reason text,
  failures int NOT NULL CHECK (failures >= 0),
  created_by varchar(330) NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (owner_id, id),
  KEY webhook_endpoints_all (all_users)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- Events for endpoints, written in the transaction of the change that they report.
CREATE TABLE outgoing_events (
  user_id varchar(320) NOT NULL,
  id varchar(320) NOT NULL,
  type varchar(32) NOT NULL,
  data mediumtext NOT NULL,
  created_at_ms bigint NOT NULL,
  fan_out_ms bigint,
  PRIMARY KEY (user_id, id),
  KEY outgoing_events_new (fan_out_ms)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- One event for one endpoint.
CREATE TABLE webhook_deliveries (
  owner_id varchar(320) NOT NULL,
  endpoint_id varchar(100) NOT NULL,
  event_id varchar(100) NOT NULL,
  event_user_id varchar(320) NOT NULL,
  state varchar(32) NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  tries int NOT NULL CHECK (tries >= 0),
  next_ms bigint,
  last_status int,
  last_error text,
  last_at_ms bigint,
  PRIMARY KEY (owner_id, endpoint_id, event_id),
  KEY webhook_deliveries_due (next_ms)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
