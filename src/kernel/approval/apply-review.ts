import { mayReview } from './may-review.ts';
import type { ApprovalState, NewReview, ReviewOutcome } from './model.ts';
import { findStepUp } from './step-up.ts';
import { tally } from './tally.ts';

/** Judges one answer. The order of the refusals is part of the contract: what is over comes first, then who and how sure that is, then what was shown. */
export function applyReview(state: ApprovalState, review: NewReview, now: Date): ReviewOutcome {
  if (state.status === 'expired') return { kind: 'refused', code: 'expired' };
  if (state.status !== 'pending') return { kind: 'refused', code: 'already_decided' };
  if (now >= state.expiresAt) return { kind: 'refused', code: 'expired' };
  const refusal = mayReview(review.reviewer, state);
  if (refusal !== undefined) return { kind: 'refused', code: refusal };
  const stepUp = findStepUp(state, review, now);
  if (stepUp !== undefined) return { kind: 'refused', code: 'step_up_required', stepUp };
  if (review.actionHash !== state.actionHash) return { kind: 'refused', code: 'stale' };
  if (state.reviews.some(({ reviewer }) => reviewer.personId === review.reviewer.personId))
    return { kind: 'refused', code: 'already_reviewed' };
  const { reviewer, verdict } = review;
  const { resolution } = tally(state.requirement, state, [...state.reviews, { reviewer, verdict }]);
  return resolution === undefined ? { kind: 'counted' } : { kind: 'counted', resolution };
}
