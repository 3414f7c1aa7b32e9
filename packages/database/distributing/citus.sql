-- Distributes the tables that `jifen migrate` has created over the workers of Citus, by account and by user. Run it once, on
-- the coordinator, while the tables are empty. The tests compare this script with models.prisma and with the tables; they do
-- not run it. docs/scaling.md lists what does not work on Citus yet.
BEGIN;

-- A distributed table has no triggers (https://docs.citusdata.com/en/stable/extra/triggers.html). These two refuse to delete
-- accounts and to change entries. Without them only the code does not, and `jifen audit` detects such a change.
DROP TRIGGER accounts_never_deleted ON accounts;
DROP TRIGGER transactions_never_changed ON transactions;

SELECT create_distributed_table('accounts', 'id', colocate_with => 'none');
SELECT create_distributed_table('grants', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('holds', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('transactions', 'account_id', colocate_with => 'accounts');

SELECT create_distributed_table('users', 'id', colocate_with => 'none');
SELECT create_distributed_table('logs', 'user_id', colocate_with => 'users');
-- Their user_id has the collation "C", the id of users that of the database: tables can be colocated only if both are equal.
SELECT create_distributed_table('ended_tokens', 'user_id', colocate_with => 'none');
SELECT create_distributed_table('one_time_links', 'user_id', colocate_with => 'ended_tokens');

-- Small, and read for calls of every user: each node has a copy.
SELECT create_reference_table('service_keys');

-- Every other table stays on the coordinator.

COMMIT;
