-- Versions of the catalogue: prices and packs. A document is never changed, and no version is deleted.
CREATE TABLE catalogues (
  version integer NOT NULL PRIMARY KEY CHECK (version >= 1),
  state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
  effective_from_ms bigint,
  document text NOT NULL,
  note text,
  made_by text COLLATE "C" NOT NULL,
  made_at_ms bigint NOT NULL,
  published_by text COLLATE "C",
  published_at_ms bigint
);
-- Which multipliers of the catalogue count for a user; null for the group `default`.
ALTER TABLE users ADD COLUMN price_group text COLLATE "C";
