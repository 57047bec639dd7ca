import { mayReview } from './may-review.ts';
import type { CountedReview, Eligibility, GroupShare, Requirement, Reviewer } from './model.ts';
import { tally, toEffective } from './tally.ts';

/** Why a request cannot be approved as things stand, even if everybody who may still answer approves. */
export interface Shortfall {
  readonly quorum: number;
  /** How many approvals count by now. */
  readonly approvals: number;
  /** How many people may still answer. */
  readonly left: number;
  /** Shares of groups that stay open whoever answers. */
  readonly missing: readonly GroupShare[];
}

/** Undefined: those who may answer and have not are enough. */
export function findShortfall(
  requirement: Requirement,
  eligibility: Eligibility,
  reviews: readonly CountedReview[],
  people: readonly Reviewer[],
): Shortfall | undefined {
  const answered = new Set(reviews.map(({ reviewer }) => reviewer.personId));
  const left = people.filter(
    (person) => !answered.has(person.personId) && mayReview(person, eligibility) === undefined,
  );
  const all = [...reviews, ...left.map((reviewer) => ({ reviewer, verdict: 'approve' as const }))];
  const { resolution, missing } = tally(requirement, eligibility, all);
  if (resolution !== undefined) return undefined;
  const { approvals } = tally(requirement, eligibility, reviews);
  return { quorum: toEffective(requirement, eligibility).quorum, approvals, left: left.length, missing };
}
