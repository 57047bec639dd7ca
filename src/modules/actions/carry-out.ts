import type { Decision } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { AppError } from '../../platform/errors/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { ActionFailure, ActionResult } from './action.ts';
import { markUnknown } from './answer-earlier.ts';
import { claim, type Claim } from './claim.ts';
import type { DescribeServices } from './describe.ts';
import { lockAction } from './earlier.ts';
import { toPermit } from './enforce.ts';
import { execute } from './execute.ts';
import { describeHeld, readHeld, type HeldAction, type Today } from './held-action.ts';
import { lookAtAgent } from './look-at-agent.ts';
import { settle } from './settle.ts';

export interface CarryOutServices extends DescribeServices {
  readonly log: Log;
  readonly audit: AuditService;
  readonly approvals: ApprovalsService;
}

export interface CarryOut {
  /** The caller has the run to which the action belongs: whoever had it before is gone. */
  readonly isOurs?: boolean;
  readonly signal?: AbortSignal;
}

/** How long whoever carries out a held action may be silent. */
const LEASE_MS = 30_000;
const HEARTBEAT_MS = 8_000;

type Ready = Extract<Today, { kind: 'ready' }>;

/**
 * Carries out an approved action, once, however often and by however many this is called: claimed in one transaction, dispatched in a second one right
 * before the effect. Undefined: it still waits, somebody else is at it, or it is over.
 */
export async function carryOut(
  services: CarryOutServices,
  approvalId: string,
  how: CarryOut = {},
): Promise<ActionResult | undefined> {
  const held = await readHeld(services.db, approvalId);
  if (held === undefined || !['claimed', 'dispatched', null].includes(held.execution)) return undefined;
  const today = await describeHeld(services, held, how.signal);
  const begun = await services.db.transaction<Claim | Begun>((tx) =>
    held.execution === null ? claim(tx, services, held, today, LEASE_MS) : takeUp(tx, services, held, today, how),
  );
  switch (begun.kind) {
    case 'none':
      return undefined;
    case 'again':
      return carryOut(services, approvalId, how);
    case 'answer':
      return begun.result;
    case 'claimed':
      return dispatch(services, held, today, begun.decision);
    case 'dispatched':
      return today.kind === 'ready' ? act(services, held, today, begun.decision) : undefined;
  }
}

type Begun =
  | { readonly kind: 'claimed' | 'dispatched'; readonly decision: Decision }
  | { readonly kind: 'answer'; readonly result: ActionResult }
  | { readonly kind: 'none' };

/** Whoever had it is gone. What was only claimed has not happened; what was dispatched is repeated only where that is one effect. */
async function takeUp(
  tx: Tx,
  services: CarryOutServices,
  held: HeldAction,
  today: Today,
  { isOurs = false }: CarryOut,
): Promise<Begun> {
  const look = await lookAtAgent(tx, held, today);
  const action = await lockAction(tx, held.id);
  const [clock] = await tx.query<{ now: Date }>('SELECT app_now() AS now');
  if (action === undefined || clock === undefined) return { kind: 'none' };
  const isOver = action.lease_until === null || action.lease_until <= clock.now;
  if (!isOurs && !isOver) return { kind: 'none' };
  const { decision } = action;
  if (action.execution === 'claimed') return { kind: 'claimed', decision };
  if (action.execution !== 'dispatched') return { kind: 'none' };
  if (look.kind === 'may' && today.kind === 'ready' && today.prepared.isIdempotent) {
    await tx.query('UPDATE action SET lease_until = app_now() + make_interval(secs => $2) WHERE id = $1', [
      held.id,
      LEASE_MS / 1_000,
    ]);
    return { kind: 'dispatched', decision };
  }
  const approvalId = await askAbout(tx, services, held);
  return { kind: 'answer', result: { kind: 'unknown', actionId: held.id, approvalId, decision } };
}

