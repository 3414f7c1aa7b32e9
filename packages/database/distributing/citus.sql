-- Distributes the tables that `jifen migrate` has made over the workers of Citus, by account and by user: once, on the
-- coordinator, before there is anything in them. Not run by our tests, which compare it with the tables: read
-- docs/scaling.md, which says what does not work yet.
BEGIN;

-- A distributed table has no triggers (https://docs.citusdata.com/en/stable/extra/triggers.html). These two refuse to delete
-- accounts and to change the journal; without them, the code and `jifen audit` alone see to it.
DROP TRIGGER accounts_never_deleted ON accounts;
DROP TRIGGER transactions_never_changed ON transactions;

SELECT create_distributed_table('accounts', 'id', colocate_with => 'none');
SELECT create_distributed_table('grants', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('holds', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('transactions', 'account_id', colocate_with => 'accounts');

SELECT create_distributed_table('users', 'id', colocate_with => 'none');
SELECT create_distributed_table('logs', 'user_id', colocate_with => 'users');
-- Their user_id compares byte by byte, that of users as the database does: such tables cannot lie beside one another.
SELECT create_distributed_table('ended_tokens', 'user_id', colocate_with => 'none');
SELECT create_distributed_table('one_time_links', 'user_id', colocate_with => 'ended_tokens');

-- Small, and read wherever somebody calls.
SELECT create_reference_table('service_keys');

-- Of the whole installation, and only appended to, or counted in: local to the coordinator.
-- local: audit_events
-- local: audit_runs
-- local: counters
-- local: job_leases
-- local: jifen_migrations

COMMIT;
