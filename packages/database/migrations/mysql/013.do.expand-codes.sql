-- Redemption codes that were made together, and the terms of what they grant.
CREATE TABLE code_batches (
  id varchar(320) NOT NULL,
  name text NOT NULL,
  credits bigint NOT NULL CHECK (credits >= 1),
  valid_days int,
  priority int NOT NULL,
  source varchar(32) NOT NULL,
  size int NOT NULL CHECK (size >= 1),
  max_uses_per_code int NOT NULL CHECK (max_uses_per_code >= 1),
  max_per_user int NOT NULL CHECK (max_per_user >= 1),
  from_ms bigint,
  until_ms bigint,
  made_by varchar(330) NOT NULL,
  owner_id varchar(320),
  made_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  claims bigint NOT NULL CHECK (claims >= 0),
  PRIMARY KEY (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- Redemption codes. Only the SHA-256 of a code is stored.
CREATE TABLE codes (
  code_hash varchar(64) NOT NULL,
  batch_id varchar(320) NOT NULL,
  used int NOT NULL CHECK (used >= 0),
  max_uses int NOT NULL CHECK (max_uses >= 1),
  PRIMARY KEY (code_hash),
  CHECK (used <= max_uses),
  KEY codes_batch (batch_id, code_hash)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;

-- Who redeemed which code. A claim is written before the grant that it is for, and becomes credited in its transaction.
CREATE TABLE code_claims (
  user_id varchar(320) NOT NULL,
  batch_id varchar(320) NOT NULL,
  number int NOT NULL CHECK (number >= 1),
  code_hash varchar(64) NOT NULL,
  state varchar(32) NOT NULL CHECK (state IN ('claimed', 'credited', 'expired')),
  credits bigint NOT NULL CHECK (credits >= 1),
  grant_id varchar(320) NOT NULL,
  expires_at_ms bigint,
  claimed_at_ms bigint NOT NULL,
  transaction_id varchar(320),
  next_check_ms bigint,
  checks int NOT NULL CHECK (checks >= 0),
  PRIMARY KEY (user_id, batch_id, number),
  UNIQUE KEY code_claims_code (user_id, code_hash),
  KEY code_claims_uses (code_hash),
  KEY code_claims_due (next_check_ms)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
