-- People hear of requests where they work. A notice is a row before it is sent, and `sent` only when a server has taken it.
CREATE TABLE delivery (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  -- Null: a digest of several requests.
  approval_id uuid REFERENCES approval_request (id),
  agent_id uuid REFERENCES agent (id),
  kind text NOT NULL CHECK (kind IN ('asked', 'reminded', 'escalated', 'updated', 'digest', 'alert')),
  channel text NOT NULL CHECK (channel IN ('email', 'slack')),
  -- Null: a room that many read.
  person_id uuid REFERENCES person (id),
  address text NOT NULL,
  dedupe text NOT NULL UNIQUE,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed', 'skipped')),
  attempts integer NOT NULL DEFAULT 0,
  -- How many copies may have arrived without our knowing.
  in_doubt integer NOT NULL DEFAULT 0,
  -- Null: it goes with its digest.
  not_before timestamptz,
  digest_id uuid REFERENCES delivery (id),
  provider_ref jsonb,
  error text,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  sent_at timestamptz,
  -- When the other channel was tried instead.
  fell_back_at timestamptz
);
CREATE INDEX delivery_due ON delivery (not_before) WHERE status = 'pending' AND not_before IS NOT NULL;
CREATE INDEX delivery_of_approval ON delivery (approval_id, created_at);
CREATE INDEX delivery_of_address ON delivery (workspace_id, channel, address, created_at DESC) WHERE kind IN ('asked', 'reminded', 'escalated');
CREATE INDEX delivery_of_person ON delivery (person_id, created_at DESC);
CREATE INDEX delivery_of_digest ON delivery (digest_id) WHERE digest_id IS NOT NULL;
CREATE UNIQUE INDEX delivery_open_digest ON delivery (workspace_id, channel, address) WHERE kind = 'digest' AND status = 'pending' AND attempts = 0;
CREATE INDEX delivery_late ON delivery (created_at) 
  WHERE kind IN ('asked', 'escalated', 'digest') AND status IN ('pending', 'failed') AND fell_back_at IS NULL AND digest_id IS NULL;

-- Which Slack account is which person.
CREATE TABLE slack_identity (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  team_id text NOT NULL,
  user_id text NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  verified_by text NOT NULL CHECK (verified_by IN ('code', 'operator')),
  verified_at timestamptz NOT NULL DEFAULT app_now(),
  ended_at timestamptz
);
CREATE UNIQUE INDEX slack_identity_user ON slack_identity (team_id, user_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX slack_identity_person ON slack_identity (person_id) WHERE ended_at IS NULL;

-- Six digits sent to a Slack account by direct message; the newest of a person counts.
CREATE TABLE slack_link_code (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES person (id),
  team_id text NOT NULL,
  user_id text NOT NULL,
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  tries integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX slack_link_code_open ON slack_link_code (person_id, created_at DESC);
CREATE INDEX slack_link_code_over ON slack_link_code (expires_at);

-- What came in signed, once each: the key is the hash of its signature.
CREATE TABLE inbound_event (
  dedupe bytea PRIMARY KEY CHECK (octet_length(dedupe) = 32),
  received_at timestamptz NOT NULL DEFAULT app_now(),
  payload bytea NOT NULL,
  handled_at timestamptz,
  outcome text
);
CREATE INDEX inbound_event_open ON inbound_event (received_at) WHERE handled_at IS NULL;
CREATE INDEX inbound_event_received ON inbound_event (received_at);
