import type { Reviewer, ReviewRefusal, StepUp } from '../../kernel/approval/model.ts';
import type { ApprovalRow } from './row.ts';

/** Why an answer does not count, and the way out. */
export function toRefusalText(code: ReviewRefusal, row: ApprovalRow, reviewer: Reviewer, stepUp?: StepUp): string {
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
      return toStepUpText(row, stepUp);
    case 'stale':
      return 'What was shown is not what is asked. Load the page again and look at the action once more.';
    case 'already_reviewed':
      return 'This person has answered already; one answer of each counts.';
  }
}

function toStepUpText({ risk }: ApprovalRow, stepUp: StepUp | undefined): string {
  switch (stepUp) {
    case 'console':
      return risk === 'critical'
        ? 'A request of critical risk is answered in the console only. Open its page there.'
        : `A request of ${risk} risk is approved in the console only. Open its page there.`;
    case 'link':
      return (
        'Approving a request of critical risk needs a sign-in that is less than 5 minutes old, and this server mails no codes. ' +
        'Whoever runs it prints a fresh link: `agentos sign-in-link --email <address>`. Sign in with it, then approve.'
      );
    default:
      return (
        'Approving a request of critical risk needs a code by e-mail that was used less than 5 minutes ago. ' +
        'Have one mailed (`POST /api/v1/auth/code`), sign in with it (`POST /api/v1/auth/session`), then approve.'
      );
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
