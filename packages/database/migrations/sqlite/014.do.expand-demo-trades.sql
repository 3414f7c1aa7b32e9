-- What a payment provider would keep of the orders of the channel `demo`, which moves no money.
CREATE TABLE demo_trades (
  id TEXT NOT NULL PRIMARY KEY,
  amount_minor BIGINT NOT NULL CHECK (typeof(amount_minor) = 'integer' AND amount_minor >= 1),
  currency TEXT NOT NULL,
  title TEXT NOT NULL,
  method TEXT NOT NULL,
  return_url TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  expires_at_ms BIGINT NOT NULL,
  closed_at_ms BIGINT,
  payments TEXT NOT NULL,
  refunds TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (typeof(revision) = 'integer' AND revision >= 1)
) WITHOUT ROWID;
