-- Where outgoing events of a user, or of all users, are sent.
CREATE TABLE webhook_endpoints (
  owner_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  url text NOT NULL,
  events text NOT NULL,
  all_users boolean NOT NULL,
  secret text NOT NULL,
  previous_secret text,
  previous_until_ms bigint,
  state text NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
  reason text,
  failures integer NOT NULL CHECK (failures >= 0),
  created_by text COLLATE "C" NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (owner_id, id)
);

CREATE INDEX webhook_endpoints_all ON webhook_endpoints (all_users);

-- Events for endpoints, written in the transaction of the change that they report.
CREATE TABLE outgoing_events (
  user_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  type text NOT NULL,
  data text NOT NULL,
  created_at_ms bigint NOT NULL,
  fan_out_ms bigint,
  PRIMARY KEY (user_id, id)
);

CREATE INDEX outgoing_events_new ON outgoing_events (fan_out_ms) WHERE fan_out_ms IS NOT NULL;

-- One event for one endpoint.
CREATE TABLE webhook_deliveries (
  owner_id text COLLATE "C" NOT NULL,
  endpoint_id text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  event_user_id text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  tries integer NOT NULL CHECK (tries >= 0),
  next_ms bigint,
  last_status integer,
  last_error text,
  last_at_ms bigint,
  PRIMARY KEY (owner_id, endpoint_id, event_id)
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_ms) WHERE next_ms IS NOT NULL;
