-- Policies by the hash of their content, and their life.
CREATE TABLE ratings_policy (
  marketplace_id integer NOT NULL,
  policy_id text NOT NULL,
  subject text NOT NULL,
  state text NOT NULL CHECK (state IN ('draft', 'simulated', 'published', 'in-force', 'superseded')),
  body text NOT NULL,
  created_ms bigint NOT NULL,
  published_ms bigint,
  effective_day integer,
  notice_days integer,
  PRIMARY KEY (marketplace_id, policy_id)
);

-- Priors fitted at a stated log size, fixed until the next epoch begins.
CREATE TABLE ratings_epoch (
  marketplace_id integer NOT NULL,
  subject text NOT NULL,
  epoch integer NOT NULL,
  policy_id text NOT NULL,
  log_size bigint NOT NULL,
  day integer NOT NULL,
  priors text NOT NULL,
  PRIMARY KEY (marketplace_id, subject, epoch)
);

CREATE TABLE ratings_current (
  marketplace_id integer NOT NULL,
  subject_no integer NOT NULL,
  kind text NOT NULL,
  -- The one under which it was rated.
  category text,
  day integer NOT NULL,
  status text NOT NULL,
  score smallint NOT NULL,
  bound smallint NOT NULL,
  grade text,
  own_grade text,
  policy_id text NOT NULL,
  epoch integer NOT NULL,
  log_size bigint NOT NULL,
  orders bigint NOT NULL,
  buyers bigint NOT NULL,
  -- Whole points of each dimension, in the policy's order, and their maxima.
  points smallint[] NOT NULL,
  maxima smallint[] NOT NULL,
  PRIMARY KEY (marketplace_id, subject_no)
) WITH (fillfactor = 80);
-- Ascending throughout, so that a page begins where the one before ended: rows compare as (status, -score, subject_no).
CREATE INDEX ratings_current_by_score ON ratings_current (marketplace_id, kind, status, (-score), subject_no);
CREATE INDEX ratings_current_by_grade ON ratings_current (marketplace_id, kind, grade, status, (-score), subject_no);
CREATE INDEX ratings_current_by_category ON ratings_current (marketplace_id, kind, category, status, (-score), subject_no);

CREATE TABLE ratings_history (
  marketplace_id integer NOT NULL,
  subject_no integer NOT NULL,
  day integer NOT NULL,
  status text NOT NULL,
  score smallint NOT NULL,
  bound smallint NOT NULL,
  grade text,
  policy_id text NOT NULL,
  epoch integer NOT NULL,
  computed_later boolean NOT NULL,
  PRIMARY KEY (marketplace_id, subject_no, day)
);

-- Quartiles of indicator means by category, as of the last run over all subjects.
CREATE TABLE ratings_peers (
  marketplace_id integer NOT NULL,
  subject text NOT NULL,
  day integer NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (marketplace_id, subject)
);

-- How far ratings follow the ledger; `leased_until_ms` is the claim of the process that runs them.
CREATE TABLE ratings_cursor (
  marketplace_id integer PRIMARY KEY,
  next_seq bigint NOT NULL,
  day integer NOT NULL,
  leased_until_ms bigint NOT NULL,
  lease text NOT NULL
);
