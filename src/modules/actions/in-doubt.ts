import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { Prepared } from './prepared.ts';
import { toBytes } from './reserve.ts';

/**
 * Asks people whether an action happened whose end nobody saw; until somebody says so, or the question expires, it is not repeated.
 * Returns the id of the question.
 */
export async function askWhetherItHappened(
  tx: Tx,
  approvals: ApprovalsService,
  caller: Caller,
  { request, hash, target, judged }: Pick<Prepared, 'request' | 'hash' | 'target' | 'judged'>,
  { actionId, why }: { readonly actionId: string; readonly why: string },
): Promise<string> {
  const what = target === '' ? request.type : `${request.type} ${target}`;
  const { approvalId } = await approvals.hold(tx, {
    workspaceId: caller.workspaceId,
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    actionId,
    actionType: request.type,
    params: toBytes(judged.params),
    actionHash: hash,
    description: `${what}: ${why} Did it happen? It is not repeated before somebody says so.`,
    risk: 'high',
    requiredApprovals: 1,
    requestedBy: toActor(caller),
  });
  await tx.query('UPDATE action SET approval_id = $2 WHERE id = $1', [actionId, approvalId]);
  return approvalId;
}
