-- Old events are removed in the order of time.
CREATE INDEX outgoing_events_created ON outgoing_events (created_at_ms);
