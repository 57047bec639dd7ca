import type { Decision, Effect } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import { hashAction, type ActionFailure, type ActionResult } from './action.ts';
import { fromBytes, toHeld } from './hold.ts';
import type { Cleared, Prepared } from './prepared.ts';
import { requireSame } from './require-same.ts';

/** What was recorded before under the same key or place, or for an identical call. */
export type Earlier =
  | { readonly kind: 'answered'; readonly result: ActionResult }
  /** It was dispatched and its outcome is not known. */
  | { readonly kind: 'inDoubt'; readonly cleared: Cleared }
  /** People approved it: it is carried out as it was stored. */
  | { readonly kind: 'approved'; readonly actionId: string; readonly approvalId: string };

export interface EarlierServices {
  readonly approvals: ApprovalsService;
}

export interface ActionRow {
  readonly id: string;
  readonly run_id: string | null;
  readonly type: string;
  readonly action_hash: string;
  readonly effect: Effect;
  readonly execution: 'claimed' | 'dispatched' | 'succeeded' | 'failed' | 'unknown' | null;
  readonly decision: Decision;
  readonly params: Buffer;
  readonly output: Buffer | null;
  readonly error: string | null;
  readonly approval_id: string | null;
  readonly context: Buffer | null;
  readonly idempotency_key: string | null;
  readonly lease_until: Date | null;
}

const COLUMNS = `id, run_id, type, action_hash, effect, execution, decision, params, output, error, approval_id, context, idempotency_key, lease_until`;
/** Why an action that was carried out answers with a refusal. */
export const WITHHELD = 'The action was carried out; its result is withheld.';

/**
 * The database has just said that there is a row: it is read here with a lock, under the lock on its agent. Undefined: meanwhile its end was told
 * to another call, so that it answers no more.
 */
export async function findEarlier(
  tx: Tx,
  services: EarlierServices,
  prepared: Prepared,
  now: Date,
): Promise<Earlier | undefined> {
  const row = await findRow(tx, prepared);
  if (row === undefined) return undefined;
  // What is held in a run is compared when it is claimed: there people are told what has changed.
  if (!(isHeld(row) && row.run_id !== null)) requireSame(row, prepared);
  if (isHeld(row)) return answerHeld(tx, services, row, now);
  if (row.execution === 'claimed' || row.execution === 'dispatched') return toInDoubt(row, prepared, now);
  return { kind: 'answered', result: await toResult(tx, services, row) };
}

/** How a held action stands. Whoever asked outside a run is told its end once. */
export async function answerHeld(tx: Tx, services: EarlierServices, row: ActionRow, now: Date): Promise<Earlier> {
  const { id: actionId, approval_id: approvalId } = row;
  const isUnderWay = row.execution === 'claimed' || row.execution === 'dispatched';
  // A run's place belongs to the worker with the lease: whoever had it before is gone.
  const isOurs = row.run_id !== null || row.lease_until === null || now >= row.lease_until;
  if (approvalId !== null && isUnderWay && isOurs) return { kind: 'approved', actionId, approvalId };
  const request = approvalId === null ? undefined : await services.approvals.lock(tx, approvalId);
  if (row.execution === null && approvalId !== null && request?.status === 'approved')
    return { kind: 'approved', actionId, approvalId };
  if (request !== undefined && (isUnderWay || (row.execution === null && request.status === 'pending'))) {
    return { kind: 'answered', result: toHeld(actionId, row.decision, await services.approvals.opened(tx, request)) };
  }
  await tx.query('UPDATE action SET awaits_answer = false WHERE id = $1 AND awaits_answer', [actionId]);
  return { kind: 'answered', result: await toResult(tx, services, row) };
}

/** Leave that was given in advance is not held: its row has no context. */
function isHeld({ effect, context }: ActionRow): boolean {
  return effect === 'require_approval' && context !== null;
}

