-- What was before an action, kept so that one statement reads it, compares it and reserves: nothing here grows with a history,
-- and no question counts the rows of one.

-- Counts of one agent by what they count: `all`, `kind:http`, `type:file.write`, `failures`. Rings whose last slot is the newest:
-- 61 of a second, 13 of five minutes, 25 of an hour. A window reads one slot more than its length: it never counts too little.
CREATE TABLE agent_window (
  agent_id uuid NOT NULL REFERENCES agent (id),
  key text NOT NULL,
  -- Seconds since 1970 of the newest slots.
  second bigint NOT NULL,
  seconds integer[] NOT NULL,
  fives integer[] NOT NULL,
  hours integer[] NOT NULL,
  -- To the hour, for single actions to the minute: an update in between changes no index.
  kept_until timestamptz NOT NULL,
  PRIMARY KEY (agent_id, key)
) WITH (fillfactor = 50);
CREATE INDEX agent_window_over ON agent_window (kept_until);

-- Money and tokens of one agent in `day 2026-01-30`, `month 2026-01` and `run <id>`: what is spent and what is reserved, together.
CREATE TABLE agent_budget (
  agent_id uuid NOT NULL REFERENCES agent (id),
  period text NOT NULL,
  micros bigint NOT NULL,
  tokens bigint NOT NULL,
  kept_until timestamptz NOT NULL,
  PRIMARY KEY (agent_id, period)
) WITH (fillfactor = 70);
CREATE INDEX agent_budget_over ON agent_budget (kept_until);

-- Hosts, recipients and tools that an agent has used, by hash: what is not here is used for the first time.
CREATE TABLE agent_known (
  agent_id uuid NOT NULL REFERENCES agent (id),
  key text NOT NULL,
  PRIMARY KEY (agent_id, key)
);

-- `lease_until`: who carries it out is at it until then at most. `reserved_*`: what it holds of the budgets until it is settled.
ALTER TABLE action
  ADD COLUMN lease_until timestamptz,
  ADD COLUMN reserved_micros bigint NOT NULL DEFAULT 0,
  ADD COLUMN reserved_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN charged_on date;
CREATE INDEX action_running ON action (agent_id, lease_until) WHERE execution IN ('claimed', 'dispatched');
-- Rates are no longer counted from the rows of the actions.
DROP INDEX action_rate;
DROP INDEX action_write_rate;

-- One more in the newest slot, after `age` slots without any.
CREATE FUNCTION push_slot(slots integer[], age bigint) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN age <= 0 THEN slots[:cardinality(slots) - 1] || (slots[cardinality(slots)] + 1)
    WHEN age >= cardinality(slots) THEN array_fill(0, ARRAY[cardinality(slots) - 1]) || 1
    ELSE slots[age::integer + 1:] || array_fill(0, ARRAY[age::integer - 1]) || 1
  END
$$;

