import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { toBackpressureText, type ApprovalsService, type Backpressure } from '../approvals/index.ts';
import type { AuditEntry, AuditService } from '../audit/index.ts';
import type { ActionResult } from './action.ts';
import type { Prepared } from './prepared.ts';

interface Services {
  readonly approvals: ApprovalsService;
  readonly audit: AuditService;
}

/**
 * What would be held while too much of the agent waits already is refused: recorded as a denial is, and not kept as an action, so that its key
 * and its place in a run stay free for the next try. The agent is locked.
 */
export async function refuseMore(
  tx: Tx,
  { approvals, audit }: Services,
  caller: Caller,
  prepared: Prepared,
  { actionId, decision }: { readonly actionId: string; readonly decision: Decision },
): Promise<ActionResult | undefined> {
  const { agentId } = prepared.request;
  const found = await approvals.findBackpressure(tx, { workspaceId: caller.workspaceId, agentId });
  if (found === undefined) return undefined;
  const { request, hash, target } = prepared;
  await audit.append(tx, {
    ...toEntry(caller, agentId),
    kind: 'action.decided',
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    action: { id: actionId, type: request.type, hash },
    decision,
    data: { target, onBehalfOf: caller.personId, ...toData(found) },
  });
  const error = { code: 'approval_backpressure', message: toBackpressureText(found, agentId) } as const;
  return { kind: 'failed', actionId, error, decision };
}

/** The same for a request for leave in advance. */
export async function refuseMoreRequests(
  tx: Tx,
  { approvals, audit }: Services,
  caller: Caller,
  { request, executedHash }: Prepared,
): Promise<AppError | undefined> {
  const { agentId, type } = request;
  const found = await approvals.findBackpressure(tx, { workspaceId: caller.workspaceId, agentId });
  if (found === undefined) return undefined;
  await audit.append(tx, {
    ...toEntry(caller, agentId),
    kind: 'approval.requested',
    data: { purpose: 'request', action: type, actionHash: executedHash, ...toData(found) },
  });
  return new AppError('approval_backpressure', `approval_backpressure: ${toBackpressureText(found, agentId)}`);
}

function toEntry(caller: Caller, agentId: string): Pick<AuditEntry, 'workspaceId' | 'actor' | 'outcome' | 'agentId'> {
  return { workspaceId: caller.workspaceId, actor: toActor(caller), outcome: 'denied', agentId };
}

function toData({ open }: Backpressure): { refusal: 'approval_backpressure'; open: number } {
  return { refusal: 'approval_backpressure', open };
}
