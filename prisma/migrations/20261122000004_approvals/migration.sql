-- Requests become answerable. What is asked is frozen when it is asked; what may still change is who else may answer, and how it ends.
ALTER TABLE approval_request
  ADD COLUMN purpose text NOT NULL DEFAULT 'action' CHECK (purpose IN ('action', 'request', 'deployment', 'effect_unknown')),
  -- The person for whom it is asked; null in rows of before.
  ADD COLUMN on_behalf_of uuid REFERENCES person (id),
  -- Persons whose answer never counts: who asked, for whom, who wrote the agent, who made the key, who edited the payload.
  ADD COLUMN conflicts uuid[] NOT NULL DEFAULT '{}',
  -- Named persons: then only they may answer. Null: everybody whose role allows it.
  ADD COLUMN approvers uuid[],
  ADD COLUMN requirement jsonb NOT NULL DEFAULT '{"quorum": 1, "groups": [], "denials": 1}',
  -- Words of the agent or of who asks, shown as unverified.
  ADD COLUMN prose text,
  -- Why it is held and what was changed: {"violations": [], "redactions": [], "riskReasons": [], "policyVersions": []}.
  ADD COLUMN evidence jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN target text NOT NULL DEFAULT '',
  ADD COLUMN valid_for_ms bigint NOT NULL DEFAULT 86400000,
  ADD COLUMN escalated_at timestamptz,
  ADD COLUMN approved_at timestamptz,
  -- An approval that nobody used until then is over.
  ADD COLUMN valid_until timestamptz,
  -- Who or what ended it: `person:<id>`, `system`, `operator`.
  ADD COLUMN ended_by text,
  ADD COLUMN end_reason text;

DROP INDEX approval_request_open;
CREATE INDEX approval_request_hash ON approval_request (agent_id, action_hash) WHERE status IN ('pending', 'approved');
CREATE INDEX approval_request_status ON approval_request (workspace_id, status, created_at DESC, id);
CREATE INDEX approval_request_live ON approval_request (agent_id) WHERE status IN ('pending', 'approved');
CREATE INDEX approval_request_of_run ON approval_request (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX approval_request_of_action ON approval_request (action_id) WHERE action_id IS NOT NULL;

-- One answer of each person, whatever the channel; it is for the hash of exactly what was shown.
CREATE TABLE approval_review (
  request_id uuid NOT NULL REFERENCES approval_request (id),
  person_id uuid NOT NULL REFERENCES person (id),
  verdict text NOT NULL CHECK (verdict IN ('approve', 'deny')),
  action_hash text NOT NULL,
  reason text,
  channel text NOT NULL CHECK (channel IN ('console', 'slack', 'email')),
  -- How the person proved who they are: {"sessionId": "", "method": "code", "signedInAt": ""}.
  auth jsonb NOT NULL DEFAULT '{}',
  single_operator boolean NOT NULL DEFAULT false,
  at timestamptz NOT NULL,
  PRIMARY KEY (request_id, person_id)
);
CREATE INDEX approval_review_of_person ON approval_review (person_id, at DESC);
CREATE TRIGGER approval_review_append_only BEFORE UPDATE OR DELETE ON approval_review FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER approval_review_no_truncate BEFORE TRUNCATE ON approval_review FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What happened to a request, in order: what its page shows. Refused attempts are here too.
CREATE TABLE approval_event (
  id bigserial PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES approval_request (id),
  at timestamptz NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX approval_event_of_request ON approval_event (request_id, id);
CREATE TRIGGER approval_event_append_only BEFORE UPDATE OR DELETE ON approval_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER approval_event_no_truncate BEFORE TRUNCATE ON approval_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What time brings about; a row is deleted in the transaction that does it.
CREATE TABLE approval_timer (
  request_id uuid NOT NULL REFERENCES approval_request (id),
  kind text NOT NULL CHECK (kind IN ('remind_half', 'remind_late', 'escalate', 'expire', 'lapse')),
  fire_at timestamptz NOT NULL,
  PRIMARY KEY (request_id, kind)
);
CREATE INDEX approval_timer_due ON approval_timer (fire_at);

-- INVARIANT: an ended request never changes, a live one never changes what is asked, and no status is reached but along its life.
CREATE FUNCTION guard_approval_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.workspace_id, NEW.agent_id, NEW.run_id, NEW.action_type, NEW.params, NEW.action_hash, NEW.description, NEW.risk_level,
      NEW.required_approvals, NEW.requested_by, NEW.created_at, NEW.expires_at, NEW.purpose, NEW.on_behalf_of, NEW.requirement, NEW.prose,
      NEW.evidence, NEW.target, NEW.valid_for_ms)
    IS DISTINCT FROM
     (OLD.id, OLD.workspace_id, OLD.agent_id, OLD.run_id, OLD.action_type, OLD.params, OLD.action_hash, OLD.description, OLD.risk_level,
      OLD.required_approvals, OLD.requested_by, OLD.created_at, OLD.expires_at, OLD.purpose, OLD.on_behalf_of, OLD.requirement, OLD.prose,
      OLD.evidence, OLD.target, OLD.valid_for_ms)
    OR NOT NEW.conflicts @> OLD.conflicts OR NOT coalesce(NEW.approvers, '{}') @> coalesce(OLD.approvers, '{}')
    OR (OLD.approvers IS NULL) <> (NEW.approvers IS NULL)
    OR (NEW.status = OLD.status AND (NEW.approved_at, NEW.valid_until) IS DISTINCT FROM (OLD.approved_at, OLD.valid_until)) THEN
    RAISE EXCEPTION 'approval request %: what is asked cannot change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND NOT (CASE OLD.status
    WHEN 'pending' THEN NEW.status IN ('approved', 'denied', 'expired', 'cancelled', 'superseded')
    WHEN 'approved' THEN NEW.status IN ('consumed', 'revoked', 'lapsed', 'invalidated')
    ELSE false END) THEN
    RAISE EXCEPTION 'approval request % is %: it cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_request_life BEFORE UPDATE ON approval_request FOR EACH ROW EXECUTE FUNCTION guard_approval_request();
CREATE TRIGGER approval_request_kept BEFORE DELETE ON approval_request FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Jobs that are wanted later.
ALTER TABLE outbox ADD COLUMN due_at timestamptz;
