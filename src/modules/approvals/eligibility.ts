import { mayReview } from '../../kernel/approval/may-review.ts';
import type { Eligibility } from '../../kernel/approval/model.ts';
import type { ApprovalRow } from './row.ts';
import type { Panel } from './services.ts';

export function toEligibility(row: ApprovalRow, { singleOperator }: Pick<Panel, 'singleOperator'>): Eligibility {
  const { conflicts, approvers, escalated } = row;
  return { conflicts, escalated, singleOperator, ...(approvers === undefined ? {} : { approvers }) };
}

/** The e-mail addresses of those who can answer now. */
export function listAsked(row: ApprovalRow, panel: Panel): string[] {
  const eligibility = toEligibility(row, panel);
  return panel.people.filter((person) => mayReview(person, eligibility) === undefined).map(({ email }) => email);
}