async function askAbout(tx: Tx, services: CarryOutServices, held: HeldAction): Promise<string> {
  const row = await services.approvals.lock(tx, held.approval_id);
  return markUnknown(tx, services, held.action_hash, {
    workspaceId: held.workspace_id,
    agentId: held.agent_id,
    ...(held.run_id === null ? {} : { runId: held.run_id }),
    actionType: held.type,
    params: held.params,
    actionHash: held.approved_hash,
    target: row?.target ?? '',
    requestedBy: `agent:${held.agent_id}`,
    onBehalfOf: row?.onBehalfOf ?? row?.conflicts[0] ?? '',
    conflicts: row?.conflicts ?? [],
    actionId: held.id,
    why: 'the server stopped while it was being carried out.',
  });
}

const HALTED = {
  halted: 'The agent was paused or stopped after the approval, so nothing was done.',
  run_over: 'The run has ended after the approval, so nothing was done.',
} as const;

/** The last look before the effect: from here on nobody can take it back. */
async function dispatch(
  services: CarryOutServices,
  held: HeldAction,
  today: Today,
  decision: Decision,
): Promise<ActionResult | undefined> {
  if (today.kind === 'refused') return giveUp(services, held, decision, today.reason);
  const [row] = await services.db.query<{ outcome: 'halted' | 'run_over' | 'dispatched' | 'taken' }>(
    'SELECT dispatch_action($1, $2) AS outcome',
    [held.id, LEASE_MS],
  );
  switch (row?.outcome) {
    case 'dispatched':
      return act(services, held, today, decision);
    case 'halted':
    case 'run_over':
      return giveUp(services, held, decision, HALTED[row.outcome]);
    default:
      return undefined;
  }
}

/** Ends what was claimed and cannot be begun any more; nothing of it was spent. */
async function giveUp(
  { db, audit }: CarryOutServices,
  held: HeldAction,
  decision: Decision,
  message: string,
): Promise<ActionResult> {
  const error: ActionFailure = { code: 'not_runnable' satisfies AppError['code'], message };
  await settle(db, held.id, {
    execution: 'failed',
    error: JSON.stringify(error),
    cost: { micros: 0, tokens: 0 },
    audit: [
      audit.draft({
        workspaceId: held.workspace_id,
        kind: 'action.executed',
        actor: `agent:${held.agent_id}`,
        outcome: 'failed',
        agentId: held.agent_id,
        ...(held.run_id === null ? {} : { runId: held.run_id }),
        action: { id: held.id, type: held.type, hash: held.action_hash },
        data: { code: error.code, approvalId: held.approval_id },
      }),
    ],
  });
  audit.nudge();
  return { kind: 'failed', actionId: held.id, error, decision };
}

async function act(
  services: CarryOutServices,
  held: HeldAction,
  { caller, prepared }: Ready,
  decision: Decision,
): Promise<ActionResult> {
  const { params } = prepared.judged;
  const recorded = { ...prepared, hash: held.action_hash };
  const permit = toPermit(recorded, { actionId: held.id, decision, params, hash: held.approved_hash });
  const beating = setInterval(() => void renew(services, held.id), HEARTBEAT_MS).unref();
  try {
    return await execute(services, caller, {
      prepared: recorded,
      entry: services.executors.catalogue.get(held.type),
      executor: services.executors.find(held.type),
      permit,
      decision,
      isAwaited: true,
    });
  } finally {
    clearInterval(beating);
  }
}

/** A database that cannot be reached is not a lost lease yet. */
async function renew({ db, log }: CarryOutServices, actionId: string): Promise<void> {
  await db
    .query(
      `UPDATE action SET lease_until = app_now() + make_interval(secs => $2) WHERE id = $1 AND execution = 'dispatched'`,
      [actionId, LEASE_MS / 1_000],
    )
    .catch((error: unknown) => log.warn({ actionId, error: String(error) }, 'a lease could not be renewed'));
}
