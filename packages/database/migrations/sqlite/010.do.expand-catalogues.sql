-- Versions of the catalogue: prices and packs. A document is never changed, and no version is deleted.
CREATE TABLE catalogues (
  version INTEGER NOT NULL PRIMARY KEY CHECK (typeof(version) = 'integer' AND version >= 1),
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
  effective_from_ms BIGINT,
  document TEXT NOT NULL,
  note TEXT,
  made_by TEXT NOT NULL,
  made_at_ms BIGINT NOT NULL,
  published_by TEXT,
  published_at_ms BIGINT
) WITHOUT ROWID;
-- Which multipliers of the catalogue count for a user; null for the group `default`.
ALTER TABLE users ADD COLUMN price_group TEXT;
