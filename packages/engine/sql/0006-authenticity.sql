-- What is known of accounts, orders, reviews and followers for judging whether they are genuine. Everything here can be
-- made again from the ledger. Accounts have dense numbers; a row's end unties what the account did.
CREATE TABLE authenticity_person (
  marketplace_id integer NOT NULL,
  person_no integer NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (marketplace_id, person_no),
  UNIQUE (id, marketplace_id)
);

-- Devices, payers and addresses are keyed hashes: equal or not, nothing else.
CREATE TABLE authenticity_order (
  marketplace_id integer NOT NULL,
  order_no integer NOT NULL,
  merchant_no integer NOT NULL,
  id text NOT NULL,
  person_no integer,
  product_no integer,
  placed_s double precision,
  shipped_s double precision,
  delivered_s double precision,
  confirmed_s double precision,
  cancelled boolean,
  returned boolean,
  tracking boolean,
  device bigint,
  payer bigint,
  address bigint,
  carrier bigint,
  PRIMARY KEY (marketplace_id, order_no),
  UNIQUE (id, merchant_no, marketplace_id)
) WITH (fillfactor = 80);
CREATE INDEX authenticity_order_by_person ON authenticity_order (marketplace_id, person_no, order_no);
CREATE INDEX authenticity_order_by_merchant ON authenticity_order (marketplace_id, merchant_no, placed_s);
CREATE INDEX authenticity_order_by_product ON authenticity_order (marketplace_id, product_no) WHERE product_no IS NOT NULL;
-- The latest are looked at, however many share a thing.
CREATE INDEX authenticity_order_by_device ON authenticity_order (marketplace_id, device, order_no) WHERE device IS NOT NULL;
CREATE INDEX authenticity_order_by_payer ON authenticity_order (marketplace_id, payer, order_no) WHERE payer IS NOT NULL;
CREATE INDEX authenticity_order_by_address ON authenticity_order (marketplace_id, address, order_no) WHERE address IS NOT NULL;

CREATE TABLE authenticity_review (
  marketplace_id integer NOT NULL,
  review_no integer NOT NULL,
  merchant_no integer NOT NULL,
  id text NOT NULL,
  person_no integer,
  product_no integer,
  order_id text,
  posted_s double precision,
  worded_s double precision,
  stars smallint,
  chars integer,
  -- MinHash over the words' n-grams: finds the like, cannot be read.
  signature bytea,
  sentiment smallint,
  incentive_words boolean,
  declared boolean,
  removed boolean,
  appealed_s double precision,
  PRIMARY KEY (marketplace_id, review_no),
  UNIQUE (id, merchant_no, marketplace_id)
) WITH (fillfactor = 80);
CREATE INDEX authenticity_review_by_person ON authenticity_review (marketplace_id, person_no, review_no);
CREATE INDEX authenticity_review_by_product ON authenticity_review (marketplace_id, product_no) WHERE product_no IS NOT NULL;
CREATE INDEX authenticity_review_by_merchant ON authenticity_review (marketplace_id, merchant_no, posted_s);

-- Bands of signatures: reviews that share one may read alike.
CREATE TABLE authenticity_band (
  marketplace_id integer NOT NULL,
  band bigint NOT NULL,
  review_no integer NOT NULL,
  PRIMARY KEY (marketplace_id, band, review_no)
);
CREATE INDEX authenticity_band_by_review ON authenticity_band (marketplace_id, review_no);

CREATE TABLE authenticity_follow (
  marketplace_id integer NOT NULL,
  follow_no integer NOT NULL,
  target_no integer NOT NULL,
  person_no integer NOT NULL,
  followed_s double precision,
  left_s double precision,
  active boolean,
  PRIMARY KEY (marketplace_id, follow_no),
  UNIQUE (person_no, target_no, marketplace_id)
) WITH (fillfactor = 80);
CREATE INDEX authenticity_follow_by_target ON authenticity_follow (marketplace_id, target_no, followed_s);

-- Who is declared to be close to a merchant.
CREATE TABLE authenticity_insider (
  marketplace_id integer NOT NULL,
  merchant_no integer NOT NULL,
  person_no integer NOT NULL,
  holds boolean NOT NULL,
  at_s double precision NOT NULL,
  PRIMARY KEY (marketplace_id, merchant_no, person_no)
);

-- How genuine each is held to be. `figures` are the model's columns as 32-bit floats: with the model they give the reasons again.
CREATE TABLE authenticity_verdict (
  marketplace_id integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('review', 'order', 'follow')),
  no integer NOT NULL,
  owner_no integer NOT NULL,
  person_no integer NOT NULL,
  at_s double precision NOT NULL,
  reliability smallint NOT NULL,
  weight smallint NOT NULL,
  -- The weight that the ledger has: where it differs an event is due.
  told_weight smallint NOT NULL,
  judged_by text NOT NULL CHECK (judged_by IN ('live', 'batch', 'decided', 'platform')),
  model text NOT NULL,
  top text,
  effect real NOT NULL,
  appealed boolean NOT NULL,
  ring_no integer,
  decision text CHECK (decision IN ('genuine', 'not-genuine', 'unsure')),
  version integer NOT NULL,
  judged_ms bigint NOT NULL,
  figures bytea NOT NULL,
  PRIMARY KEY (marketplace_id, kind, no)
) WITH (fillfactor = 80);
-- Ascending throughout, so that a page of the queue begins where the one before ended: rows compare as one.
CREATE INDEX authenticity_verdict_by_effect ON authenticity_verdict (marketplace_id, (NOT appealed), (-effect), kind, no) WHERE decision IS NULL;
CREATE INDEX authenticity_verdict_by_doubt ON authenticity_verdict (marketplace_id, (abs(reliability - 500)), kind, no)
  WHERE decision IS NULL AND reliability BETWEEN 200 AND 800;
