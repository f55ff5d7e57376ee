-- Marketplaces, their API keys and the persons whose data keys seal what is personal.
CREATE TABLE marketplace (
  marketplace_id integer PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  currency text NOT NULL,
  -- 'wall': rated as of today; 'log': as of the newest event (imports of the past).
  clock text NOT NULL CHECK (clock IN ('wall', 'log')),
  is_public boolean NOT NULL,
  created_ms bigint NOT NULL
);

CREATE TABLE keys_key (
  key_id text PRIMARY KEY,
  marketplace_id integer NOT NULL REFERENCES marketplace,
  secret_hash text NOT NULL,
  label text NOT NULL,
  scopes text[] NOT NULL,
  created_ms bigint NOT NULL,
  last_used_ms bigint,
  revoked_ms bigint
);

-- One data key per person, wrapped by the master key; the row's end is the person's erasure.
CREATE TABLE privacy_person (
  marketplace_id integer NOT NULL,
  blind text NOT NULL,
  person_no bigint NOT NULL,
  wrapped_key bytea NOT NULL,
  PRIMARY KEY (marketplace_id, blind)
);
CREATE INDEX privacy_person_by_no ON privacy_person (marketplace_id, person_no);
