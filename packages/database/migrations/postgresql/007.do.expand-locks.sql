-- Changed by each lock of the row: the nodes of a Galera cluster exchange changes, not locks.
ALTER TABLE users ADD COLUMN last_lock text COLLATE "C";
