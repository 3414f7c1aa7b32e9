-- Where outgoing events of a user, or of all users, are sent.
CREATE TABLE webhook_endpoints (
  owner_id TEXT NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  all_users BOOLEAN NOT NULL,
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_until_ms BIGINT,
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
  reason TEXT,
  failures INTEGER NOT NULL CHECK (typeof(failures) = 'integer' AND failures >= 0),
  created_by TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
) WITHOUT ROWID;

CREATE INDEX webhook_endpoints_all ON webhook_endpoints (all_users);

-- Events for endpoints, written in the transaction of the change that they report.
CREATE TABLE outgoing_events (
  user_id TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  fan_out_ms BIGINT,
  PRIMARY KEY (user_id, id)
) WITHOUT ROWID;

CREATE INDEX outgoing_events_new ON outgoing_events (fan_out_ms) WHERE fan_out_ms IS NOT NULL;

-- One event for one endpoint.
CREATE TABLE webhook_deliveries (
  owner_id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event_user_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  tries INTEGER NOT NULL CHECK (typeof(tries) = 'integer' AND tries >= 0),
  next_ms BIGINT,
  last_status INTEGER,
  last_error TEXT,
  last_at_ms BIGINT,
  PRIMARY KEY (owner_id, endpoint_id, event_id)
) WITHOUT ROWID;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_ms) WHERE next_ms IS NOT NULL;
