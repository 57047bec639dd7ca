import { createHash } from 'node:crypto';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalsService, OpenRequest } from '../approvals/index.ts';

/** An action whose end nobody saw, as people are asked about it. */
export interface InDoubt extends Pick<
  OpenRequest,
  | 'workspaceId'
  | 'agentId'
  | 'runId'
  | 'actionType'
  | 'params'
  | 'actionHash'
  | 'target'
  | 'requestedBy'
  | 'onBehalfOf'
  | 'conflicts'
> {
  readonly actionId: string;
  /** Half a sentence: how it came to be in doubt. */
  readonly why: string;
}

/**
 * Asks people whether an action happened whose end nobody saw; until somebody says so, or the question expires, it is not repeated.
 * Returns the id of the question.
 */
export async function askWhetherItHappened(
  tx: Tx,
  approvals: ApprovalsService,
  { why, ...action }: InDoubt,
): Promise<string> {
  const { actionId, actionHash, actionType, target } = action;
  const what = target === '' ? actionType : `${actionType} ${target}`;
  const { approvalId } = await approvals.open(tx, {
    ...action,
    purpose: 'effect_unknown',
    // Of its own: an answer to the question is never leave for the action.
    actionHash: createHash('sha256').update(`effect/v1\0${actionId}\0${actionHash}`).digest('hex'),
    description: `${what}: ${why} Did it happen? It is not repeated before somebody says so.`,
    risk: 'high',
    evidence: { violations: [], redactions: [], riskReasons: ['nobody saw how it ended'], policyVersions: [] },
    ruleRequirements: [],
  });
  await tx.query('UPDATE action SET approval_id = $2 WHERE id = $1', [actionId, approvalId]);
  return approvalId;
}
