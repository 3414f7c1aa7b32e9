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
  sequence BIGINT NOT NULL CHECK (typeof(sequence) = 'integer' AND sequence >= 0),
  next_due_ms BIGINT
) WITHOUT ROWID;

CREATE INDEX accounts_due ON accounts (next_due_ms) WHERE next_due_ms IS NOT NULL;

-- Rows have no foreign key to their account: accounts are never deleted.
CREATE TRIGGER accounts_never_deleted BEFORE DELETE ON accounts
BEGIN
  SELECT RAISE(ABORT, 'accounts are never deleted');
END;

CREATE TABLE grants (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
  remaining BIGINT NOT NULL CHECK (typeof(remaining) = 'integer' AND remaining >= 0 AND remaining <= amount),
  -- An index on this column, unlike one on `remaining`, does not change while credits remain.
  is_open BOOLEAN NOT NULL GENERATED ALWAYS AS (remaining > 0) STORED,
  priority INTEGER NOT NULL,
  expires_at_ms BIGINT,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (account_id, id)
) WITHOUT ROWID;

CREATE INDEX grants_open ON grants (account_id) WHERE is_open;

CREATE TABLE holds (
  account_id TEXT NOT NULL,
  id TEXT NOT NULL,
  placed_by TEXT NOT NULL,
  action TEXT NOT NULL,
  metadata TEXT,
  amount BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
  shares TEXT NOT NULL,
  state TEXT NOT NULL,
  captured BIGINT NOT NULL CHECK (typeof(captured) = 'integer' AND captured >= 0),
  released BIGINT NOT NULL CHECK (typeof(released) = 'integer' AND released >= 0),
  expired BIGINT NOT NULL CHECK (typeof(expired) = 'integer' AND expired >= 0),
  expires_at_ms BIGINT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  resolved_at_ms BIGINT,
  PRIMARY KEY (account_id, id),
  CHECK (captured + released + expired = CASE state WHEN 'pending' THEN 0 ELSE amount END)
) WITHOUT ROWID;

CREATE INDEX holds_pending ON holds (account_id, expires_at_ms) WHERE state = 'pending';

CREATE TABLE transactions (
  account_id TEXT NOT NULL,
  sequence BIGINT NOT NULL CHECK (typeof(sequence) = 'integer' AND sequence > 0),
  id TEXT NOT NULL,
  idempotency_key TEXT,
  kind TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND (amount > 0 OR (amount = 0 AND kind = 'extend'))),
  action TEXT NOT NULL,
  metadata TEXT,
  terms TEXT,
  subject_id TEXT,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL CHECK (credit <> debit),
  balance_after BIGINT NOT NULL CHECK (typeof(balance_after) = 'integer' AND balance_after >= 0),
  held_after BIGINT NOT NULL CHECK (typeof(held_after) = 'integer' AND held_after >= 0),
  shares TEXT NOT NULL,
  lapsed BIGINT NOT NULL CHECK (typeof(lapsed) = 'integer' AND lapsed >= 0 AND lapsed <= balance_after),
  expires_at_ms BIGINT,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (account_id, sequence)
) WITHOUT ROWID;

-- An entry whose request had no idempotency key has null here.
CREATE UNIQUE INDEX transactions_key ON transactions (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Ids grow with time: new ones are appended to the index.
CREATE INDEX transactions_id ON transactions (id);
CREATE INDEX transactions_subject ON transactions (account_id, subject_id) WHERE subject_id IS NOT NULL;

-- Entries are inserted once. A correction is a new entry.
CREATE TRIGGER transactions_never_updated BEFORE UPDATE ON transactions
BEGIN
  SELECT RAISE(ABORT, 'transactions are never updated');
END;

CREATE TRIGGER transactions_never_deleted BEFORE DELETE ON transactions
BEGIN
  SELECT RAISE(ABORT, 'transactions are never deleted');
END;

-- The results of audits of the ledger.
CREATE TABLE audit_runs (
  id TEXT NOT NULL PRIMARY KEY,
  started_at_ms BIGINT NOT NULL,
  finished_at_ms BIGINT NOT NULL,
  accounts BIGINT NOT NULL CHECK (typeof(accounts) = 'integer' AND accounts >= 0),
  transactions BIGINT NOT NULL CHECK (typeof(transactions) = 'integer' AND transactions >= 0),
  differences BIGINT NOT NULL CHECK (typeof(differences) = 'integer' AND differences >= 0)
) WITHOUT ROWID;

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
