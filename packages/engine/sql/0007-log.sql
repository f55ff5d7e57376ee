-- The public log over the ledger's entries: what is integrated, its hash tiles, and every signed size.
CREATE TABLE log_head (
  marketplace_id integer PRIMARY KEY REFERENCES marketplace,
  -- Entries whose hashes stand in tiles. The row is locked while that grows.
  size bigint NOT NULL,
  -- Whom entry bundles are served to.
  audience text NOT NULL CHECK (audience IN ('public', 'auditors'))
);

-- A key and its origin; the newest signs. A shard ends where the next begins.
CREATE TABLE log_shard (
  marketplace_id integer NOT NULL,
  shard integer NOT NULL,
  origin text NOT NULL,
  verifier_key text NOT NULL,
  begun_ms bigint NOT NULL,
  PRIMARY KEY (marketplace_id, shard)
);

-- Hashes of a tile, 32 bytes each; the last of a level grows. A partial tile is the beginning of its row.
CREATE TABLE log_tile (
  marketplace_id integer NOT NULL,
  level smallint NOT NULL,
  tile bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (marketplace_id, level, tile)
);
-- Hashes do not compress.
ALTER TABLE log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The primary key makes two roots for one size impossible.
CREATE TABLE log_checkpoint (
  marketplace_id integer NOT NULL,
  size bigint NOT NULL,
  shard integer NOT NULL,
  root bytea NOT NULL,
  -- The signed note; with cosignatures once it is published.
  note text NOT NULL,
  signed_ms bigint NOT NULL,
  published_ms bigint,
  PRIMARY KEY (marketplace_id, size)
);
CREATE INDEX log_checkpoint_published ON log_checkpoint (marketplace_id, shard, size) WHERE published_ms IS NOT NULL;

-- Where the acts stand that a rating depends on.
CREATE INDEX ledger_event_acts ON ledger_event (marketplace_id, seq)
  WHERE type IN ('policy.published', 'epoch.begun', 'ratings.published');

-- Lines of published ratings, compressed, under the root that the log holds of them.
CREATE TABLE ratings_published (
  marketplace_id integer NOT NULL,
  kind text NOT NULL,
  log_size bigint NOT NULL,
  root text NOT NULL,
  lines bytea NOT NULL,
  PRIMARY KEY (marketplace_id, kind, log_size)
);
CREATE INDEX ratings_published_by_root ON ratings_published (marketplace_id, root);
