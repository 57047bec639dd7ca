-- Who may sign in, and by what. Secrets are kept as hashes only; roles and groups are read when they matter, never copied into a session.
ALTER TABLE person
  ADD COLUMN groups text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT person_roles_known CHECK (roles <@ ARRAY['owner', 'admin', 'operator', 'approver', 'auditor', 'requester']),
  ADD CONSTRAINT person_email_lower CHECK (email = lower(email));

-- A signed-in browser. `signed_in_at` is when the person proved who they are.
CREATE TABLE session (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person (id),
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  method text NOT NULL CHECK (method IN ('code', 'link')),
  signed_in_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX session_of_person ON session (person_id) WHERE ended_at IS NULL;
CREATE INDEX session_over ON session (expires_at);

-- One-time secrets: `code` is six digits in a mail (few tries), `link` is 256 random bits printed by the operator.
CREATE TABLE sign_in (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person (id),
  method text NOT NULL CHECK (method IN ('code', 'link')),
  secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  tries integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX sign_in_open ON sign_in (person_id, created_at DESC) WHERE used_at IS NULL;
CREATE UNIQUE INDEX sign_in_link ON sign_in (secret_hash) WHERE method = 'link';
CREATE INDEX sign_in_over ON sign_in (expires_at);

-- Keys of programs on `/mcp`. What is asked with a key is asked on its owner's behalf, with no more than the key's role.
CREATE TABLE api_key (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  name text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'operator', 'approver', 'auditor', 'requester')),
  owner_id uuid NOT NULL REFERENCES person (id),
  -- Null: the operator of the machine made it.
  created_by uuid REFERENCES person (id),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE UNIQUE INDEX api_key_name ON api_key (workspace_id, name) WHERE revoked_at IS NULL;

ALTER TABLE workspace_setting
  -- The only person who could answer may answer what they asked themselves.
  ADD COLUMN single_operator boolean NOT NULL DEFAULT false,
  -- What a risk asks for, where it differs from the default: {"high": {"quorum": 3, "groups": [{"group": "owner", "count": 1}]}}.
  ADD COLUMN quorums jsonb NOT NULL DEFAULT '{}';
