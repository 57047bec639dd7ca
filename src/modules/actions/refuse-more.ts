import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { toBackpressureText, type ApprovalsService, type Backpressure } from '../approvals/index.ts';
import type { AuditEntry, AuditService } from '../audit/index.ts';
import type { ActionResult } from './action.ts';
import type { Prepared } from './prepared.ts';

interface Services {
  readonly db: Database;
  readonly approvals: ApprovalsService;
  readonly audit: AuditService;
}

const REFUSAL = 'approval_backpressure';

/**
 * What would be held while too much of the agent waits already is refused: recorded as a denial is, and not kept as an action, so that its key
 * and its place in a run stay free for the next try.
 */
export async function refuseMore(
  writer: Pick<Tx, 'query'>,
  { audit }: Services,
  caller: Caller,
  { request, hash, target }: Prepared,
  { actionId, decision, found }: { actionId: string; decision: Decision; found: Backpressure },
): Promise<ActionResult> {
  const { agentId } = request;
  await record(writer, audit, {
    ...toEntry(caller, agentId),
    kind: 'action.decided',
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    action: { id: actionId, type: request.type, hash },
    decision,
    data: { target, onBehalfOf: caller.personId, refusal: REFUSAL },
  });
  const error = { code: REFUSAL, message: toBackpressureText(found, agentId) } as const;
  return { kind: 'failed', actionId, error, decision };
}

/** The same for a request for leave in advance. The agent is locked. */
export async function refuseMoreRequests(
  tx: Tx,
  { approvals, audit }: Omit<Services, 'db'>,
  caller: Caller,
  { request, executedHash }: Prepared,
): Promise<AppError | undefined> {
  const { agentId, type } = request;
  const found = await approvals.findBackpressure(tx, { workspaceId: caller.workspaceId, agentId });
  if (found === undefined) return undefined;
  await record(tx, audit, {
    ...toEntry(caller, agentId),
    kind: 'approval.requested',
    data: { purpose: 'request', action: type, actionHash: executedHash, refusal: REFUSAL },
  });
  return new AppError(REFUSAL, `${REFUSAL}: ${toBackpressureText(found, agentId)}`);
}

/** One statement, with or without a transaction around it. */
async function record(writer: Pick<Tx, 'query'>, audit: AuditService, entry: AuditEntry): Promise<void> {
  const { id, before, after } = audit.draft(entry);
  await writer.query(
    `SELECT append_audit($1, date_trunc('milliseconds', app_now()), ARRAY[$2::uuid], ARRAY[$3::text], ARRAY[$4::text])`,
    [entry.workspaceId, id, before, after],
  );
}

function toEntry(caller: Caller, agentId: string): Pick<AuditEntry, 'workspaceId' | 'actor' | 'outcome' | 'agentId'> {
  return { workspaceId: caller.workspaceId, actor: toActor(caller), outcome: 'denied', agentId };
}
