import type { PersonId, WorkspaceId } from '../../kernel/ids.ts';
import type { SignedIn } from '../identity/index.ts';
import {
  ACCOUNT_PROBLEMS,
  APPROVE,
  type Card,
  DENY,
  DENY_FORM,
  isWhollyShown,
  type SlackInteraction,
} from '../notifications/index.ts';
import type { ReviewResult } from './approvals.service.ts';
import { loadCard } from './deliver.ts';
import { readClock } from './lock.ts';
import type { ReviewRequest } from './review-request.ts';
import type { ApprovalServices } from './services.ts';

type Review = (person: SignedIn, approvalId: string, review: ReviewRequest) => Promise<ReviewResult>;

interface Answered {
  readonly outcome: string;
  /** For the eyes of whoever pressed. */
  readonly words?: string;
}

/** What one press of a button or one form does. Safe to do twice: one answer of each person counts. */
export async function handleInteraction(services: ApprovalServices, review: Review, eventId: string): Promise<void> {
  const { notifications } = services;
  const interaction = await notifications.findInteraction(eventId);
  if (interaction === undefined) return;
  const { outcome, words } = await answer(services, review, interaction);
  await notifications.closeInteraction(eventId, outcome);
  if (words !== undefined) await notifications.whisper(interaction, words);
}

async function answer(services: ApprovalServices, review: Review, interaction: SlackInteraction): Promise<Answered> {
  const { notifications } = services;
  const linked = await notifications.findLinked(interaction);
  if (linked === undefined)
    return {
      outcome: 'not_linked',
      words: 'This Slack account is not linked to a person in AgentOS, so it answers nothing. Link it in the console.',
    };
  const problem = await notifications.findAccountProblem(interaction);
  if (problem !== undefined)
    return {
      outcome: `account_${problem}`,
      words: `This Slack account answers nothing: ${ACCOUNT_PROBLEMS[problem] ?? problem}.`,
    };
  const card = await loadCard(services, interaction.approvalId, 'updated');
  const person = await toSignedIn(services, linked, interaction);
  if (card === undefined || person === undefined || !(await notifications.isOurs(interaction)))
    return { outcome: 'not_ours', words: 'This message cannot be answered here. Open the request in the console.' };
  switch (interaction.control) {
    case APPROVE:
      // What has ended, and what is too risky for here, is refused with the word that says so.
      if (card.isOpen && !isWhollyShown(card))
        return { outcome: 'not_here', words: `This one is answered on its page: ${card.url}` };
      return send(review, person, interaction, card, { verdict: 'approve' });
    case DENY:
      return { outcome: 'form_missed', words: `Deny it on its page, with the reason: ${card.url}` };
    case DENY_FORM:
      return send(review, person, interaction, card, {
        verdict: 'deny',
        ...(interaction.reason === undefined ? {} : { reason: interaction.reason }),
      });
    default:
      return { outcome: 'unknown_control' };
  }
}

async function send(
  review: Review,
  person: SignedIn,
  { approvalId, actionHash }: SlackInteraction,
  { url }: Card,
  said: Pick<ReviewRequest, 'verdict' | 'reason'>,
): Promise<Answered> {
  const result = await review(person, approvalId, { ...said, actionHash, channel: 'slack' });
  if (result.kind === 'refused') {
    const page = result.code === 'step_up_required' ? ` ${url}` : '';
    return { outcome: result.code, words: `This does not count. ${result.message}${page}` };
  }
  if (!result.counted)
    return { outcome: 'already_reviewed', words: 'You have answered already; one answer of each person counts.' };
  const { status, approvals, requiredApprovals } = result.approval;
  const stands = status === 'pending' ? `${approvals} of ${requiredApprovals} approvals so far.` : `It is ${status}.`;
  return { outcome: 'counted', words: `Your answer counts. ${stands}` };
}

/** The person as they stand now, proved by their Slack account. */
async function toSignedIn(
  services: ApprovalServices,
  { personId, workspaceId }: { readonly personId: string; readonly workspaceId: string },
  { teamId, userId }: SlackInteraction,
): Promise<SignedIn | undefined> {
  const { db, identity } = services;
  const [reviewer, emails] = await Promise.all([identity.findReviewer(db, personId), identity.emails(db, [personId])]);
  const email = emails.get(personId);
  if (reviewer === undefined || email === undefined) return undefined;
  return {
    ...{ workspaceId: workspaceId as WorkspaceId, personId: personId as PersonId, email },
    ...{ roles: reviewer.roles, groups: reviewer.groups, sessionId: `slack:${teamId}:${userId}`, method: 'slack' },
    signedInAt: await readClock(db),
  };
}
