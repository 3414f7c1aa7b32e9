-- Texts compare byte by byte, trailing spaces included, as on every other database of Jifen. The first comment names the
-- collation of MySQL, which MariaDB skips, the second that of MariaDB, which MySQL skips.
CREATE TABLE users (
  id varchar(320) NOT NULL PRIMARY KEY,
  email varchar(320) NOT NULL,
  name text NOT NULL,
  password_hash varchar(255),
  token_version integer NOT NULL DEFAULT 1,
  suspended_at_ms bigint,
  created_at_ms bigint NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

CREATE TABLE accounts (
  id varchar(320) NOT NULL PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  sequence bigint NOT NULL CHECK (sequence >= 0),
  next_due_ms bigint,
  KEY accounts_due (next_due_ms)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- Rows have no foreign key to their account: the database would look it up for every entry of a batch, whose accounts are
-- locked already. Instead, accounts are never deleted.
CREATE TRIGGER accounts_never_deleted BEFORE DELETE ON accounts FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'accounts are never deleted';

CREATE TABLE grants (
  account_id varchar(320) NOT NULL,
  id varchar(320) NOT NULL,
  source varchar(32) NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  remaining bigint NOT NULL CHECK (remaining >= 0),
  -- An index on this column, unlike one on `remaining`, does not change while credits remain.
  is_open boolean GENERATED ALWAYS AS (remaining > 0) STORED /*!80017 NOT NULL */,
  priority integer NOT NULL,
  expires_at_ms bigint,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, id),
  KEY grants_open (account_id, is_open),
  CHECK (remaining <= amount)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

CREATE TABLE holds (
  account_id varchar(320) NOT NULL,
  id varchar(320) NOT NULL,
  placed_by varchar(32) NOT NULL,
  action varchar(1024) NOT NULL,
  metadata mediumtext,
  amount bigint NOT NULL CHECK (amount > 0),
  shares mediumtext NOT NULL,
  state varchar(32) NOT NULL,
  captured bigint NOT NULL CHECK (captured >= 0),
  released bigint NOT NULL CHECK (released >= 0),
  expired bigint NOT NULL CHECK (expired >= 0),
  expires_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  resolved_at_ms bigint,
  PRIMARY KEY (account_id, id),
  KEY holds_pending (account_id, state, expires_at_ms),
  CHECK (captured + released + expired = CASE state WHEN 'pending' THEN 0 ELSE amount END)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- An entry whose request had no idempotency key has null here: nulls are never equal.
-- Ids grow with time: new ones are appended to transactions_id.
CREATE TABLE transactions (
  account_id varchar(320) NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  id varchar(320) NOT NULL,
  idempotency_key varchar(320),
  kind varchar(32) NOT NULL,
  amount bigint NOT NULL,
  action varchar(1024) NOT NULL,
  metadata mediumtext,
  terms mediumtext,
  subject_id varchar(320),
  debit varchar(330) NOT NULL,
  credit varchar(330) NOT NULL,
  balance_after bigint NOT NULL CHECK (balance_after >= 0),
  held_after bigint NOT NULL CHECK (held_after >= 0),
  shares mediumtext NOT NULL,
  lapsed bigint NOT NULL,
  expires_at_ms bigint,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, sequence),
  UNIQUE KEY transactions_key (account_id, idempotency_key),
  KEY transactions_id (id),
  KEY transactions_subject (account_id, subject_id),
  CHECK (amount > 0 OR (amount = 0 AND kind = 'extend')),
  CHECK (credit <> debit),
  CHECK (lapsed >= 0 AND lapsed <= balance_after)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- Entries are inserted once. A correction is a new entry.
CREATE TRIGGER transactions_never_updated BEFORE UPDATE ON transactions FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'transactions are never updated';

CREATE TRIGGER transactions_never_deleted BEFORE DELETE ON transactions FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'transactions are never deleted';

-- The results of audits of the ledger.
CREATE TABLE audit_runs (
  id varchar(320) NOT NULL PRIMARY KEY,
  started_at_ms bigint NOT NULL,
  finished_at_ms bigint NOT NULL,
  accounts bigint NOT NULL CHECK (accounts >= 0),
  transactions bigint NOT NULL CHECK (transactions >= 0),
  differences bigint NOT NULL CHECK (differences >= 0)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

CREATE TABLE logs (
  user_id varchar(320) NOT NULL,
  id varchar(320) NOT NULL,
  idempotency_key varchar(320),
  action varchar(1024) NOT NULL,
  details mediumtext NOT NULL,
  success boolean NOT NULL,
  occurred_at_ms bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (user_id, id),
  UNIQUE KEY logs_key (user_id, idempotency_key)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
