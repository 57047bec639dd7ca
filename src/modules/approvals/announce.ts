import { mayReview } from '../../kernel/approval/may-review.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Tx } from '../../platform/db/index.ts';
import { readReviews } from './lock.ts';
import type { ApprovalRow } from './row.ts';
import { readPanel, type ApprovalServices } from './services.ts';

const NOTICES = { opened: 'asked', reminded: 'reminded', escalated: 'escalated' } as const;

/** Plans who hears of what happened to a request, in the transaction in which it happens. */
export async function announce(
  tx: Tx,
  services: ApprovalServices,
  row: ApprovalRow,
  { kind, data }: { readonly kind: string; readonly data: JsonObject },
): Promise<void> {
  const { notifications } = services;
  if (kind.endsWith('_refused') || !(notifications.has('email') || notifications.has('slack'))) return;
  const { id: approvalId, workspaceId, agentId } = row;
  if (kind !== 'opened' && kind !== 'reminded' && kind !== 'escalated') {
    const state = kind === 'reviewed' ? `reviewed ${row.now.getTime()}` : kind;
    return notifications.planUpdates(tx, { workspaceId, approvalId, state });
  }
  const { people, singleOperator } = await readPanel(services, tx, workspaceId);
  const { conflicts, escalated, approvers } = row;
  const eligibility = { conflicts, escalated, singleOperator, ...(approvers === undefined ? {} : { approvers }) };
  // Who has answered is not asked again.
  const answered = (await readReviews(tx, [approvalId])).get(approvalId) ?? [];
  const asked = people.filter(
    (person) =>
      mayReview(person, eligibility) === undefined && answered.every(({ personId }) => personId !== person.personId),
  );
  const round = typeof data['reminder'] === 'string' ? data['reminder'] : 'first';
  await notifications.plan(tx, { workspaceId, approvalId, agentId, kind: NOTICES[kind], round, people: asked });
}
