-- Public keys under which a marketplace issues credentials; the newest that is not retired signs. The private ones are
-- files outside the database.
CREATE TABLE credentials_key (
  marketplace_id integer NOT NULL REFERENCES marketplace,
  kid text NOT NULL,
  jwk text NOT NULL,
  made_ms bigint NOT NULL,
  -- Order in which they were made.
  key_no integer NOT NULL,
  retired_ms bigint,
  PRIMARY KEY (marketplace_id, kid),
  UNIQUE (marketplace_id, key_no)
);

CREATE TABLE credentials_issued (
  marketplace_id integer NOT NULL,
  credential_id text NOT NULL,
  merchant text NOT NULL,
  format text NOT NULL,
  hash text NOT NULL,
  body text NOT NULL,
  audience text,
  score smallint NOT NULL,
  grade text,
  day integer NOT NULL,
  -- Its place in a status list, drawn at random.
  list integer NOT NULL,
  place integer NOT NULL,
  issued_ms bigint NOT NULL,
  expires_ms bigint NOT NULL,
  revoked_ms bigint,
  reason text,
  PRIMARY KEY (marketplace_id, credential_id),
  UNIQUE (marketplace_id, list, place)
);
CREATE INDEX credentials_issued_by_time ON credentials_issued (marketplace_id, issued_ms, credential_id);
CREATE INDEX credentials_issued_by_merchant ON credentials_issued (marketplace_id, merchant, issued_ms, credential_id);
CREATE INDEX credentials_issued_revoked ON credentials_issued (marketplace_id, list, place) WHERE revoked_ms IS NOT NULL;

-- Other marketplaces whose credentials are taken, with their pinned keys.
CREATE TABLE credentials_issuer (
  marketplace_id integer NOT NULL REFERENCES marketplace,
  issuer text NOT NULL,
  keys text NOT NULL,
  weight smallint NOT NULL,
  added_ms bigint NOT NULL,
  PRIMARY KEY (marketplace_id, issuer)
);

-- Credentials of other marketplaces, as they came.
CREATE TABLE credentials_import (
  marketplace_id integer NOT NULL,
  import_id text NOT NULL,
  merchant text NOT NULL,
  issuer text NOT NULL,
  -- The merchant's id there.
  subject text NOT NULL,
  hash text NOT NULL,
  body text NOT NULL,
  claims text NOT NULL,
  weight smallint NOT NULL,
  from_day integer NOT NULL,
  until_day integer NOT NULL,
  imported_ms bigint NOT NULL,
  expires_ms bigint NOT NULL,
  checked_ms bigint NOT NULL,
  removed_ms bigint,
  removed_as text,
  reason text,
  -- Whether the ledger knows of it as the row says.
  told boolean NOT NULL,
  PRIMARY KEY (marketplace_id, import_id)
);
-- A good name elsewhere counts for one merchant here, and an issuer once for a merchant.
CREATE UNIQUE INDEX credentials_import_one_here ON credentials_import (marketplace_id, issuer, subject) WHERE removed_ms IS NULL;
CREATE UNIQUE INDEX credentials_import_one_there ON credentials_import (marketplace_id, issuer, merchant) WHERE removed_ms IS NULL;
CREATE INDEX credentials_import_untold ON credentials_import (marketplace_id) WHERE NOT told;
CREATE INDEX credentials_import_by_time ON credentials_import (marketplace_id, imported_ms, import_id);
CREATE INDEX credentials_import_by_merchant ON credentials_import (marketplace_id, merchant, imported_ms, import_id);
