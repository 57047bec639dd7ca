-- Held actions go on once they are answered, and are answered once.
ALTER TABLE action
  -- Outside a run, of a held action: no call has been told how it ended. The next identical one is.
  ADD COLUMN awaits_answer boolean NOT NULL DEFAULT false,
  -- Of held actions: canonical bytes of what beside the params makes them what they are: {"facts", "personId", "trigger"}.
  ADD COLUMN context bytea;
CREATE INDEX action_unanswered ON action (agent_id, action_hash) WHERE awaits_answer;

-- What was approved and not claimed; leave in advance waits for a call.
CREATE INDEX approval_request_unclaimed ON approval_request (approved_at) WHERE status = 'approved' AND purpose <> 'request';
CREATE INDEX run_step_waiting ON run_step (approval_id) WHERE status = 'waiting_approval';

-- With which claim it last came to wait for people: claims since then that came to nothing are counted, not those before.
ALTER TABLE run ADD COLUMN waited_fence integer NOT NULL DEFAULT 0;

ALTER TABLE deployment
  DROP CONSTRAINT deployment_status_check,
  ADD CONSTRAINT deployment_status_check CHECK (status IN ('deployed', 'pending_approval', 'denied', 'superseded')),
  -- Whether a run starts when it is put in force.
  ADD COLUMN auto_start boolean NOT NULL DEFAULT false;
CREATE INDEX deployment_pending ON deployment (agent_id) WHERE status = 'pending_approval';
CREATE INDEX deployment_of_approval ON deployment (approval_id) WHERE approval_id IS NOT NULL;

DROP FUNCTION record_decision(uuid, uuid, uuid, integer, integer, integer, text, integer[], text[], text[], bigint[], bigint[], uuid, integer, text, text, boolean, bytea, text, text, jsonb, integer, uuid, text, text, text[], text[], bigint, bigint);
-- One round trip for a decision that was made on an assumed state: locks the agent, and where all of the state lies between `p_low`
-- and `p_high` records and reserves; otherwise answers with the state and writes nothing, as it does when `p_action` is null.
-- What an identical call was held for and nobody has heard the outcome of, and leave that people gave in advance, are found by one look
-- each and answered in a transaction. `p_approval` is such leave, used up with this decision.
-- Functions keep their plans: one made while a table was small must not read it from end to end when it has grown, hence `enable_seqscan`.
CREATE FUNCTION record_decision(
  p_workspace uuid, p_agent uuid, p_run uuid, p_step integer, p_item integer, p_attempt integer, p_idempotency_key text,
  p_groups integer[], p_sources text[], p_keys text[], p_low bigint[], p_high bigint[],
  p_action uuid, p_version integer, p_type text, p_kind text, p_is_write boolean, p_params bytea, p_hash text,
  p_effect text, p_decision jsonb, p_lease_ms integer,
  p_audit_id uuid, p_audit_before text, p_audit_after text,
  p_count text[], p_known text[], p_micros bigint, p_tokens bigint, p_executed_hash text, p_approval uuid)
RETURNS TABLE (outcome text, decided_at timestamptz, status text, name text, state bigint[]) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_zone text;
  v_day date;
  v_acts boolean := p_effect IN ('allow', 'transform') OR p_approval IS NOT NULL;
