-- The append-only ledger. `seq` is dense and comes from the locked head row.
CREATE TABLE ledger_head (
  marketplace_id integer PRIMARY KEY REFERENCES marketplace,
  size bigint NOT NULL,
  subjects integer NOT NULL,
  newest_ms bigint NOT NULL
);

CREATE TABLE ledger_event (
  marketplace_id integer NOT NULL,
  seq bigint NOT NULL,
  source text NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  time_ms bigint NOT NULL,
  received_ms bigint NOT NULL,
  person_no bigint,
  subjects integer[] NOT NULL,
  body text NOT NULL,
  sealed bytea,
  salt bytea NOT NULL,
  entry text NOT NULL,
  leaf bytea NOT NULL,
  PRIMARY KEY (marketplace_id, seq),
  -- id first: the other order was planned on an empty table and went from 2 ms to 1 s a batch.
  UNIQUE (id, source, marketplace_id)
);

-- What came in from where, hour by hour: kept so that nobody counts the ledger to know.
CREATE TABLE ledger_source (
  marketplace_id integer NOT NULL,
  hour integer NOT NULL,
  source text NOT NULL,
  events bigint NOT NULL,
  newest_ms bigint NOT NULL,
  received_ms bigint NOT NULL,
  PRIMARY KEY (marketplace_id, hour, source)
) WITH (fillfactor = 50);

CREATE TABLE ledger_dead_letter (
  marketplace_id integer NOT NULL,
  dead_letter_id bigint GENERATED ALWAYS AS IDENTITY,
  received_ms bigint NOT NULL,
  code text NOT NULL,
  path text NOT NULL,
  message text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'replayed', 'discarded')),
  sealed bytea NOT NULL,
  seq bigint,
  PRIMARY KEY (marketplace_id, dead_letter_id)
);
CREATE INDEX ledger_dead_letter_by_time ON ledger_dead_letter (marketplace_id, received_ms);
CREATE INDEX ledger_dead_letter_by_state ON ledger_dead_letter (marketplace_id, state, dead_letter_id DESC);
