-- Lists the open holds of all accounts, oldest first. Its condition is not that of holds_pending: a planner without statistics
-- would take it for the open holds of one account.
CREATE INDEX holds_open ON holds (id) WHERE resolved_at_ms IS NULL;