BEGIN
  SELECT a.status, a.name, w.timezone INTO status, name, v_zone FROM agent a JOIN workspace w ON w.id = a.workspace_id
  WHERE a.id = p_agent AND a.workspace_id = p_workspace FOR NO KEY UPDATE OF a;
  IF NOT FOUND THEN outcome := 'no_agent'; RETURN NEXT; RETURN; END IF;
  IF status IN ('paused', 'stopped') THEN outcome := 'halted'; RETURN NEXT; RETURN; END IF;
  -- After the lock: a run that a pause has cancelled stays so, also when the agent is deployed again at once.
  decided_at := date_trunc('milliseconds', app_now());
  v_day := (decided_at AT TIME ZONE v_zone)::date;
  IF p_run IS NOT NULL THEN
    SELECT r.status INTO status FROM run r WHERE r.id = p_run AND r.ended_at IS NOT NULL;
    IF FOUND THEN outcome := 'run_over'; RETURN NEXT; RETURN; END IF;
    PERFORM FROM action WHERE run_id = p_run AND step_position = p_step AND item_index = p_item AND attempt = p_attempt;
    IF FOUND THEN outcome := 'earlier'; RETURN NEXT; RETURN; END IF;
  ELSE
    IF p_idempotency_key IS NOT NULL THEN
      PERFORM FROM action WHERE agent_id = p_agent AND idempotency_key = p_idempotency_key;
      IF FOUND THEN outcome := 'earlier'; RETURN NEXT; RETURN; END IF;
    END IF;
    -- One with a key of its own is another action.
    PERFORM FROM action WHERE agent_id = p_agent AND action_hash = p_hash AND awaits_answer
      AND (p_idempotency_key IS NULL OR idempotency_key IS NULL);
    IF FOUND THEN outcome := 'earlier'; RETURN NEXT; RETURN; END IF;
    IF p_executed_hash IS NOT NULL THEN
      PERFORM FROM approval_request
      WHERE agent_id = p_agent AND action_hash = p_executed_hash AND status = 'approved' AND purpose = 'request';
      IF FOUND THEN outcome := 'leave'; RETURN NEXT; RETURN; END IF;
    END IF;
  END IF;
  state := CASE WHEN cardinality(p_groups) = 0 THEN '{}' ELSE
    read_state(p_agent, p_run, decided_at, v_day, p_groups, p_sources, p_keys) END;
  IF p_action IS NULL THEN outcome := 'looked'; RETURN NEXT; RETURN; END IF;
  IF EXISTS (SELECT FROM unnest(state, p_low, p_high) AS s (value, low, high) WHERE value NOT BETWEEN low AND high) THEN
    outcome := 'stale'; RETURN NEXT; RETURN;
  END IF;
  INSERT INTO action (id, workspace_id, agent_id, version, run_id, step_position, item_index, attempt, type, kind, is_write, params,
    action_hash, effect, execution, decision, idempotency_key, approval_id, created_at, lease_until, reserved_micros, reserved_tokens, charged_on)
  VALUES (p_action, p_workspace, p_agent, p_version, p_run, p_step, p_item, p_attempt, p_type, p_kind, p_is_write, p_params,
    p_hash, p_effect, CASE WHEN v_acts THEN 'dispatched' END, p_decision, p_idempotency_key, p_approval, decided_at,
    CASE WHEN v_acts THEN decided_at + make_interval(secs => p_lease_ms / 1000.0) END, p_micros, p_tokens, v_day);
  IF cardinality(p_count) > 0 THEN PERFORM count_in_windows(p_agent, decided_at, p_count); END IF;
  IF cardinality(p_known) > 0 THEN
    INSERT INTO agent_known (agent_id, key) SELECT p_agent, key FROM unnest(p_known) AS key ORDER BY key ON CONFLICT DO NOTHING;
  END IF;
  IF p_micros <> 0 OR p_tokens <> 0 THEN PERFORM charge(p_agent, p_run, v_day, p_micros, p_tokens); END IF;
  PERFORM append_audit(p_workspace, decided_at, ARRAY[p_audit_id], ARRAY[p_audit_before], ARRAY[p_audit_after]);
  outcome := 'recorded';
  RETURN NEXT;
END $$;

-- One round trip for how an action ended: its outcome, its part of the record, and the reservation made good. `p_micros` and
-- `p_tokens` are what it did cost; null leaves what was reserved as spent. Null comes back when somebody else has ended it.
-- What is claimed and cannot be begun ends here too.
CREATE OR REPLACE FUNCTION settle_action(
  p_action uuid, p_execution text, p_decision jsonb, p_output bytea, p_error text, p_micros bigint, p_tokens bigint, p_count text[],
  p_audit_ids uuid[], p_audit_before text[], p_audit_after text[])
RETURNS timestamptz LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_action action%ROWTYPE;
BEGIN
  UPDATE action SET execution = p_execution, decision = coalesce(p_decision, decision), output = p_output, error = p_error,
    finished_at = date_trunc('milliseconds', app_now())
  WHERE id = p_action AND execution IN ('claimed', 'dispatched') RETURNING * INTO v_action;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF coalesce(p_micros, v_action.reserved_micros) <> v_action.reserved_micros
    OR coalesce(p_tokens, v_action.reserved_tokens) <> v_action.reserved_tokens THEN
    PERFORM charge(v_action.agent_id, v_action.run_id, v_action.charged_on,
      coalesce(p_micros, v_action.reserved_micros) - v_action.reserved_micros,
      coalesce(p_tokens, v_action.reserved_tokens) - v_action.reserved_tokens);
  END IF;
  IF cardinality(p_count) > 0 THEN PERFORM count_in_windows(v_action.agent_id, v_action.finished_at, p_count); END IF;
  PERFORM append_audit(v_action.workspace_id, v_action.finished_at, p_audit_ids, p_audit_before, p_audit_after);
  RETURN v_action.finished_at;
