import type { Role } from '../caller.ts';
import type { Eligibility, Reviewer, ReviewRefusal } from './model.ts';

/** Who may answer at all; `admin` only once more people are asked, or alone. */
export const REVIEWING_ROLES = ['owner', 'approver', 'admin'] as const satisfies readonly Role[];

/** Whether a workspace counts this person among those who could ever answer. */
export function couldReview({ active, roles }: Reviewer): boolean {
  return active && REVIEWING_ROLES.some((role) => roles.includes(role));
}

/** Why an answer of this person does not count; undefined: it does. Being named takes no role away from what is needed. */
export function mayReview(
  reviewer: Reviewer,
  { conflicts, approvers, escalated, singleOperator }: Eligibility,
): Extract<ReviewRefusal, 'self_review' | 'not_eligible'> | undefined {
  if (!singleOperator && conflicts.includes(reviewer.personId)) return 'self_review';
  if (approvers !== undefined && !approvers.includes(reviewer.personId)) return 'not_eligible';
  if (!couldReview(reviewer)) return 'not_eligible';
  if (singleOperator || escalated) return undefined;
  return reviewer.roles.includes('owner') || reviewer.roles.includes('approver') ? undefined : 'not_eligible';
}
