-- Redemption codes that were made together, and the terms of what they grant.
CREATE TABLE code_batches (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  credits BIGINT NOT NULL CHECK (typeof(credits) = 'integer' AND credits >= 1),
  valid_days INTEGER,
  priority INTEGER NOT NULL,
  source TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (typeof(size) = 'integer' AND size >= 1),
  max_uses_per_code INTEGER NOT NULL CHECK (typeof(max_uses_per_code) = 'integer' AND max_uses_per_code >= 1),
  max_per_user INTEGER NOT NULL CHECK (typeof(max_per_user) = 'integer' AND max_per_user >= 1),
  from_ms BIGINT,
  until_ms BIGINT,
  made_by TEXT NOT NULL,
  owner_id TEXT,
  made_at_ms BIGINT NOT NULL,
  ended_at_ms BIGINT,
  claims BIGINT NOT NULL CHECK (typeof(claims) = 'integer' AND claims >= 0),
  PRIMARY KEY (id)
) WITHOUT ROWID;

-- Redemption codes. Only the SHA-256 of a code is stored.
CREATE TABLE codes (
  code_hash TEXT NOT NULL,
  batch_id TEXT NOT NULL,
  used INTEGER NOT NULL CHECK (typeof(used) = 'integer' AND used >= 0),
  max_uses INTEGER NOT NULL CHECK (typeof(max_uses) = 'integer' AND max_uses >= 1),
  PRIMARY KEY (code_hash),
  CHECK (used <= max_uses)
) WITHOUT ROWID;

CREATE INDEX codes_batch ON codes (batch_id, code_hash);

-- Who redeemed which code. A claim is written before the grant that it is for, and becomes credited in its transaction.
CREATE TABLE code_claims (
  user_id TEXT NOT NULL,
  batch_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (typeof(number) = 'integer' AND number >= 1),
  code_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'credited', 'expired')),
  credits BIGINT NOT NULL CHECK (typeof(credits) = 'integer' AND credits >= 1),
  grant_id TEXT NOT NULL,
  expires_at_ms BIGINT,
  claimed_at_ms BIGINT NOT NULL,
  transaction_id TEXT,
  next_check_ms BIGINT,
  checks INTEGER NOT NULL CHECK (typeof(checks) = 'integer' AND checks >= 0),
  PRIMARY KEY (user_id, batch_id, number)
) WITHOUT ROWID;

CREATE UNIQUE INDEX code_claims_code ON code_claims (user_id, code_hash);
CREATE INDEX code_claims_uses ON code_claims (code_hash);
CREATE INDEX code_claims_due ON code_claims (next_check_ms) WHERE next_check_ms IS NOT NULL;
