import type { Reviewer, ReviewRefusal } from '../../kernel/approval/model.ts';
import type { ApprovalRow } from './row.ts';

/** Why an answer does not count, and the way out. */
export function toRefusalText(code: ReviewRefusal, row: ApprovalRow, reviewer: Reviewer): string {
  switch (code) {
    case 'already_decided':
      return `The request is already ${row.status}, so this answer does not count.`;
    case 'expired':
      return `The time to answer was over at ${row.expiresAt.toISOString()}. Whoever needs it can ask again.`;
    case 'self_review':
      return 'Nobody answers what they asked, wrote or own themselves: somebody else has to.';
    case 'not_eligible':
      return toIneligible(row, reviewer);
    case 'step_up_required':
      return 'This risk needs a fresh sign-in. Sign in again, then answer.';
    case 'stale':
      return 'What was shown is not what is asked. Load the page again and look at the action once more.';
    case 'already_reviewed':
      return 'This person has answered already; one answer of each counts.';
  }
}

function toIneligible({ approvers, escalated }: ApprovalRow, { personId, active, roles }: Reviewer): string {
  if (approvers !== undefined && !approvers.includes(personId))
    return 'Only the persons named in the request may answer it.';
  if (!active) return 'This person is not active in the workspace or has no role that may answer.';
  if (!escalated && roles.includes('admin'))
    return 'An admin may answer once the request was escalated, at 60 % of its time.';
  return 'Answering needs the role `owner` or `approver`.';
}
