-- Time has one source. `test_clock` holds a row in test databases only; the server refuses to start on a database that has one.
CREATE TABLE test_clock (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  shift interval NOT NULL
);
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT clock_timestamp() + coalesce((SELECT shift FROM test_clock), interval '0') $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% on % is refused: its rows are append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;

CREATE TABLE workspace (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  timezone text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now()
);

CREATE TABLE person (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  email text NOT NULL,
  roles text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  UNIQUE (workspace_id, email)
);

CREATE TABLE agent (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  name text NOT NULL,
  task text NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'pending_approval', 'deployed', 'paused', 'stopped')),
  latest_version integer NOT NULL,
  deployed_version integer,
  environment text CHECK (environment IN ('local', 'cloud')),
  created_by uuid NOT NULL REFERENCES person (id),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  updated_at timestamptz NOT NULL DEFAULT app_now(),
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(name || ' ' || task, 100000))) STORED
);
CREATE INDEX agent_newest ON agent (workspace_id, created_at DESC, id);
CREATE INDEX agent_by_status ON agent (workspace_id, status, created_at DESC, id);
CREATE INDEX agent_search ON agent USING gin (search);

-- One immutable snapshot of what an agent is: task, steps, grants, schedule, policies.
CREATE TABLE agent_version (
  agent_id uuid NOT NULL REFERENCES agent (id),
  version integer NOT NULL,
  definition jsonb NOT NULL,
  definition_hash text NOT NULL,
  created_by uuid NOT NULL REFERENCES person (id),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  PRIMARY KEY (agent_id, version)
);
CREATE TRIGGER agent_version_immutable BEFORE UPDATE OR DELETE ON agent_version FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE agent_test (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  version integer NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('passed', 'approval_required', 'failed')),
  scenario text NOT NULL,
  report jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  FOREIGN KEY (agent_id, version) REFERENCES agent_version (agent_id, version)
);
CREATE INDEX agent_test_latest ON agent_test (agent_id, version, created_at DESC);

CREATE TABLE deployment (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL,
  version integer NOT NULL,
  environment text NOT NULL CHECK (environment IN ('local', 'cloud')),
  status text NOT NULL CHECK (status IN ('deployed', 'pending_approval')),
  approval_id uuid,
  created_by uuid NOT NULL REFERENCES person (id),
  created_at timestamptz NOT NULL DEFAULT app_now(),
  FOREIGN KEY (agent_id, version) REFERENCES agent_version (agent_id, version)
);
CREATE INDEX deployment_latest ON deployment (agent_id, created_at DESC);

-- The truth about schedules; the queue's scheduler only wakes a worker that reads this row.
CREATE TABLE agent_schedule (
  agent_id uuid PRIMARY KEY REFERENCES agent (id),
  cron text NOT NULL,
  timezone text NOT NULL,
  active boolean NOT NULL,
  next_run_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT app_now()
);
CREATE INDEX agent_schedule_due ON agent_schedule (next_run_at) WHERE active;

-- Content-addressed snapshot of a policy as it was when a version was made.
CREATE TABLE policy_version (
  hash text PRIMARY KEY,
  policy_id text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now()
);
CREATE TRIGGER policy_version_immutable BEFORE UPDATE OR DELETE ON policy_version FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE run (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL,
  version integer NOT NULL,
  trigger text NOT NULL CHECK (trigger IN ('manual', 'schedule', 'webhook', 'test')),
  status text NOT NULL CHECK (status IN ('queued', 'running', 'waiting_approval', 'succeeded', 'failed', 'blocked', 'cancelled')),
  input bytea NOT NULL,
  scheduled_for timestamptz,
  requested_by text NOT NULL,
  fence integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  error text,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  started_at timestamptz,
  ended_at timestamptz,
  FOREIGN KEY (agent_id, version) REFERENCES agent_version (agent_id, version),
  UNIQUE (agent_id, scheduled_for)
);
CREATE INDEX run_latest ON run (agent_id, created_at DESC);
CREATE INDEX run_open ON run (lease_until NULLS FIRST) WHERE status IN ('queued', 'running');
CREATE INDEX run_unfinished ON run (agent_id) WHERE status IN ('queued', 'running', 'waiting_approval');

CREATE TABLE run_step (
  run_id uuid NOT NULL REFERENCES run (id),
  position integer NOT NULL,
  name text NOT NULL,
  action text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'running', 'waiting_approval', 'succeeded', 'failed', 'denied', 'skipped')),
  decision jsonb,
  output bytea,
  error text,
  approval_id uuid,
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (run_id, position)
);

