-- Versions of the catalogue: prices and packs. A document is never changed, and no version is deleted.
CREATE TABLE catalogues (
  version integer NOT NULL PRIMARY KEY CHECK (version >= 1),
  state varchar(32) NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
  effective_from_ms bigint,
  document mediumtext NOT NULL,
  note text,
  made_by varchar(330) NOT NULL,
  made_at_ms bigint NOT NULL,
  published_by varchar(330),
  published_at_ms bigint
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
-- Which multipliers of the catalogue count for a user; null for the group `default`.
ALTER TABLE users ADD COLUMN price_group varchar(40);
