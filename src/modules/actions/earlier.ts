import type { JsonObject } from '../../kernel/json.ts';
import type { Decision, Effect } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import { hashAction, type ActionFailure, type ActionResult } from './action.ts';
import type { Cleared, Prepared } from './prepared.ts';

/** What was recorded before under the same key or place. `inDoubt`: it was dispatched and its outcome is not known. */
export type Earlier =
  | { readonly kind: 'answered'; readonly result: ActionResult }
  | { readonly kind: 'inDoubt'; readonly cleared: Cleared };

interface ActionRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly action_hash: string;
  readonly effect: Effect;
  readonly execution: 'claimed' | 'dispatched' | 'succeeded' | 'failed' | 'unknown' | null;
  readonly decision: Decision;
  readonly params: Buffer;
  readonly output: Buffer | null;
  readonly error: string | null;
  readonly approval_id: string | null;
  readonly lease_until: Date | null;
}

const COLUMNS =
  'id, workspace_id, action_hash, effect, execution, decision, params, output, error, approval_id, lease_until';
/** Why an action that was carried out answers with a refusal. */
export const WITHHELD = 'The action was carried out; its result is withheld.';

/** The database has just said that there is a row: it is read here with a lock, under the lock on its agent. */
export async function findEarlier(
  tx: Tx,
  services: { readonly approvals: ApprovalsService },
  prepared: Prepared,
  now: Date,
): Promise<Earlier> {
  const row = await findRow(tx, prepared);
  if (row === undefined)
    throw new AppError('conflict', 'An earlier attempt at this action has just been removed. Try again.');
  if (row.action_hash !== prepared.hash) {
    throw new AppError(
      'idempotency_conflict',
      `The idempotencyKey \`${prepared.request.idempotencyKey ?? ''}\` was used before with another action or other params. Use a new key for a new action.`,
    );
  }
  if (row.execution === 'claimed' || row.execution === 'dispatched') return toInDoubt(row, prepared, now);
  return { kind: 'answered', result: await toResult(tx, services.approvals, row) };
}

async function findRow(tx: Tx, { request }: Prepared): Promise<ActionRow | undefined> {
  if (request.run !== undefined) {
    const { runId, stepPosition, itemIndex, attempt } = request.run;
    const [row] = await tx.query<ActionRow>(
      `SELECT ${COLUMNS} FROM action WHERE run_id = $1 AND step_position = $2 AND item_index = $3 AND attempt = $4 FOR UPDATE`,
      [runId, stepPosition, itemIndex, attempt],
    );
    return row;
  }
  if (request.idempotencyKey === undefined) return undefined;
  const [row] = await tx.query<ActionRow>(
    `SELECT ${COLUMNS} FROM action WHERE agent_id = $1 AND idempotency_key = $2 FOR UPDATE`,
    [request.agentId, request.idempotencyKey],
  );
  return row;
}

/** A run's place belongs to the worker with the lease: whoever had it before is gone. A key has the action's own lease. */
function toInDoubt(row: ActionRow, { request }: Prepared, now: Date): Earlier {
  const mayBeUnderWay = request.run === undefined && row.lease_until !== null && now < row.lease_until;
  if (mayBeUnderWay)
    throw new AppError(
      'conflict',
      'The action with this idempotencyKey is still under way. Call again in a moment for its outcome.',
    );
  // A repeat does what was decided then, also when transforms would leave something else today.
  const params = parse(row.params);
  const hash = hashAction(row.workspace_id, { ...request, params });
  return { kind: 'inDoubt', cleared: { actionId: row.id, decision: row.decision, params, hash } };
}

async function toResult(tx: Tx, approvals: ApprovalsService, row: ActionRow): Promise<ActionResult> {
  const { id: actionId, decision } = row;
  switch (row.execution) {
    case 'succeeded':
      if (row.error !== null) return { kind: 'denied', actionId, decision, reason: WITHHELD };
      return { kind: 'succeeded', actionId, decision, output: parse(row.output) };
    case 'failed':
      return { kind: 'failed', actionId, decision, error: JSON.parse(row.error ?? '{}') as ActionFailure };
    case 'unknown':
      return {
        kind: 'unknown',
        actionId,
        decision,
        ...(row.approval_id === null ? {} : { approvalId: row.approval_id }),
      };
    default:
      return toUnexecuted(tx, approvals, row);
  }
}

async function toUnexecuted(tx: Tx, approvals: ApprovalsService, row: ActionRow): Promise<ActionResult> {
  const { id: actionId, decision, approval_id: approvalId } = row;
  if (row.effect !== 'require_approval' || approvalId === null) return { kind: 'denied', actionId, decision };
  const request = await approvals.find(tx, approvalId);
  if (request?.status === 'pending')
    return { kind: 'held', actionId, approvalId, expiresAt: request.expiresAt, decision };
  return { kind: 'denied', actionId, decision, reason: `The approval that it needed is ${request?.status ?? 'gone'}.` };
}

function parse(output: Buffer | null): JsonObject {
  return output === null ? {} : (JSON.parse(output.toString('utf8')) as JsonObject);
}