-- One row for each action that came to the enforcement point, written in the transaction of its decision.
CREATE TABLE action (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL REFERENCES agent (id),
  version integer NOT NULL,
  run_id uuid REFERENCES run (id),
  step_position integer,
  item_index integer,
  attempt integer NOT NULL DEFAULT 1,
  type text NOT NULL,
  kind text NOT NULL,
  is_write boolean NOT NULL,
  params bytea NOT NULL,
  action_hash text NOT NULL,
  effect text NOT NULL CHECK (effect IN ('deny', 'require_approval', 'transform', 'allow')),
  execution text CHECK (execution IN ('claimed', 'dispatched', 'succeeded', 'failed', 'unknown')),
  decision jsonb NOT NULL,
  output bytea,
  error text,
  idempotency_key text,
  approval_id uuid,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  finished_at timestamptz,
  UNIQUE (agent_id, idempotency_key)
);
CREATE INDEX action_rate ON action (agent_id, kind, created_at DESC) WHERE execution IS NOT NULL;
CREATE INDEX action_write_rate ON action (agent_id, created_at DESC) WHERE execution IS NOT NULL AND is_write;
-- One row for each attempt at each item of each step (`item_index` is -1 for a step without items): no step acts twice.
CREATE UNIQUE INDEX action_of_run ON action (run_id, step_position, item_index, attempt) WHERE run_id IS NOT NULL;
CREATE INDEX action_in_doubt ON action (created_at) WHERE execution IN ('claimed', 'dispatched');

CREATE TABLE approval_request (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL REFERENCES agent (id),
  run_id uuid REFERENCES run (id),
  action_id uuid REFERENCES action (id),
  action_type text NOT NULL,
  params bytea NOT NULL,
  action_hash text NOT NULL,
  description text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'cancelled', 'superseded', 'consumed', 'revoked', 'lapsed', 'invalidated')),
  risk_level text NOT NULL CHECK (risk_level IN ('low', 'medium', 'high', 'critical')),
  required_approvals integer NOT NULL CHECK (required_approvals > 0),
  requested_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now(),
  expires_at timestamptz NOT NULL,
  resolved_at timestamptz
);
CREATE UNIQUE INDEX approval_request_open ON approval_request (agent_id, action_hash) WHERE status = 'pending';
CREATE INDEX approval_request_pending ON approval_request (agent_id, created_at DESC) WHERE status = 'pending';
CREATE INDEX approval_request_due ON approval_request (expires_at) WHERE status = 'pending';
CREATE INDEX approval_request_newest ON approval_request (workspace_id, created_at DESC, id);
CREATE FUNCTION refuse_resolved_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'approval request % is %: it cannot change again', OLD.id, OLD.status USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER approval_request_resolved BEFORE UPDATE ON approval_request FOR EACH ROW
  WHEN (OLD.status NOT IN ('pending', 'approved')) EXECUTE FUNCTION refuse_resolved_change();

-- The record. `body` is the canonical bytes that `leaf_hash` covers; the other columns repeat what queries need.
CREATE TABLE audit_entry (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  body bytea NOT NULL,
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32)
);
-- What is not yet linked; written with the entry, emptied by the sequencer in the order of writing: many entries share a millisecond.
CREATE TABLE audit_pending (
  entry_id uuid PRIMARY KEY REFERENCES audit_entry (id),
  workspace_id uuid NOT NULL,
  at timestamptz NOT NULL,
  position bigserial NOT NULL
);
CREATE INDEX audit_pending_order ON audit_pending (position);
-- The chain, and the columns by which it is read. `at` never falls as `seq` grows.
CREATE TABLE audit_link (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  seq bigint NOT NULL,
  entry_id uuid NOT NULL UNIQUE REFERENCES audit_entry (id),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  at timestamptz NOT NULL,
  kind text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('allowed', 'denied', 'held', 'succeeded', 'failed', 'unknown')),
  agent_id uuid,
  PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX audit_link_time ON audit_link (workspace_id, at DESC, seq DESC);
CREATE INDEX audit_link_agent ON audit_link (agent_id, at DESC, seq DESC) WHERE agent_id IS NOT NULL;
CREATE INDEX audit_link_kind ON audit_link (workspace_id, kind, outcome, at DESC, seq DESC);
CREATE INDEX audit_link_agent_kind ON audit_link (agent_id, kind, outcome, at DESC, seq DESC) WHERE agent_id IS NOT NULL;
CREATE TABLE audit_head (
  workspace_id uuid PRIMARY KEY REFERENCES workspace (id),
  size bigint NOT NULL,
  hash bytea NOT NULL,
  last_at timestamptz NOT NULL,
  verified_size bigint NOT NULL DEFAULT 0,
  verified_hash bytea,
  verified_at timestamptz
);
-- Counts by minute and by hour, kept by the sequencer: no question about a window reads the entries of the whole window.
-- `agent_id` is the zero uuid in the rows of the whole workspace. `durations[i]` (from 0) counts what took at least 2^((i-1)/2) and under 2^(i/2) ms.
CREATE TABLE audit_rollup (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL,
  grain text NOT NULL CHECK (grain IN ('minute', 'hour')),
  bucket timestamptz NOT NULL,
  kind text NOT NULL,
  outcome text NOT NULL,
  count bigint NOT NULL,
  cost_micros bigint NOT NULL DEFAULT 0,
  durations integer[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, agent_id, grain, bucket, kind, outcome)
);
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_link_no_truncate BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_append_only;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_no_truncate;
ALTER TABLE audit_link ENABLE ALWAYS TRIGGER audit_link_append_only;
ALTER TABLE audit_link ENABLE ALWAYS TRIGGER audit_link_no_truncate;

-- Jobs that must exist if and only if their transaction committed; the relay hands them to the queue under their id.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  job text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT app_now()
);
CREATE INDEX outbox_order ON outbox (created_at, id);
