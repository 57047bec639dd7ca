import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { ActionResult } from './action.ts';
import { findEarlier } from './earlier.ts';
import { askWhetherItHappened } from './in-doubt.ts';
import type { Cleared, Prepared } from './prepared.ts';
import { GRACE_MS } from './reserve.ts';
import { settle } from './settle.ts';

interface Services {
  readonly audit: AuditService;
  readonly approvals: ApprovalsService;
}

/** The same place of a run, or the same key, was here before: its outcome stands, or it is carried out once more under its id. */
export async function answerEarlier(
  tx: Tx,
  services: Services,
  caller: Caller,
  prepared: Prepared,
  now: Date,
): Promise<
  { readonly kind: 'cleared'; readonly cleared: Cleared } | { readonly kind: 'answer'; readonly result: ActionResult }
> {
  const earlier = await findEarlier(tx, services, prepared, now);
  if (earlier.kind === 'answered') return { kind: 'answer', result: earlier.result };
  if (!prepared.isIdempotent) {
    return { kind: 'answer', result: await markUnknown(tx, services, caller, prepared, earlier.cleared) };
  }
  await tx.query(`UPDATE action SET lease_until = app_now() + make_interval(secs => $2) WHERE id = $1`, [
    earlier.cleared.actionId,
    (prepared.timeoutMs + GRACE_MS) / 1_000,
  ]);
  return { kind: 'cleared', cleared: earlier.cleared };
}

async function markUnknown(
  tx: Tx,
  services: Services,
  caller: Caller,
  prepared: Prepared,
  { actionId, decision }: Cleared,
): Promise<ActionResult> {
  const { request, hash } = prepared;
  const why = 'the server stopped while it was being carried out.';
  const approvalId = await askWhetherItHappened(tx, services.approvals, caller, prepared, { actionId, why });
  await settle(tx, actionId, {
    execution: 'unknown',
    audit: [
      services.audit.draft({
        workspaceId: caller.workspaceId,
        kind: 'action.executed',
        actor: toActor(caller),
        outcome: 'unknown',
        agentId: request.agentId,
        ...(request.run === undefined ? {} : { runId: request.run.runId }),
        action: { id: actionId, type: request.type, hash },
        data: { approvalId },
      }),
    ],
  });
  tx.afterCommit(() => services.audit.nudge());
  return { kind: 'unknown', actionId, approvalId, decision };
}
