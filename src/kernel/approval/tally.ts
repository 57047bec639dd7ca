import { mayReview } from './may-review.ts';
import type { CountedReview, Eligibility, GroupShare, Requirement, Reviewer } from './model.ts';

export interface Tally {
  readonly approvals: number;
  readonly denials: number;
  /** Shares of groups that are still open. */
  readonly missing: readonly GroupShare[];
  readonly resolution?: 'approved' | 'denied';
}

/** What a requirement comes to: who is alone needs nobody else. */
export function toEffective(requirement: Requirement, { singleOperator }: Eligibility): Requirement {
  return singleOperator ? { quorum: 1, groups: [], denials: 1 } : requirement;
}

/** Counts the answers of those who may answer as they stand now. Enough denials outweigh any number of approvals. */
export function tally(requirement: Requirement, eligibility: Eligibility, reviews: readonly CountedReview[]): Tally {
  const { quorum, groups, denials: enough } = toEffective(requirement, eligibility);
  const standing = reviews.filter(({ reviewer }) => mayReview(reviewer, eligibility) === undefined);
  const approving = standing.filter(({ verdict }) => verdict === 'approve').map(({ reviewer }) => reviewer);
  const denials = standing.length - approving.length;
  const missing = groups.flatMap(({ group, count }) => {
    const open = count - approving.filter((reviewer) => isIn(reviewer, group)).length;
    return open > 0 ? [{ group, count: open }] : [];
  });
  const counts = { approvals: approving.length, denials, missing };
  if (denials >= enough) return { ...counts, resolution: 'denied' };
  return approving.length >= quorum && missing.length === 0 ? { ...counts, resolution: 'approved' } : counts;
}

/** A group is a role or a word that persons were given. */
function isIn({ roles, groups }: Reviewer, group: string): boolean {
  return groups.includes(group) || roles.some((role) => role === group);
}
