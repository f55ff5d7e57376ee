-- Subjects have dense numbers; `public_id` is the random id under which entries name them.
CREATE TABLE facts_subject (
  marketplace_id integer NOT NULL,
  subject_no integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('m', 'p', 'r')),
  id text NOT NULL,
  public_id text NOT NULL,
  name text,
  category text,
  merchant_no integer,
  PRIMARY KEY (marketplace_id, subject_no),
  UNIQUE (id, kind, marketplace_id),
  UNIQUE (public_id, marketplace_id)
);

-- Entity states: commutative merges of events.
CREATE TABLE facts_entity (
  marketplace_id integer NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  -- The merchant whose evidence it is and the day it began; null where it is nobody's evidence.
  merchant_no integer,
  day integer NOT NULL,
  state text NOT NULL,
  -- Places in the ledger of the events it was made of.
  seqs bigint[] NOT NULL,
  PRIMARY KEY (marketplace_id, kind, id)
) WITH (fillfactor = 80);
CREATE INDEX facts_entity_by_merchant ON facts_entity (marketplace_id, merchant_no, day) WHERE merchant_no IS NOT NULL;

-- What one buyer did with one subject, and what a shopper's word weighs.
CREATE TABLE facts_pair (
  marketplace_id integer NOT NULL,
  id text NOT NULL,
  state text NOT NULL,
  PRIMARY KEY (marketplace_id, id)
) WITH (fillfactor = 80);

CREATE TABLE facts_shopper (
  marketplace_id integer NOT NULL,
  id text NOT NULL,
  state text NOT NULL,
  PRIMARY KEY (marketplace_id, id)
) WITH (fillfactor = 80);

-- Integer counters per subject, metric and day: the sum of all entries' differences.
CREATE TABLE facts_count (
  marketplace_id integer NOT NULL,
  subject_no integer NOT NULL,
  metric_no smallint NOT NULL,
  day integer NOT NULL,
  n bigint NOT NULL,
  x bigint NOT NULL,
  PRIMARY KEY (marketplace_id, subject_no, metric_no, day)
) WITH (fillfactor = 80);
