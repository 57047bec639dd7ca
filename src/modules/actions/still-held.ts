import { couldReview, mayReview } from '../../kernel/approval/may-review.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalRow } from '../approvals/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { ActionResult } from './action.ts';
import { toHeld } from './hold.ts';

/** A held action as it stands: who can answer is asked now, not remembered. */
export async function toPending(
  tx: Tx,
  identity: IdentityService,
  { id: approvalId, workspaceId, expiresAt, requirement, conflicts, approvers, escalated }: ApprovalRow,
  action: { readonly id: string; readonly decision: Decision },
): Promise<ActionResult> {
  const people = await identity.listReviewers(tx, workspaceId);
  const isAlone = people.filter(couldReview).length === 1;
  const singleOperator = isAlone && (await identity.isSingleOperator(tx, workspaceId));
  const eligibility = { conflicts, escalated, singleOperator, ...(approvers === undefined ? {} : { approvers }) };
  const asked = people.filter((person) => mayReview(person, eligibility) === undefined).map(({ email }) => email);
  const mode = singleOperator ? 'on' : asked.length === 0 && isAlone ? 'offered' : 'off';
  const alone = mode === 'offered' ? people.find(couldReview)?.email : undefined;
  const opened = { approvalId, expiresAt, requirement, asked, singleOperator: mode } as const;
  return toHeld(action.id, action.decision, alone === undefined ? opened : { ...opened, alone });
}
