-- Who may sign in to the console and what they may do. People are not of one marketplace; their roles are.
CREATE TABLE people_person (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  email_verified boolean NOT NULL,
  image text,
  two_factor_enabled boolean,
  is_visitor boolean NOT NULL DEFAULT false,
  -- Roles that the identity provider's claims gave at the last sign-in, as JSON; null for local accounts.
  oidc_roles text,
  created_ms bigint NOT NULL,
  updated_ms bigint NOT NULL
);

CREATE TABLE people_session (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES people_person ON DELETE CASCADE,
  token text NOT NULL UNIQUE,
  expires_ms bigint NOT NULL,
  created_ms bigint NOT NULL,
  updated_ms bigint NOT NULL,
  ip_address text,
  user_agent text
);
CREATE INDEX people_session_by_person ON people_session (user_id);

-- How a person proves to be one: a password's hash, or an account at the identity provider.
CREATE TABLE people_account (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES people_person ON DELETE CASCADE,
  provider_id text NOT NULL,
  account_id text NOT NULL,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_ms bigint,
  refresh_token_expires_ms bigint,
  scope text,
  created_ms bigint NOT NULL,
  updated_ms bigint NOT NULL,
  UNIQUE (provider_id, account_id)
);
CREATE INDEX people_account_by_person ON people_account (user_id);

-- Steps that are under way: between password and second factor, and at the identity provider.
CREATE TABLE people_verification (
  id text PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_ms bigint NOT NULL,
  created_ms bigint NOT NULL,
  updated_ms bigint NOT NULL
);
CREATE INDEX people_verification_by_identifier ON people_verification (identifier);

CREATE TABLE people_second_factor (
  id text PRIMARY KEY,
  user_id text NOT NULL UNIQUE REFERENCES people_person ON DELETE CASCADE,
  secret text NOT NULL,
  backup_codes text NOT NULL,
  verified boolean,
  failed_verification_count integer,
  locked_until_ms bigint
);

-- Codes that were accepted: none is accepted twice.
CREATE TABLE people_code (
  person_id text NOT NULL REFERENCES people_person ON DELETE CASCADE,
  code_hash text NOT NULL,
  used_ms bigint NOT NULL,
  PRIMARY KEY (person_id, code_hash)
);

CREATE TABLE people_role (
  marketplace_id integer NOT NULL REFERENCES marketplace,
  person_id text NOT NULL REFERENCES people_person ON DELETE CASCADE,
  role text NOT NULL,
  since_ms bigint NOT NULL,
  PRIMARY KEY (marketplace_id, person_id)
);
CREATE INDEX people_role_by_person ON people_role (person_id);

CREATE TABLE people_invite (
  marketplace_id integer NOT NULL REFERENCES marketplace,
  invite_id text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  email text NOT NULL,
  role text NOT NULL,
  created_ms bigint NOT NULL,
  expires_ms bigint NOT NULL,
  PRIMARY KEY (marketplace_id, invite_id),
  UNIQUE (marketplace_id, email)
);

-- Wrong attempts in a row; the subject is a hash of an e-mail address or a network.
CREATE TABLE people_attempt (
  subject text PRIMARY KEY,
  attempts integer NOT NULL,
  locked_until_ms bigint NOT NULL,
  last_ms bigint NOT NULL
);

-- The code that makes the first person; one row at most, gone once there is somebody.
CREATE TABLE people_setup (
  only_one boolean PRIMARY KEY CHECK (only_one),
  code_hash text NOT NULL,
  made_ms bigint NOT NULL
);

-- Keys that could publish policies and read dead letters go on doing so under the scopes of their own.
UPDATE keys_key SET scopes = array_append(scopes, 'policies:publish')
WHERE 'policies:write' = ANY (scopes) AND NOT 'policies:publish' = ANY (scopes);
UPDATE keys_key SET scopes = array_append(scopes, 'letters:read')
WHERE 'events:read' = ANY (scopes) AND NOT 'letters:read' = ANY (scopes);

-- What people did is looked for among all events of the ledger.
CREATE INDEX people_act ON ledger_event (marketplace_id, seq) WHERE type = 'person.acted';
