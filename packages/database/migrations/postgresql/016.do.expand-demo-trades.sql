-- What a payment provider would keep of the orders of the channel `demo`, which moves no money.
CREATE TABLE demo_trades (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 1),
  currency text NOT NULL,
  title text NOT NULL,
  method text NOT NULL,
  return_url text NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  closed_at_ms bigint,
  payments text NOT NULL,
  refunds text NOT NULL,
  revision integer NOT NULL CHECK (revision >= 1)
);
