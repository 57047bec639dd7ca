import { applyReview } from '../../kernel/approval/apply-review.ts';
import type { Reviewer, ReviewChannel, ReviewRefusal, StepUp, Verdict } from '../../kernel/approval/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { escalateIfStuck } from './escalate.ts';
import { end, lock, readReviews } from './lock.ts';
import { toProof, toState } from './eligibility.ts';
import type { SignedIn } from '../identity/index.ts';
import { record } from './record.ts';
import { recordRefusal } from './refusals.ts';
import { toCounted, type ApprovalRow } from './row.ts';
import type { ApprovalServices } from './services.ts';
import { readStanding } from './standing.ts';

export interface ReviewRequest {
  readonly verdict: Verdict;
  /** Of what the person was shown. */
  readonly actionHash: string;
  readonly reason?: string;
  readonly channel: ReviewChannel;
}

export type ReviewDecision =
  | { readonly kind: 'counted' }
  | {
      readonly kind: 'refused';
      readonly code: ReviewRefusal;
      readonly stepUp?: StepUp;
      readonly row: ApprovalRow;
      readonly reviewer: Reviewer;
    };

/** Takes one person's answer, in the transaction that judges it. A refusal is recorded like an answer. */
export async function reviewRequest(
  tx: Tx,
  services: ApprovalServices,
  person: SignedIn,
  approvalId: string,
  review: ReviewRequest,
): Promise<ReviewDecision | undefined> {
  const row = await lock(tx, services, approvalId);
  if (row === undefined || row.workspaceId !== person.workspaceId) return undefined;
  const stored = (await readReviews(tx, [row.id])).get(row.id) ?? [];
  const standing = await readStanding(tx, services, row.workspaceId, [
    person.personId,
    ...stored.map((s) => s.personId),
  ]);
  const reviewer: Reviewer = standing.people.get(person.personId) ?? toStranger(person.personId);
  const state = toState(services, row, standing, toCounted(stored, standing.people));
  const { verdict, actionHash, channel } = review;
  const outcome = applyReview(state, { reviewer, verdict, actionHash, channel, proof: toProof(person) }, row.now);
  if (outcome.kind === 'refused') {
    const { code } = outcome;
    const late = code === 'expired' ? { late: true } : {};
    const data = { code, verdict, channel, method: person.method, ...late };
    await recordRefusal(tx, services, row, { kind: 'review_refused', actor: `person:${person.personId}`, data });
    return { ...outcome, row, reviewer };
  }
  await insertReview(tx, row, person, review, standing.singleOperator);
  const said = review.reason === undefined ? {} : { reason: review.reason };
  const mode = standing.singleOperator ? { singleOperator: true } : {};
  const actor = `person:${person.personId}`;
  const data = { verdict, channel, method: person.method, ...mode, ...said };
  await record(tx, services, row, { kind: 'reviewed', actor, data });
  if (outcome.resolution !== undefined)
    await end(tx, services, row, { status: outcome.resolution, by: actor, ...said, data: mode });
  else await escalateIfStuck(tx, services, row);
  return { kind: 'counted' };
}

/** Somebody whom the database does not know any more may nothing. */
function toStranger(personId: string): Reviewer {
  return { personId, active: false, roles: [], groups: [] };
}

async function insertReview(
  tx: Tx,
  row: ApprovalRow,
  person: SignedIn,
  { verdict, actionHash, reason, channel }: ReviewRequest,
  singleOperator: boolean,
): Promise<void> {
  const { sessionId, method, signedInAt } = person;
  const auth = JSON.stringify({ sessionId, method, signedInAt: signedInAt.toISOString() });
  await tx.query(
    `INSERT INTO approval_review (request_id, person_id, verdict, action_hash, reason, channel, auth, single_operator, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [row.id, person.personId, verdict, actionHash, reason ?? null, channel, auth, singleOperator, row.now],
  );
}
