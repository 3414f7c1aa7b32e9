-- What users buy, with the terms as they were when the order was made. Rows are kept for ever.
CREATE TABLE orders (
  user_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  title TEXT NOT NULL,
  catalogue_version INTEGER NOT NULL,
  channel TEXT NOT NULL,
  merchant TEXT NOT NULL,
  method TEXT NOT NULL,
  live BOOLEAN NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (typeof(amount_minor) = 'integer' AND amount_minor >= 0),
  currency TEXT NOT NULL,
  credits BIGINT NOT NULL CHECK (typeof(credits) = 'integer' AND credits >= 1),
  bonus_credits BIGINT NOT NULL CHECK (typeof(bonus_credits) = 'integer' AND bonus_credits >= 0),
  valid_days INTEGER,
  bonus_valid_days INTEGER,
  priority INTEGER NOT NULL,
  refund_rule TEXT NOT NULL,
  state TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (typeof(revision) = 'integer' AND revision >= 1),
  payable TEXT,
  provider_ref TEXT,
  return_url TEXT,
  idempotency_key TEXT,
  request_params TEXT,
  created_at_ms BIGINT NOT NULL,
  expires_at_ms BIGINT NOT NULL,
  next_check_ms BIGINT,
  checked_at_ms BIGINT NOT NULL DEFAULT 0 CHECK (typeof(checked_at_ms) = 'integer' AND checked_at_ms >= 0),
  checks INTEGER NOT NULL DEFAULT 0 CHECK (typeof(checks) = 'integer' AND checks >= 0),
  slot TEXT,
  PRIMARY KEY (user_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX orders_key ON orders (user_id, idempotency_key);
CREATE UNIQUE INDEX orders_slot ON orders (user_id, slot);
CREATE INDEX orders_id ON orders (id);
CREATE INDEX orders_due ON orders (next_check_ms) WHERE next_check_ms IS NOT NULL;

-- What happened to orders. Each change of an order has one event.
CREATE TABLE order_events (
  user_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (typeof(number) = 'integer' AND number >= 1),
  at_ms BIGINT NOT NULL,
  what TEXT NOT NULL,
  source TEXT NOT NULL,
  reference TEXT,
  details TEXT,
  repeats INTEGER NOT NULL DEFAULT 0 CHECK (typeof(repeats) = 'integer' AND repeats >= 0),
  PRIMARY KEY (user_id, order_id, number)
) WITHOUT ROWID;

-- The only way from money to credits: one row for each transaction of a provider, with all terms of its grants.
CREATE TABLE payments (
  user_id TEXT NOT NULL,
  id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  merchant TEXT NOT NULL,
  txn_id TEXT NOT NULL,
  live BOOLEAN NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (typeof(amount_minor) = 'integer' AND amount_minor >= 0),
  currency TEXT NOT NULL,
  paid_at_ms BIGINT NOT NULL,
  recorded_at_ms BIGINT NOT NULL,
  source TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  revision INTEGER NOT NULL CHECK (typeof(revision) = 'integer' AND revision >= 1),
  grant_id TEXT NOT NULL,
  bonus_grant_id TEXT,
  credits BIGINT NOT NULL CHECK (typeof(credits) = 'integer' AND credits >= 1),
  bonus_credits BIGINT NOT NULL CHECK (typeof(bonus_credits) = 'integer' AND bonus_credits >= 0),
  priority INTEGER NOT NULL,
  expires_at_ms BIGINT,
  bonus_expires_at_ms BIGINT,
  transaction_id TEXT,
  bonus_transaction_id TEXT,
  credited_at_ms BIGINT,
  reversing_minor BIGINT NOT NULL DEFAULT 0 CHECK (typeof(reversing_minor) = 'integer' AND reversing_minor >= 0),
  reversed_minor BIGINT NOT NULL DEFAULT 0 CHECK (typeof(reversed_minor) = 'integer' AND reversed_minor >= 0),
  disputed BOOLEAN NOT NULL DEFAULT false,
  details TEXT,
  next_check_ms BIGINT,
  checks INTEGER NOT NULL DEFAULT 0 CHECK (typeof(checks) = 'integer' AND checks >= 0),
  PRIMARY KEY (user_id, id),
  CHECK (reversing_minor + reversed_minor <= amount_minor)
) WITHOUT ROWID;

CREATE INDEX payments_order ON payments (user_id, order_id);
CREATE INDEX payments_id ON payments (id);
CREATE INDEX payments_due ON payments (next_check_ms) WHERE next_check_ms IS NOT NULL;
CREATE INDEX payments_review ON payments (recorded_at_ms, id) WHERE state = 'review';

-- Money that goes back: refunds by staff, refunds that were made at the provider, disputes.
CREATE TABLE reversals (
  user_id TEXT NOT NULL,
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  outside_id TEXT,
  amount_minor BIGINT NOT NULL CHECK (typeof(amount_minor) = 'integer' AND amount_minor >= 0),
  currency TEXT NOT NULL,
  rule TEXT NOT NULL,
  asked_credits BIGINT NOT NULL CHECK (typeof(asked_credits) = 'integer' AND asked_credits >= 0),
  taken_credits BIGINT NOT NULL CHECK (typeof(taken_credits) = 'integer' AND taken_credits >= 0),
  taken_bonus BIGINT NOT NULL CHECK (typeof(taken_bonus) = 'integer' AND taken_bonus >= 0),
  shortfall BIGINT NOT NULL CHECK (typeof(shortfall) = 'integer' AND shortfall >= 0),
  state TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (typeof(revision) = 'integer' AND revision >= 1),
  provider_ref TEXT,
  reason TEXT,
  made_by TEXT NOT NULL,
  idempotency_key TEXT,
  request TEXT,
  created_at_ms BIGINT NOT NULL,
  next_check_ms BIGINT,
  checks INTEGER NOT NULL DEFAULT 0 CHECK (typeof(checks) = 'integer' AND checks >= 0),
  PRIMARY KEY (user_id, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX reversals_outside ON reversals (user_id, payment_id, outside_id);
CREATE UNIQUE INDEX reversals_key ON reversals (user_id, idempotency_key);
CREATE INDEX reversals_id ON reversals (id);
CREATE INDEX reversals_due ON reversals (next_check_ms) WHERE next_check_ms IS NOT NULL;

-- Payments of orders that are not here. They are neither granted nor lost.
CREATE TABLE strays (
  channel TEXT NOT NULL,
  merchant TEXT NOT NULL,
  txn_id TEXT NOT NULL,
  order_no TEXT NOT NULL,
  live BOOLEAN NOT NULL,
  amount_minor BIGINT NOT NULL CHECK (typeof(amount_minor) = 'integer' AND amount_minor >= 0),
  currency TEXT NOT NULL,
  paid_at_ms BIGINT NOT NULL,
  first_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  times INTEGER NOT NULL CHECK (typeof(times) = 'integer' AND times >= 1),
  resolved_by TEXT,
  resolved_at_ms BIGINT,
  note TEXT,
  PRIMARY KEY (channel, merchant, txn_id)
) WITHOUT ROWID;

CREATE INDEX strays_first ON strays (first_ms);

-- What was last heard of each payment channel.
CREATE TABLE channels (
  channel TEXT NOT NULL PRIMARY KEY,
  merchant TEXT NOT NULL,
  last_notice_ms BIGINT,
  last_bad_ms BIGINT,
  last_bad_reason TEXT,
  bad_count BIGINT NOT NULL DEFAULT 0 CHECK (typeof(bad_count) = 'integer' AND bad_count >= 0),
  last_query_ms BIGINT,
  last_error TEXT,
  last_error_ms BIGINT,
  clock_offset_ms BIGINT,
  events_cursor TEXT
) WITHOUT ROWID;
