import { randomUUID } from 'node:crypto';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import { toActor, type Caller } from '../../kernel/caller.ts';
import { NEUTRAL_FACTS, type Facts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, Decision } from '../../kernel/policy/model.ts';
import { toQuorum, toRisk } from '../../kernel/policy/risk.ts';
import type { AgentStatus, RunStatus } from '../../kernel/run/model.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditOutcome, AuditService } from '../audit/index.ts';
import type { PoliciesService } from '../policies/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import { findEarlier, type Earlier } from './earlier.ts';
import { askWhetherItHappened } from './in-doubt.ts';

/** An action ready to be judged: everything that can be known before the transaction. */
export interface Prepared {
  readonly request: ActionRequest;
  readonly version: number;
  readonly hash: string;
  readonly kind: string;
  readonly isWrite: boolean;
  readonly isIdempotent: boolean;
  readonly timeoutMs: number;
  /** Complete but for `rate`, which is read where it is reserved. */
  readonly facts: Facts;
  readonly policies: readonly CompiledPolicy[];
  /** What the action is about, for the record: paths or a URL without query and credentials. */
  readonly target: string;
}

/** `act`: the decision is recorded and the action may be carried out once; anything else is already the answer. */
export type Verdict = { readonly kind: 'act'; readonly actionId: string; readonly decision: Decision } | ActionResult;

interface Services {
  readonly db: Database;
  readonly audit: AuditService;
  readonly approvals: ApprovalsService;
  readonly policies: PoliciesService;
}

const UNIQUE_VIOLATION = '23505';