END $$;

-- For the claim of a held action: locks the agent as a decision does, and answers whether it may act and with the state; writes nothing.
CREATE FUNCTION look_at_agent(
  p_workspace uuid, p_agent uuid, p_run uuid, p_groups integer[], p_sources text[], p_keys text[])
RETURNS TABLE (outcome text, status text, name text, state bigint[], in_force integer) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_zone text;
  v_at timestamptz;
BEGIN
  SELECT a.status, a.name, w.timezone, coalesce(a.deployed_version, a.latest_version) INTO status, name, v_zone, in_force FROM agent a JOIN workspace w ON w.id = a.workspace_id
  WHERE a.id = p_agent AND a.workspace_id = p_workspace FOR NO KEY UPDATE OF a;
  IF NOT FOUND THEN outcome := 'no_agent'; RETURN NEXT; RETURN; END IF;
  IF status IN ('paused', 'stopped') THEN outcome := 'halted'; RETURN NEXT; RETURN; END IF;
  v_at := app_now();
  IF p_run IS NOT NULL THEN
    SELECT r.status INTO status FROM run r WHERE r.id = p_run AND r.ended_at IS NOT NULL;
    IF FOUND THEN outcome := 'run_over'; RETURN NEXT; RETURN; END IF;
  END IF;
  state := CASE WHEN cardinality(p_groups) = 0 THEN '{}' ELSE
    read_state(p_agent, p_run, v_at, (v_at AT TIME ZONE v_zone)::date, p_groups, p_sources, p_keys) END;
  outcome := 'looked';
  RETURN NEXT;
END $$;

-- Claims a held action that was approved: reserves as a decision that allows does. False when somebody else has claimed it.
CREATE FUNCTION claim_action(
  p_action uuid, p_decision jsonb, p_lease_ms integer, p_audit_id uuid, p_audit_before text, p_audit_after text,
  p_count text[], p_known text[], p_micros bigint, p_tokens bigint)
RETURNS boolean LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_action action%ROWTYPE;
  v_at timestamptz := date_trunc('milliseconds', app_now());
BEGIN
  UPDATE action SET execution = 'claimed', decision = p_decision, lease_until = v_at + make_interval(secs => p_lease_ms / 1000.0),
    reserved_micros = p_micros, reserved_tokens = p_tokens,
    charged_on = (SELECT (v_at AT TIME ZONE w.timezone)::date FROM workspace w WHERE w.id = workspace_id)
  WHERE id = p_action AND execution IS NULL RETURNING * INTO v_action;
  IF NOT FOUND THEN RETURN false; END IF;
  IF cardinality(p_count) > 0 THEN PERFORM count_in_windows(v_action.agent_id, v_at, p_count); END IF;
  IF cardinality(p_known) > 0 THEN
    INSERT INTO agent_known (agent_id, key) SELECT v_action.agent_id, key FROM unnest(p_known) AS key ORDER BY key ON CONFLICT DO NOTHING;
  END IF;
  IF p_micros <> 0 OR p_tokens <> 0 THEN
    PERFORM charge(v_action.agent_id, v_action.run_id, v_action.charged_on, p_micros, p_tokens);
  END IF;
  PERFORM append_audit(v_action.workspace_id, v_at, ARRAY[p_audit_id], ARRAY[p_audit_before], ARRAY[p_audit_after]);
  RETURN true;
END $$;

-- Right before the effect. `taken`: somebody else has begun or ended it; `halted` and `run_over`: nothing of it may begin any more.
CREATE FUNCTION dispatch_action(p_action uuid, p_lease_ms integer) RETURNS text LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_status text;
BEGIN
  SELECT a.status INTO v_status FROM agent a WHERE a.id = (SELECT agent_id FROM action WHERE id = p_action) FOR SHARE;
  IF v_status IN ('paused', 'stopped') THEN RETURN 'halted'; END IF;
  IF EXISTS (SELECT FROM action x JOIN run r ON r.id = x.run_id WHERE x.id = p_action AND r.ended_at IS NOT NULL) THEN
    RETURN 'run_over';
  END IF;
  UPDATE action SET execution = 'dispatched', lease_until = app_now() + make_interval(secs => p_lease_ms / 1000.0)
  WHERE id = p_action AND execution = 'claimed';
  RETURN CASE WHEN FOUND THEN 'dispatched' ELSE 'taken' END;
END $$;
