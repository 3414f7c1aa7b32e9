-- What a payment provider would keep of the orders of the channel `demo`, which moves no money.
CREATE TABLE demo_trades (
  id varchar(320) NOT NULL PRIMARY KEY,
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
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
