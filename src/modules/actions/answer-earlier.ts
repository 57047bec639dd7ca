import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { ActionResult } from './action.ts';
import { findEarlier, type EarlierServices } from './earlier.ts';
import { toConflicts } from './hold.ts';
import { askWhetherItHappened, type InDoubt } from './in-doubt.ts';
import type { Cleared, Prepared } from './prepared.ts';
import { GRACE_MS, toBytes } from './reserve.ts';
import { settle } from './settle.ts';

interface Services extends EarlierServices {
  readonly audit: AuditService;
}

export type Answered =
  | { readonly kind: 'cleared'; readonly cleared: Cleared }
  | { readonly kind: 'answer'; readonly result: ActionResult }
  | { readonly kind: 'approved'; readonly actionId: string; readonly approvalId: string };

/** The same place of a run, or the same key, was here before: its outcome stands, or it is carried out once more under its id. */
export async function answerEarlier(
  tx: Tx,
  services: Services,
  caller: Caller,
  prepared: Prepared,
  now: Date,
): Promise<Answered | undefined> {
  const earlier = await findEarlier(tx, services, prepared, now);
  if (earlier === undefined) return undefined;
  if (earlier.kind === 'answered') return { kind: 'answer', result: earlier.result };
  if (earlier.kind === 'approved') return earlier;
  const { actionId, decision } = earlier.cleared;
  if (!prepared.isIdempotent) {
    const approvalId = await markUnknown(tx, services, prepared.hash, {
      ...toDoubt(caller, prepared),
      actionId,
      why: 'the server stopped while it was being carried out.',
    });
    return { kind: 'answer', result: { kind: 'unknown', actionId, approvalId, decision } };
  }
  await tx.query(`UPDATE action SET lease_until = app_now() + make_interval(secs => $2) WHERE id = $1`, [
    actionId,
    (prepared.timeoutMs + GRACE_MS) / 1_000,
  ]);
  return { kind: 'cleared', cleared: earlier.cleared };
}

/** What people have to know of an action to say whether it happened. */
export function toDoubt(
  caller: Caller,
  { request, executedHash, target, judged, authors }: Prepared,
): Omit<InDoubt, 'actionId' | 'why'> {
  return {
    workspaceId: caller.workspaceId,
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    actionType: request.type,
    params: toBytes(judged.params),
    actionHash: executedHash,
    target,
    requestedBy: toActor(caller),
    onBehalfOf: caller.personId,
    conflicts: toConflicts(caller, authors),
  };
}

/** It is not tried again: people are asked. Returns the id of the question. `hash`: as the action is recorded. */
export async function markUnknown(tx: Tx, services: Services, hash: string, doubt: InDoubt): Promise<string> {
  const { actionId, workspaceId, requestedBy, agentId, runId, actionType } = doubt;
  const approvalId = await askWhetherItHappened(tx, services.approvals, doubt);
  await settle(tx, actionId, {
    execution: 'unknown',
    audit: [
      services.audit.draft({
        workspaceId,
        kind: 'action.executed',
        actor: requestedBy,
        outcome: 'unknown',
        agentId,
        ...(runId === undefined ? {} : { runId }),
        action: { id: actionId, type: actionType, hash },
        data: { approvalId },
      }),
    ],
  });
  tx.afterCommit(() => services.audit.nudge());
  return approvalId;
}