CREATE INDEX authenticity_verdict_by_time ON authenticity_verdict (marketplace_id, (-at_s), kind, no) WHERE decision IS NULL AND reliability < 800;
CREATE INDEX authenticity_verdict_by_owner ON authenticity_verdict (marketplace_id, owner_no, kind, reliability);
CREATE INDEX authenticity_verdict_by_person ON authenticity_verdict (marketplace_id, person_no);
CREATE INDEX authenticity_verdict_untold ON authenticity_verdict (marketplace_id, kind, no) WHERE weight <> told_weight;
CREATE INDEX authenticity_verdict_by_ring ON authenticity_verdict (marketplace_id, ring_no) WHERE ring_no IS NOT NULL;

-- Verdicts that were replaced.
CREATE TABLE authenticity_version (
  marketplace_id integer NOT NULL,
  kind text NOT NULL,
  no integer NOT NULL,
  version integer NOT NULL,
  reliability smallint NOT NULL,
  weight smallint NOT NULL,
  judged_by text NOT NULL,
  model text NOT NULL,
  judged_ms bigint NOT NULL,
  figures bytea NOT NULL,
  PRIMARY KEY (marketplace_id, kind, no, version)
);

CREATE TABLE authenticity_ring (
  marketplace_id integer NOT NULL,
  ring_no integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('brushing', 'farm', 'bad-mouthing', 'followers')),
  state text NOT NULL CHECK (state IN ('open', 'confirmed', 'dismissed')),
  -- Not found again by the last run; decided ones are kept.
  gone boolean NOT NULL,
  targets integer[] NOT NULL,
  members integer NOT NULL,
  orders integer NOT NULL,
  reviews integer NOT NULL,
  follows integer NOT NULL,
  from_s double precision NOT NULL,
  to_s double precision NOT NULL,
  p double precision NOT NULL,
  q double precision NOT NULL,
  evidence text NOT NULL,
  effect real NOT NULL,
  found_ms bigint NOT NULL,
  decision_id text,
  PRIMARY KEY (marketplace_id, ring_no)
);

CREATE TABLE authenticity_ring_member (
  marketplace_id integer NOT NULL,
  ring_no integer NOT NULL,
  person_no integer NOT NULL,
  PRIMARY KEY (marketplace_id, ring_no, person_no)
);
CREATE INDEX authenticity_ring_member_by_person ON authenticity_ring_member (marketplace_id, person_no);

-- Decisions of moderators, and the label that each gives to each thing.
CREATE TABLE authenticity_decision (
  marketplace_id integer NOT NULL,
  decision_id text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('genuine', 'not-genuine', 'unsure')),
  who text NOT NULL,
  at_ms bigint NOT NULL,
  note text,
  second_look boolean NOT NULL,
  items integer NOT NULL,
  undone_ms bigint,
  PRIMARY KEY (marketplace_id, decision_id)
);
CREATE INDEX authenticity_decision_by_time ON authenticity_decision (marketplace_id, at_ms);

CREATE TABLE authenticity_label (
  marketplace_id integer NOT NULL,
  kind text NOT NULL,
  no integer NOT NULL,
  decision_id text NOT NULL,
  verdict text NOT NULL,
  who text NOT NULL,
  at_ms bigint NOT NULL,
  second_look boolean NOT NULL,
  PRIMARY KEY (marketplace_id, kind, no, decision_id)
);
CREATE INDEX authenticity_label_by_decision ON authenticity_label (marketplace_id, decision_id);

CREATE TABLE authenticity_model (
  marketplace_id integer NOT NULL,
  model_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('candidate', 'in-force', 'retired', 'rejected')),
  origin text NOT NULL CHECK (origin IN ('shipped', 'trained')),
  body text NOT NULL,
  report text NOT NULL,
  labels integer NOT NULL,
  trained_ms bigint NOT NULL,
  promoted_ms bigint,
  passed boolean NOT NULL,
  PRIMARY KEY (marketplace_id, model_id)
);

-- How far evidence follows the ledger, what the last whole run saw, and what is asked for.
CREATE TABLE authenticity_cursor (
  marketplace_id integer PRIMARY KEY,
  next_seq bigint NOT NULL,
  people integer NOT NULL,
  orders integer NOT NULL,
  reviews integer NOT NULL,
  follows integer NOT NULL,
  rings integer NOT NULL,
  -- Orders, reviews and follows at the last whole run, its day and its model.
  assessed_rows integer NOT NULL,
  assessed_day integer NOT NULL,
  assessed_model text NOT NULL,
  training_asked_ms bigint,
  training_failure text,
  leased_until_ms bigint NOT NULL,
  lease text NOT NULL
);

UPDATE keys_key SET scopes = array_append(scopes, 'authenticity:read')
WHERE 'ratings:read' = ANY (scopes) AND 'events:read' = ANY (scopes) AND NOT 'authenticity:read' = ANY (scopes);

-- Appeals are looked for among all events of the ledger.
CREATE INDEX authenticity_appeal ON ledger_event (marketplace_id, seq) WHERE type = 'review.appealed';
