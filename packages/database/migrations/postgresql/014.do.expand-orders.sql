-- What users buy, with the terms as they were when the order was made. Rows are kept for ever.
CREATE TABLE orders (
  user_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  item_id text NOT NULL,
  title text NOT NULL,
  catalogue_version integer NOT NULL,
  channel text NOT NULL,
  merchant text NOT NULL,
  method text NOT NULL,
  live boolean NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency text NOT NULL,
  credits bigint NOT NULL CHECK (credits >= 1),
  bonus_credits bigint NOT NULL CHECK (bonus_credits >= 0),
  valid_days integer,
  bonus_valid_days integer,
  priority integer NOT NULL,
  refund_rule text NOT NULL,
  state text NOT NULL,
  revision integer NOT NULL CHECK (revision >= 1),
  payable text,
  provider_ref text,
  return_url text,
  idempotency_key text COLLATE "C",
  request_params text,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  next_check_ms bigint,
  checked_at_ms bigint NOT NULL DEFAULT 0 CHECK (checked_at_ms >= 0),
  checks integer NOT NULL DEFAULT 0 CHECK (checks >= 0),
  slot text COLLATE "C",
  PRIMARY KEY (user_id, id)
);

CREATE UNIQUE INDEX orders_key ON orders (user_id, idempotency_key);
CREATE UNIQUE INDEX orders_slot ON orders (user_id, slot);
CREATE INDEX orders_id ON orders (id);
CREATE INDEX orders_due ON orders (next_check_ms) WHERE next_check_ms IS NOT NULL;

-- What happened to orders. Each change of an order has one event.
CREATE TABLE order_events (
  user_id text COLLATE "C" NOT NULL,
  order_id text COLLATE "C" NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  at_ms bigint NOT NULL,
  what text NOT NULL,
  source text NOT NULL,
  reference text,
  details text,
  repeats integer NOT NULL DEFAULT 0 CHECK (repeats >= 0),
  PRIMARY KEY (user_id, order_id, number)
);

-- The only way from money to credits: one row for each transaction of a provider, with all terms of its grants.
CREATE TABLE payments (
  user_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  order_id text COLLATE "C" NOT NULL,
  channel text NOT NULL,
  merchant text NOT NULL,
  txn_id text NOT NULL,
  live boolean NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency text NOT NULL,
  paid_at_ms bigint NOT NULL,
  recorded_at_ms bigint NOT NULL,
  source text NOT NULL,
  state text NOT NULL,
  reason text,
  revision integer NOT NULL CHECK (revision >= 1),
  grant_id text NOT NULL,
  bonus_grant_id text,
  credits bigint NOT NULL CHECK (credits >= 1),
  bonus_credits bigint NOT NULL CHECK (bonus_credits >= 0),
  priority integer NOT NULL,
  expires_at_ms bigint,
  bonus_expires_at_ms bigint,
  transaction_id text,
  bonus_transaction_id text,
  credited_at_ms bigint,
  reversing_minor bigint NOT NULL DEFAULT 0 CHECK (reversing_minor >= 0),
  reversed_minor bigint NOT NULL DEFAULT 0 CHECK (reversed_minor >= 0),
  disputed boolean NOT NULL DEFAULT false,
  details text,
  next_check_ms bigint,
  checks integer NOT NULL DEFAULT 0 CHECK (checks >= 0),
  PRIMARY KEY (user_id, id),
  CHECK (reversing_minor + reversed_minor <= amount_minor)
);

CREATE INDEX payments_order ON payments (user_id, order_id);
CREATE INDEX payments_id ON payments (id);
CREATE INDEX payments_due ON payments (next_check_ms) WHERE next_check_ms IS NOT NULL;
CREATE INDEX payments_review ON payments (recorded_at_ms, id) WHERE state = 'review';

-- Money that goes back: refunds by staff, refunds that were made at the provider, disputes.
CREATE TABLE reversals (
  user_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  payment_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  outside_id text COLLATE "C",
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency text NOT NULL,
  rule text NOT NULL,
  asked_credits bigint NOT NULL CHECK (asked_credits >= 0),
  taken_credits bigint NOT NULL CHECK (taken_credits >= 0),
  taken_bonus bigint NOT NULL CHECK (taken_bonus >= 0),
  shortfall bigint NOT NULL CHECK (shortfall >= 0),
  state text NOT NULL,
  revision integer NOT NULL CHECK (revision >= 1),
  provider_ref text,
  reason text,
  made_by text NOT NULL,
  idempotency_key text COLLATE "C",
  request text,
  created_at_ms bigint NOT NULL,
  next_check_ms bigint,
  checks integer NOT NULL DEFAULT 0 CHECK (checks >= 0),
  PRIMARY KEY (user_id, id)
);

CREATE UNIQUE INDEX reversals_outside ON reversals (user_id, payment_id, outside_id);
CREATE UNIQUE INDEX reversals_key ON reversals (user_id, idempotency_key);
CREATE INDEX reversals_id ON reversals (id);
CREATE INDEX reversals_due ON reversals (next_check_ms) WHERE next_check_ms IS NOT NULL;

-- Payments of orders that are not here. They are neither granted nor lost.
CREATE TABLE strays (
  channel text COLLATE "C" NOT NULL,
  merchant text COLLATE "C" NOT NULL,
  txn_id text COLLATE "C" NOT NULL,
  order_no text NOT NULL,
  live boolean NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency text NOT NULL,
  paid_at_ms bigint NOT NULL,
  first_ms bigint NOT NULL,
  last_ms bigint NOT NULL,
  times integer NOT NULL CHECK (times >= 1),
  resolved_by text,
  resolved_at_ms bigint,
  note text,
  PRIMARY KEY (channel, merchant, txn_id)
);

CREATE INDEX strays_first ON strays (first_ms);

-- What was last heard of each payment channel.
CREATE TABLE channels (
  channel text COLLATE "C" NOT NULL PRIMARY KEY,
  merchant text NOT NULL,
  last_notice_ms bigint,
  last_bad_ms bigint,
  last_bad_reason text,
  bad_count bigint NOT NULL DEFAULT 0 CHECK (bad_count >= 0),
  last_query_ms bigint,
  last_error text,
  last_error_ms bigint,
  clock_offset_ms bigint,
  events_cursor text
);
