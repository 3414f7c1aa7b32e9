-- What the entries of an account through one of them add up to.
CREATE TABLE account_totals (
  account_id varchar(320) NOT NULL PRIMARY KEY,
  sequence bigint NOT NULL CHECK (sequence >= 1),
  granted bigint NOT NULL CHECK (granted >= 0),
  spent bigint NOT NULL CHECK (spent >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  revoked bigint NOT NULL CHECK (revoked >= 0),
  expired bigint NOT NULL CHECK (expired >= 0)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
