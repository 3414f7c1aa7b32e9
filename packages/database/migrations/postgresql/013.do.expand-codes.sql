-- Redemption codes that were made together, and the terms of what they grant.
CREATE TABLE code_batches (
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  credits bigint NOT NULL CHECK (credits >= 1),
  valid_days integer,
  priority integer NOT NULL,
  source text NOT NULL,
  size integer NOT NULL CHECK (size >= 1),
  max_uses_per_code integer NOT NULL CHECK (max_uses_per_code >= 1),
  max_per_user integer NOT NULL CHECK (max_per_user >= 1),
  from_ms bigint,
  until_ms bigint,
  made_by text COLLATE "C" NOT NULL,
  owner_id text COLLATE "C",
  made_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  claims bigint NOT NULL CHECK (claims >= 0),
  PRIMARY KEY (id)
);

-- Redemption codes. Only the SHA-256 of a code is stored.
CREATE TABLE codes (
  code_hash text COLLATE "C" NOT NULL,
  batch_id text COLLATE "C" NOT NULL,
  used integer NOT NULL CHECK (used >= 0),
  max_uses integer NOT NULL CHECK (max_uses >= 1),
  PRIMARY KEY (code_hash),
  CHECK (used <= max_uses)
);

CREATE INDEX codes_batch ON codes (batch_id, code_hash);

-- Who redeemed which code. A claim is written before the grant that it is for, and becomes credited in its transaction.
CREATE TABLE code_claims (
  user_id text COLLATE "C" NOT NULL,
  batch_id text COLLATE "C" NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  code_hash text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('claimed', 'credited', 'expired')),
  credits bigint NOT NULL CHECK (credits >= 1),
  grant_id text COLLATE "C" NOT NULL,
  expires_at_ms bigint,
  claimed_at_ms bigint NOT NULL,
  transaction_id text COLLATE "C",
  next_check_ms bigint,
  checks integer NOT NULL CHECK (checks >= 0),
  PRIMARY KEY (user_id, batch_id, number)
);

CREATE UNIQUE INDEX code_claims_code ON code_claims (user_id, code_hash);
CREATE INDEX code_claims_uses ON code_claims (code_hash);
CREATE INDEX code_claims_due ON code_claims (next_check_ms) WHERE next_check_ms IS NOT NULL;
