CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT,
  token_version INTEGER NOT NULL DEFAULT 1,
  suspended_at_ms BIGINT,
  created_at_ms BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
  id TEXT NOT NULL PRIMARY KEY,
  balance BIGINT NOT NULL CHECK (typeof(balance) = 'integer' AND balance >= 0),
  held BIGINT NOT NULL CHECK (typeof(held) = 'integer' AND held >= 0),
  sequence BIGINT NOT NULL CHECK (typeof(sequence) = 'integer' AND sequence >= 0)
) WITHOUT ROWID;

CREATE TABLE grants (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
  remaining BIGINT NOT NULL CHECK (typeof(remaining) = 'integer' AND remaining >= 0 AND remaining <= amount),
  priority INTEGER NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (account_id, id)
) WITHOUT ROWID;

CREATE INDEX grants_open ON grants (account_id, priority, created_at_ms, id) WHERE remaining > 0;

CREATE TABLE transactions (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  sequence BIGINT NOT NULL CHECK (typeof(sequence) = 'integer' AND sequence > 0),
  id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
  action TEXT NOT NULL,
  metadata TEXT,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL CHECK (credit <> debit),
  balance_after BIGINT NOT NULL CHECK (typeof(balance_after) = 'integer' AND balance_after >= 0),
  held_after BIGINT NOT NULL CHECK (typeof(held_after) = 'integer' AND held_after >= 0),
  shares TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (account_id, sequence)
) WITHOUT ROWID;

CREATE UNIQUE INDEX transactions_key ON transactions (account_id, idempotency_key);

-- The journal is written once. Whoever wants to correct it writes a new line.
CREATE TRIGGER transactions_never_updated BEFORE UPDATE ON transactions
BEGIN
  SELECT RAISE(ABORT, 'transactions are never updated');
END;

CREATE TRIGGER transactions_never_deleted BEFORE DELETE ON transactions
BEGIN
  SELECT RAISE(ABORT, 'transactions are never deleted');
END;

CREATE TABLE logs (
  user_id TEXT NOT NULL,
  id TEXT NOT NULL,
  idempotency_key TEXT,
  action TEXT NOT NULL,
  details TEXT NOT NULL,
  success BOOLEAN NOT NULL,
  occurred_at_ms BIGINT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (user_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX logs_key ON logs (user_id, idempotency_key);
