CREATE TABLE users (
  id text NOT NULL PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text,
  token_version integer NOT NULL DEFAULT 1,
  suspended_at_ms bigint,
  created_at_ms bigint NOT NULL
);

-- Ids and keys compare byte by byte, as on every other database of Jifen.
-- The fill factor leaves room in the pages of rows that change often, so that updates do not change indexes.
CREATE TABLE accounts (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  sequence bigint NOT NULL CHECK (sequence >= 0),
  next_due_ms bigint
) WITH (fillfactor = 50);

CREATE INDEX accounts_due ON accounts (next_due_ms) WHERE next_due_ms IS NOT NULL;

-- Rows have no foreign key to their account: the database would look it up for every entry of a batch, whose accounts are
-- locked already. Instead, accounts are never deleted.
CREATE FUNCTION accounts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'accounts are never deleted';
END $$;

CREATE TRIGGER accounts_never_deleted BEFORE DELETE OR TRUNCATE ON accounts
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_stay();

CREATE TABLE grants (
  account_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  source text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  remaining bigint NOT NULL CHECK (remaining >= 0 AND remaining <= amount),
  -- An index on this column, unlike one on `remaining`, does not change while credits remain.
  is_open boolean NOT NULL GENERATED ALWAYS AS (remaining > 0) STORED,
  priority integer NOT NULL,
  expires_at_ms bigint,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, id)
) WITH (fillfactor = 50);

CREATE INDEX grants_open ON grants (account_id) WHERE is_open;

CREATE TABLE holds (
  account_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  placed_by text NOT NULL,
  action text NOT NULL,
  metadata text,
  amount bigint NOT NULL CHECK (amount > 0),
  shares text NOT NULL,
  state text NOT NULL,
  captured bigint NOT NULL CHECK (captured >= 0),
  released bigint NOT NULL CHECK (released >= 0),
  expired bigint NOT NULL CHECK (expired >= 0),
  expires_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  resolved_at_ms bigint,
  PRIMARY KEY (account_id, id),
  CHECK (captured + released + expired = CASE state WHEN 'pending' THEN 0 ELSE amount END)
);

CREATE INDEX holds_pending ON holds (account_id, expires_at_ms) WHERE state = 'pending';

CREATE TABLE transactions (
  account_id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  id text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C",
  kind text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0 OR (amount = 0 AND kind = 'extend')),
  action text NOT NULL,
  metadata text,
  terms text,
  subject_id text COLLATE "C",
  debit text NOT NULL,
  credit text NOT NULL CHECK (credit <> debit),
  balance_after bigint NOT NULL CHECK (balance_after >= 0),
  held_after bigint NOT NULL CHECK (held_after >= 0),
  shares text NOT NULL,
  lapsed bigint NOT NULL CHECK (lapsed >= 0 AND lapsed <= balance_after),
  expires_at_ms bigint,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, sequence)
);

-- An entry whose request had no idempotency key has null here.
CREATE UNIQUE INDEX transactions_key ON transactions (account_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Ids grow with time: new ones are appended to the index.
CREATE INDEX transactions_id ON transactions (id);
CREATE INDEX transactions_subject ON transactions (account_id, subject_id) WHERE subject_id IS NOT NULL;

-- Entries are inserted once. A correction is a new entry.
CREATE FUNCTION transactions_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'transactions are never updated or deleted';
END $$;

CREATE TRIGGER transactions_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON transactions
  FOR EACH STATEMENT EXECUTE FUNCTION transactions_are_final();

-- The results of audits of the ledger.
CREATE TABLE audit_runs (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  started_at_ms bigint NOT NULL,
  finished_at_ms bigint NOT NULL,
  accounts bigint NOT NULL CHECK (accounts >= 0),
  transactions bigint NOT NULL CHECK (transactions >= 0),
  differences bigint NOT NULL CHECK (differences >= 0)
);

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
