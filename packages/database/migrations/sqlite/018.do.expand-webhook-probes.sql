-- Since when events fail in a row, and when an endpoint that is paused is tried next.
ALTER TABLE webhook_endpoints ADD COLUMN failing_since_ms BIGINT;
ALTER TABLE webhook_endpoints ADD COLUMN next_probe_ms BIGINT;
