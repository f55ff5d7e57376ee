-- Subjects have dense numbers; `public_id` is the random id under which entries name them.
CREATE TABLE facts_subject (
  marketplace_id integer NOT NULL,
  subject_no integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('m', 'p', 'r')),
  id text NOT NULL,
  public_id text NOT NULL,
  name text,
  -- More words that it is found by, a line each: other scripts, initials.
  search_words text,
  category text,
  merchant_no integer,
  -- What a search looks through.
  search text GENERATED ALWAYS AS
    (lower(normalize(coalesce(name, '') || coalesce(chr(10) || search_words, ''), NFKC))) STORED,
  PRIMARY KEY (marketplace_id, subject_no),
  UNIQUE (id, kind, marketplace_id),
  UNIQUE (public_id, marketplace_id)
);

-- Runs of `size` characters, each behind a scope. A name is found by any part of it, in scripts without spaces as well:
-- it holds every pair of the part's characters. Needs no extension, so that both engines have it.
CREATE FUNCTION facts_grams(scope text, value text, size integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT scope || substr(value, place, size) FROM generate_series(1, length(value) - size + 1) AS place);
-- The scope is kind and marketplace: one marketplace's names do not lengthen another's search. What waits to
-- be indexed is read through by every search: with the usual 4 MB of it 5 ms became 10 ms, with none a new name costs 80 µs
-- instead of 40.
CREATE INDEX facts_subject_by_grams ON facts_subject USING gin
  ((facts_grams(kind || marketplace_id || ' ', search, 1) || facts_grams(kind || marketplace_id || ' ', search, 2))) WITH (gin_pending_list_limit = 256);

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
CREATE INDEX facts_entity_by_merchant ON facts_entity (marketplace_id, merchant_no, kind, day) WHERE merchant_no IS NOT NULL;
-- Links are looked up by either end.
CREATE INDEX facts_entity_by_link_from ON facts_entity (marketplace_id, split_part(id, chr(31), 1)) WHERE kind = 'link';
CREATE INDEX facts_entity_by_link_to ON facts_entity (marketplace_id, split_part(id, chr(31), 2)) WHERE kind = 'link';

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
