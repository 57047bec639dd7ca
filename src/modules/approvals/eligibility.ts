import { mayReview } from '../../kernel/approval/may-review.ts';
import type { ApprovalState, CountedReview, Eligibility, Proof } from '../../kernel/approval/model.ts';
import type { SignedIn } from '../identity/index.ts';
import type { ApprovalRow } from './row.ts';
import type { ApprovalServices, Panel } from './services.ts';

export function toEligibility(row: ApprovalRow, { singleOperator }: Pick<Panel, 'singleOperator'>): Eligibility {
  const { conflicts, approvers, escalated } = row;
  return { conflicts, escalated, singleOperator, ...(approvers === undefined ? {} : { approvers }) };
}

/** A request as an answer is judged by. */
export function toState(
  { config }: Pick<ApprovalServices, 'config'>,
  row: ApprovalRow,
  panel: Pick<Panel, 'singleOperator'>,
  reviews: readonly CountedReview[],
): ApprovalState {
  const { status, risk, requirement, actionHash, expiresAt } = row;
  const hasMail = config.smtpUrl !== undefined;
  return { ...toEligibility(row, panel), status, risk, requirement, actionHash, expiresAt, hasMail, reviews };
}

export function toProof({ method, signedInAt }: SignedIn): Proof {
  return { method, at: signedInAt };
}

/** The e-mail addresses of those who can answer now. */
export function listAsked(row: ApprovalRow, panel: Panel): string[] {
  const eligibility = toEligibility(row, panel);
  return panel.people.filter((person) => mayReview(person, eligibility) === undefined).map(({ email }) => email);
}