CREATE FUNCTION count_in_windows(p_agent uuid, p_at timestamptz, p_keys text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_second bigint := floor(extract(epoch FROM p_at));
BEGIN
  INSERT INTO agent_window AS w (agent_id, key, second, seconds, fives, hours, kept_until)
  SELECT p_agent, key, v_second, array_fill(0, ARRAY[60]) || 1, array_fill(0, ARRAY[12]) || 1, array_fill(0, ARRAY[24]) || 1,
    CASE WHEN key LIKE 'same:%' THEN date_trunc('minute', p_at) + interval '3 minutes'
      ELSE date_trunc('hour', p_at) + interval '26 hours' END
  FROM unnest(p_keys) AS key ORDER BY key
  ON CONFLICT (agent_id, key) DO UPDATE SET
    second = greatest(w.second, excluded.second),
    seconds = push_slot(w.seconds, excluded.second - w.second),
    fives = push_slot(w.fives, excluded.second / 300 - w.second / 300),
    hours = push_slot(w.hours, excluded.second / 3600 - w.second / 3600),
    kept_until = greatest(w.kept_until, excluded.kept_until);
END $$;

-- Adds to what an agent has spent or reserved on a day of its workspace, in its month and in a run; takes away what is negative.
CREATE FUNCTION charge(p_agent uuid, p_run uuid, p_day date, p_micros bigint, p_tokens bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO agent_budget AS b (agent_id, period, micros, tokens, kept_until)
  SELECT p_agent, period, p_micros, p_tokens, app_now() + kept
  FROM (VALUES
    ('day ' || to_char(p_day, 'YYYY-MM-DD'), interval '3 days'),
    ('month ' || to_char(p_day, 'YYYY-MM'), interval '33 days'),
    ('run ' || p_run, interval '33 days')) AS p (period, kept)
  WHERE period IS NOT NULL ORDER BY period
  ON CONFLICT (agent_id, period) DO UPDATE SET
    micros = b.micros + excluded.micros, tokens = b.tokens + excluded.tokens, kept_until = excluded.kept_until
$$;

-- Writes entries of the record; `p_before` and `p_after` are the canonical bytes around the time.
CREATE FUNCTION append_audit(p_workspace uuid, p_at timestamptz, p_ids uuid[], p_before text[], p_after text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_at text := to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
BEGIN
  INSERT INTO audit_entry (id, workspace_id, body, leaf_hash)
  SELECT id, p_workspace, body, sha256('\x00'::bytea || body)
  FROM unnest(p_ids, p_before, p_after) AS e (id, before, after), convert_to(before || v_at || after, 'UTF8') AS body;
  INSERT INTO audit_pending (entry_id, workspace_id, at)
  SELECT id, p_workspace, p_at FROM unnest(p_ids) WITH ORDINALITY AS e (id, n) ORDER BY n;
END $$;

-- What the decision about an action looks at: `p_groups` says which value a place belongs to; of several places the largest counts.
-- One small statement for each place: one large one for all takes longer to set up than to run.
CREATE FUNCTION read_state(p_agent uuid, p_run uuid, p_at timestamptz, p_day date, p_groups integer[], p_sources text[], p_keys text[])
RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_second bigint := floor(extract(epoch FROM p_at));
  v_window agent_window%ROWTYPE;
  v_slots integer[];
  v_value bigint;
  v_state bigint[] := array_fill(0::bigint, ARRAY[p_groups[cardinality(p_groups)]]);
BEGIN
  FOR i IN 1 .. cardinality(p_groups) LOOP
    v_value := 0;
    CASE p_sources[i]
      WHEN '1m', '10m', '1h', '1d' THEN
        IF v_window.key IS DISTINCT FROM p_keys[i] THEN
          SELECT * INTO v_window FROM agent_window WHERE agent_id = p_agent AND key = p_keys[i];
        END IF;
        -- A slot that lies partly in the window counts as a whole.
        v_slots := CASE p_sources[i]
          WHEN '1m' THEN v_window.seconds[least(v_second - v_window.second, 99)::integer + 1:]
          WHEN '10m' THEN v_window.fives[least(v_second / 300 - v_window.second / 300, 99)::integer + 11:]
          WHEN '1h' THEN v_window.fives[least(v_second / 300 - v_window.second / 300, 99)::integer + 1:]
          ELSE v_window.hours[least(v_second / 3600 - v_window.second / 3600, 99)::integer + 1:] END;
        SELECT sum(n) INTO v_value FROM unnest(v_slots) AS n;
      WHEN 'running' THEN
        SELECT count(*) INTO v_value FROM action
        WHERE agent_id = p_agent AND execution IN ('claimed', 'dispatched') AND lease_until > p_at;
      WHEN 'new' THEN
        v_value := (NOT EXISTS (SELECT FROM agent_known WHERE agent_id = p_agent AND key = p_keys[i]))::integer;
      WHEN 'micros today' THEN
        SELECT micros INTO v_value FROM agent_budget WHERE agent_id = p_agent AND period = 'day ' || to_char(p_day, 'YYYY-MM-DD');
      WHEN 'micros month' THEN
        SELECT micros INTO v_value FROM agent_budget WHERE agent_id = p_agent AND period = 'month ' || to_char(p_day, 'YYYY-MM');
      WHEN 'tokens today' THEN
        SELECT tokens INTO v_value FROM agent_budget WHERE agent_id = p_agent AND period = 'day ' || to_char(p_day, 'YYYY-MM-DD');
      WHEN 'tokens run' THEN
        SELECT tokens INTO v_value FROM agent_budget WHERE agent_id = p_agent AND period = 'run ' || p_run;
      WHEN 'most' THEN
        v_value := 2147483647;
    END CASE;
    v_state[p_groups[i]] := greatest(v_state[p_groups[i]], least(coalesce(v_value, 0), 9007199254740991));
  END LOOP;
  RETURN v_state;
END $$;

-- One round trip for a decision that was made on an assumed state: locks the agent, and where all of the state lies between `p_low`
-- and `p_high` records and reserves; otherwise answers with the state and writes nothing, as it does when `p_action` is null.
-- Functions keep their plans: one made while a table was small must not read it from end to end when it has grown, hence `enable_seqscan`.
CREATE FUNCTION record_decision(
  p_workspace uuid, p_agent uuid, p_run uuid, p_step integer, p_item integer, p_attempt integer, p_idempotency_key text,
  p_groups integer[], p_sources text[], p_keys text[], p_low bigint[], p_high bigint[],
  p_action uuid, p_version integer, p_type text, p_kind text, p_is_write boolean, p_params bytea, p_hash text,
  p_effect text, p_decision jsonb, p_lease_ms integer,
  p_audit_id uuid, p_audit_before text, p_audit_after text,
  p_count text[], p_known text[], p_micros bigint, p_tokens bigint)
RETURNS TABLE (outcome text, decided_at timestamptz, status text, name text, state bigint[]) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_zone text;
  v_day date;
  v_acts boolean := p_effect IN ('allow', 'transform');
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
  ELSIF p_idempotency_key IS NOT NULL THEN
    PERFORM FROM action WHERE agent_id = p_agent AND idempotency_key = p_idempotency_key;
    IF FOUND THEN outcome := 'earlier'; RETURN NEXT; RETURN; END IF;
  END IF;
  state := CASE WHEN cardinality(p_groups) = 0 THEN '{}' ELSE
    read_state(p_agent, p_run, decided_at, v_day, p_groups, p_sources, p_keys) END;
  IF p_action IS NULL THEN outcome := 'looked'; RETURN NEXT; RETURN; END IF;
  IF EXISTS (SELECT FROM unnest(state, p_low, p_high) AS s (value, low, high) WHERE value NOT BETWEEN low AND high) THEN
    outcome := 'stale'; RETURN NEXT; RETURN;
  END IF;
  INSERT INTO action (id, workspace_id, agent_id, version, run_id, step_position, item_index, attempt, type, kind, is_write, params,
    action_hash, effect, execution, decision, idempotency_key, created_at, lease_until, reserved_micros, reserved_tokens, charged_on)
  VALUES (p_action, p_workspace, p_agent, p_version, p_run, p_step, p_item, p_attempt, p_type, p_kind, p_is_write, p_params,
    p_hash, p_effect, CASE WHEN v_acts THEN 'dispatched' END, p_decision, p_idempotency_key, decided_at,
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
CREATE FUNCTION settle_action(
  p_action uuid, p_execution text, p_decision jsonb, p_output bytea, p_error text, p_micros bigint, p_tokens bigint, p_count text[],
  p_audit_ids uuid[], p_audit_before text[], p_audit_after text[])
RETURNS timestamptz LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  v_action action%ROWTYPE;
BEGIN
  UPDATE action SET execution = p_execution, decision = coalesce(p_decision, decision), output = p_output, error = p_error,
    finished_at = date_trunc('milliseconds', app_now())
  WHERE id = p_action AND execution = 'dispatched' RETURNING * INTO v_action;
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