/** Decides and records in one transaction. What comes back as `act` has been committed as dispatched before anything happens. */
export async function enforce(services: Services, caller: Caller, prepared: Prepared): Promise<Verdict> {
  try {
    return await services.db.transaction((tx) => decideAndRecord(tx, services, caller, prepared));
  } catch (error) {
    // The same key or place arrived twice at once: the other one is recorded now, so this one answers with it.
    if (!isUniqueViolation(error)) throw error;
    return services.db.transaction((tx) => decideAndRecord(tx, services, caller, prepared));
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

async function decideAndRecord(tx: Tx, services: Services, caller: Caller, prepared: Prepared): Promise<Verdict> {
  const { request, hash } = prepared;
  const now = await lockAgent(tx, caller, prepared);
  const earlier = await findEarlier(tx, services, prepared, now);
  if (earlier !== undefined) return answerEarlier(tx, services, caller, prepared, earlier, now);
  const open = request.run === undefined ? await services.approvals.findOpen(tx, request.agentId, hash) : undefined;
  const facts = { ...prepared.facts, rate: await readRates(tx, prepared, now) };
  const decision = services.policies.decide(prepared.policies, facts);
  if (open?.actionId !== undefined && decision.effect === 'require_approval') {
    return { kind: 'held', actionId: open.actionId, approvalId: open.approvalId, expiresAt: open.expiresAt, decision };
  }
  const actionId = await insertAction(tx, caller, prepared, decision, now);
  await record(tx, services, caller, prepared, { actionId, decision }, now);
  return toVerdict(tx, services, caller, { prepared, facts, actionId, decision });
}

const WAY_ON = {
  paused: 'Deploy it again with deploy_agent to go on.',
  stopped: 'It was stopped for good: make a new one with create_agent.',
} as const;

/** Reads the agent's state and the database's clock; writers and http callers of one agent pass one by one, so that rates hold. */
async function lockAgent(tx: Tx, caller: Caller, { request, isWrite, kind }: Prepared): Promise<Date> {
  const lock = isWrite || kind === 'http' ? 'FOR NO KEY UPDATE' : '';
  const [agent] = await tx.query<{ status: AgentStatus; name: string }>(
    `SELECT status, name FROM agent WHERE id = $1 AND workspace_id = $2 ${lock}`,
    [request.agentId, caller.workspaceId],
  );
  if (agent === undefined)
    throw new AppError('not_found', `No agent has the id \`${request.agentId}\`. list_agents shows all.`);
  if (agent.status === 'paused' || agent.status === 'stopped') {
    throw new AppError(
      'not_runnable',
      `The agent \`${agent.name}\` is ${agent.status}, so it may not act. ${WAY_ON[agent.status]}`,
    );
  }
  // After the lock: a run that a pause has cancelled stays so, also when the agent is deployed again at once.
  const [clock] = await tx.query<{ now: Date; over: RunStatus | null }>(
    `SELECT app_now() AS now, (SELECT status FROM run WHERE id = $1 AND ended_at IS NOT NULL) AS over`,
    [request.run?.runId ?? null],
  );
  if (clock === undefined) throw new AppError('internal', 'The database gave no time.');
  if (clock.over !== null) throw new AppError('not_runnable', `The run is ${clock.over}, so nothing of it may act.`);
  return clock.now;
}

async function readRates(tx: Tx, { request, isWrite, kind }: Prepared, now: Date): Promise<Facts['rate']> {
  if (!isWrite && kind !== 'http') return NEUTRAL_FACTS.rate;
  const [rates] = await tx.query<{ http1m: number; writes1m: number }>(
    `SELECT
      (SELECT count(*)::int FROM (SELECT FROM action WHERE agent_id = $1 AND kind = 'http' AND execution IS NOT NULL AND created_at > $2 LIMIT 1000) h) AS http1m,
      (SELECT count(*)::int FROM (SELECT FROM action WHERE agent_id = $1 AND execution IS NOT NULL AND is_write AND created_at > $2 LIMIT 1000) w) AS writes1m`,
    [request.agentId, new Date(now.getTime() - 60_000)],
  );
  if (rates === undefined) throw new AppError('internal', 'The rates could not be read.');
  return { ...NEUTRAL_FACTS.rate, ...rates };
}

async function insertAction(
  tx: Tx,
  caller: Caller,
  prepared: Prepared,
  decision: Decision,
  now: Date,
): Promise<string> {
  const { request } = prepared;
  const id = randomUUID();
  await tx.query(
    `INSERT INTO action (id, workspace_id, agent_id, version, run_id, step_position, item_index, attempt, type, kind, is_write, params,
       action_hash, effect, execution, decision, idempotency_key, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [
      id,
      caller.workspaceId,
      request.agentId,
      prepared.version,
      request.run?.runId ?? null,
      request.run?.stepPosition ?? null,
      request.run?.itemIndex ?? null,
      request.run?.attempt ?? 1,
      request.type,
      prepared.kind,
      prepared.isWrite,
      Buffer.from(canonicalize(request.params), 'utf8'),
      prepared.hash,
      decision.effect,
      decision.effect === 'allow' ? 'dispatched' : null,
      JSON.stringify(decision),
      request.idempotencyKey ?? null,
      now,
    ],
  );
  return id;
}

const OUTCOMES = {
  deny: 'denied',
  require_approval: 'held',
  transform: 'denied',
  allow: 'allowed',
} as const satisfies Record<string, AuditOutcome>;

async function record(
  tx: Tx,
  services: Services,
  caller: Caller,
  { request, hash, target }: Prepared,
  { actionId, decision }: { actionId: string; decision: Decision },
  now: Date,
): Promise<void> {
  await services.audit.appendAt(tx, now, {
    workspaceId: caller.workspaceId,
    kind: 'action.decided',
    actor: toActor(caller),
    outcome: OUTCOMES[decision.effect],
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    action: { id: actionId, type: request.type, hash },
    decision,
    data: { target, onBehalfOf: caller.personId },
  });
}

type Decided = { prepared: Prepared; facts: Facts; actionId: string; decision: Decision };

async function toVerdict(
  tx: Tx,
  services: Services,
  caller: Caller,
  { prepared, facts, actionId, decision }: Decided,
): Promise<Verdict> {
  switch (decision.effect) {
    case 'allow':
      return { kind: 'act', actionId, decision };
    case 'deny':
    case 'transform':
      return { kind: 'denied', actionId, decision };
    case 'require_approval': {
      const risk = toRisk(facts);
      const held = await services.approvals.hold(tx, {
        workspaceId: caller.workspaceId,
        agentId: prepared.request.agentId,
        ...(prepared.request.run === undefined ? {} : { runId: prepared.request.run.runId }),
        actionId,
        actionType: prepared.request.type,
        params: Buffer.from(canonicalize(prepared.request.params), 'utf8'),
        actionHash: prepared.hash,
        description: toQuestion(prepared, decision),
        risk,
        requiredApprovals: toQuorum(risk),
        requestedBy: toActor(caller),
      });
      await tx.query('UPDATE action SET approval_id = $2 WHERE id = $1', [actionId, held.approvalId]);
      return { kind: 'held', actionId, approvalId: held.approvalId, expiresAt: held.expiresAt, decision };
    }
  }
}

/** What somebody has to judge: the action and its target first, then why it is asked. */
function toQuestion({ request, target }: Prepared, { violations }: Decision): string {
  const what = target === '' ? request.type : `${request.type} ${target}`;
  return `${what}: ${violations[0]?.message ?? 'a policy asks for approval.'}`;
}

/** The same place of a run, or the same key, was here before: its outcome stands. */
async function answerEarlier(
  tx: Tx,
  services: Services,
  caller: Caller,
  prepared: Prepared,
  earlier: Earlier,
  now: Date,
): Promise<Verdict> {
  if (earlier.kind === 'answered') return earlier.result;
  if (prepared.isIdempotent) return { kind: 'act', actionId: earlier.actionId, decision: earlier.decision };
  return markUnknown(tx, services, caller, prepared, earlier, now);
}

async function markUnknown(
  tx: Tx,
  services: Services,
  caller: Caller,
  prepared: Prepared,
  { actionId, decision }: { actionId: string; decision: Decision },
  now: Date,
): Promise<ActionResult> {
  const { request, hash } = prepared;
  await tx.query(`UPDATE action SET execution = 'unknown', finished_at = $2 WHERE id = $1`, [actionId, now]);
  const why = 'the server stopped while it was being carried out.';
  const approvalId = await askWhetherItHappened(tx, services.approvals, caller, prepared, { actionId, why });
  await services.audit.appendAt(tx, now, {
    workspaceId: caller.workspaceId,
    kind: 'action.executed',
    actor: toActor(caller),
    outcome: 'unknown',
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    action: { id: actionId, type: request.type, hash },
    data: { approvalId },
  });
  return { kind: 'unknown', actionId, approvalId, decision };
}
