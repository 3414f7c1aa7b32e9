CREATE TABLE users (
  id text NOT NULL PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text,
  token_version integer NOT NULL DEFAULT 1,
  suspended_at_ms bigint,
  created_at_ms bigint NOT NULL
);

CREATE TABLE accounts (
  id text NOT NULL PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  sequence bigint NOT NULL CHECK (sequence >= 0)
);

CREATE TABLE grants (
  account_id text NOT NULL REFERENCES accounts (id),
  id text NOT NULL,
  source text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  remaining bigint NOT NULL CHECK (remaining >= 0 AND remaining <= amount),
  priority integer NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE INDEX grants_open ON grants (account_id, priority, created_at_ms, id) WHERE remaining > 0;

CREATE TABLE transactions (
  account_id text NOT NULL REFERENCES accounts (id),
  sequence bigint NOT NULL CHECK (sequence > 0),
  id text NOT NULL,
  idempotency_key text NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  action text NOT NULL,
  metadata text,
  debit text NOT NULL,
  credit text NOT NULL CHECK (credit <> debit),
  balance_after bigint NOT NULL CHECK (balance_after >= 0),
  held_after bigint NOT NULL CHECK (held_after >= 0),
  shares text NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, sequence)
);

CREATE UNIQUE INDEX transactions_key ON transactions (account_id, idempotency_key);

-- The journal is written once. Whoever wants to correct it writes a new line.
CREATE FUNCTION transactions_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'transactions are never updated or deleted';
END $$;

CREATE TRIGGER transactions_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON transactions
  FOR EACH STATEMENT EXECUTE FUNCTION transactions_are_final();

CREATE TABLE logs (
  user_id text NOT NULL,
  id text NOT NULL,
  idempotency_key text,
  action text NOT NULL,
  details text NOT NULL,
  success boolean NOT NULL,
  occurred_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, id)
);

CREATE UNIQUE INDEX logs_key ON logs (user_id, idempotency_key);
