import type { CountedReview, GroupShare } from '../../kernel/approval/model.ts';
import { findShortfall, type Shortfall } from '../../kernel/approval/shortfall.ts';
import type { Tx } from '../../platform/db/index.ts';
import { readReviews } from './lock.ts';
import { toEligibility } from './eligibility.ts';
import { toCounted, type ApprovalRow } from './row.ts';
import type { Panel } from './services.ts';

/** Why nobody's approval can settle a request as things stand, in words; undefined: it can be approved. */
export function toObstacle(row: ApprovalRow, panel: Panel, reviews: readonly CountedReview[]): string | undefined {
  if (row.status !== 'pending' || !panel.isWhole) return undefined;
  const shortfall = findShortfall(row.requirement, toEligibility(row, panel), reviews, panel.people);
  return shortfall && toObstacleText(shortfall);
}

export async function findObstacle(tx: Tx, row: ApprovalRow, panel: Panel): Promise<string | undefined> {
  const stored = (await readReviews(tx, [row.id])).get(row.id) ?? [];
  return toObstacle(row, panel, toCounted(stored, new Map(panel.people.map((person) => [person.personId, person]))));
}

export function toObstacleText({ quorum, approvals, left, missing }: Shortfall): string {
  const needed = quorum === 1 ? '1 person must approve' : `${quorum} people must approve`;
  const counted = approvals === 0 ? '' : `, ${approvals} ${approvals === 1 ? 'has' : 'have'}`;
  const who =
    left === 0 ? 'nobody who may answer is left' : `only ${left} who may answer ${left === 1 ? 'is' : 'are'} left`;
  const lacking = approvals + left < quorum ? [`${needed}${counted}, and ${who}`] : [];
  return (
    `It cannot be approved as things stand: ${[...lacking, ...missing.map(toMissingText)].join('; ')}. ` +
    'Give somebody who did not ask for it what is missing (`agentos user add --email E --role approver` adds people), or take the request back.'
  );
}

export function toMissingText({ group, count }: GroupShare): string {
  return count === 1
    ? `1 of those who approve must be of the group \`${group}\`, and nobody of it who may answer is left`
    : `${count} more of those who approve must be of the group \`${group}\` than may answer`;
}
