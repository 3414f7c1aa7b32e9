-- Lists the keys of all owners, newest first and by state.
CREATE INDEX service_keys_newest ON service_keys (created_at_ms, id);
CREATE INDEX service_keys_revoked_newest ON service_keys (revoked_at_ms, created_at_ms, id);
CREATE INDEX service_keys_expiry ON service_keys (expires_at_ms);