async function findRow(tx: Tx, { request, hash }: Prepared): Promise<ActionRow | undefined> {
  if (request.run !== undefined) {
    const { runId, stepPosition, itemIndex, attempt } = request.run;
    const [row] = await tx.query<ActionRow>(
      `SELECT ${COLUMNS} FROM action WHERE run_id = $1 AND step_position = $2 AND item_index = $3 AND attempt = $4 FOR NO KEY UPDATE`,
      [runId, stepPosition, itemIndex, attempt],
    );
    return row;
  }
  const key = request.idempotencyKey;
  if (key !== undefined) {
    const [row] = await tx.query<ActionRow>(
      `SELECT ${COLUMNS} FROM action WHERE agent_id = $1 AND idempotency_key = $2 FOR NO KEY UPDATE`,
      [request.agentId, key],
    );
    if (row !== undefined) return row;
  }
  const [row] = await tx.query<ActionRow>(
    `SELECT ${COLUMNS} FROM action WHERE agent_id = $1 AND action_hash = $2 AND awaits_answer AND ($3::text IS NULL OR idempotency_key IS NULL)
     ORDER BY created_at LIMIT 1 FOR NO KEY UPDATE`,
    [request.agentId, hash, key ?? null],
  );
  // From now on the key stands for the action that was held before somebody gave one.
  if (row !== undefined && key !== undefined)
    await tx.query('UPDATE action SET idempotency_key = $2 WHERE id = $1', [row.id, key]);
  return row;
}

export async function lockAction(tx: Tx, actionId: string): Promise<ActionRow | undefined> {
  const [row] = await tx.query<ActionRow>(`SELECT ${COLUMNS} FROM action WHERE id = $1 FOR NO KEY UPDATE`, [actionId]);
  return row;
}

/** A run's place belongs to the worker with the lease: whoever had it before is gone. A key has the action's own lease. */
function toInDoubt(row: ActionRow, { request, binding }: Prepared, now: Date): Earlier {
  const mayBeUnderWay = request.run === undefined && row.lease_until !== null && now < row.lease_until;
  if (mayBeUnderWay)
    throw new AppError(
      'conflict',
      'The action with this idempotencyKey is still under way. Call again in a moment for its outcome.',
    );
  // A repeat does what was decided then, also when transforms would leave something else today.
  const params = fromBytes(row.params);
  const hash = hashAction(binding, { ...request, params });
  return { kind: 'inDoubt', cleared: { actionId: row.id, decision: row.decision, params, hash } };
}

async function toResult(tx: Tx, services: EarlierServices, row: ActionRow): Promise<ActionResult> {
  const { id: actionId, decision, approval_id: approvalId } = row;
  switch (row.execution) {
    case 'succeeded':
      if (row.error !== null) return { kind: 'denied', actionId, decision, reason: WITHHELD };
      return { kind: 'succeeded', actionId, decision, output: fromBytes(row.output) };
    case 'failed':
      return { kind: 'failed', actionId, decision, error: JSON.parse(row.error ?? '{}') as ActionFailure };
    case 'unknown': {
      const question = approvalId === null ? undefined : await services.approvals.lock(tx, approvalId);
      const happened = question === undefined ? undefined : ANSWERS.get(question.status);
      return {
        kind: 'unknown',
        actionId,
        decision,
        ...(approvalId === null ? {} : { approvalId }),
        ...(happened === undefined ? {} : { happened }),
      };
    }
    default: {
      if (row.effect !== 'require_approval' || approvalId === null) return { kind: 'denied', actionId, decision };
      const request = await services.approvals.lock(tx, approvalId);
      return { kind: 'denied', actionId, decision, reason: toReason(request?.status, request?.endReason) };
    }
  }
}

/** What the answers to the question whether it happened mean. */
const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ['approved', true],
  ['consumed', true],
  ['denied', false],
]);

/** What whoever asked is told of a request that came to nothing. */
export function toReason(status = 'gone', reason?: string): string {
  return `approval_${status}: the approval that it needed is ${status}${reason === undefined ? '.' : `: ${reason}`}`;
}
