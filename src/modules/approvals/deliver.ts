import { mayReview } from '../../kernel/approval/may-review.ts';
import type { Tx } from '../../platform/db/index.ts';
import { linkBase } from '../../platform/config/index.ts';
import type { Addressee, Card, Delivery, Notice } from '../notifications/index.ts';
import type { ApprovalView } from './approval.ts';
import { toEligibility } from './eligibility.ts';
import { readClock, readReviews } from './lock.ts';
import { renderCard } from './render-card.ts';
import { toRow, type SqlRow } from './row.ts';
import type { ApprovalServices } from './services.ts';
import { readStanding } from './standing.ts';
import { JOINED, SHOWN, toViews, type ShownRow } from './show.ts';

const OCCASIONS = {
  asked: 'Approval asked',
  reminded: 'Reminder',
  escalated: 'Escalated',
  updated: 'Approval',
} as const;

/** What a delivery says now; undefined: there is nothing to say any more. */
export async function toContent(services: ApprovalServices, delivery: Delivery): Promise<Card | Notice | undefined> {
  if (delivery.kind !== 'updated' && !(await isStillToBeTold(services, delivery))) return undefined;
  if (delivery.kind === 'digest') return toDigest(services, delivery);
  if (delivery.approvalId === undefined) return undefined;
  const card = await loadCard(services, delivery.approvalId, delivery.kind === 'alert' ? 'asked' : delivery.kind);
  // What is decided is never announced as open.
  if (card === undefined || (!card.isOpen && delivery.kind !== 'updated')) return undefined;
  return delivery.kind === 'alert' ? toAlert(card) : card;
}

/** Notices wait while a server is away: meanwhile somebody may have left, may answer no more, or has answered. */
async function isStillToBeTold(services: ApprovalServices, delivery: Delivery): Promise<boolean> {
  const { db, identity } = services;
  const { personId, approvalId, kind } = delivery;
  if (personId === undefined) return true;
  if (approvalId === undefined || kind === 'alert') return (await identity.findReviewer(db, personId))?.active === true;
  const [stored] = await db.query<SqlRow>('SELECT * FROM approval_request WHERE id = $1', [approvalId]);
  if (stored === undefined) return false;
  const row = toRow(stored, await readClock(db));
  const standing = await readStanding(db, services, row.workspaceId, [personId]);
  const person = standing.people.get(personId);
  if (person === undefined || mayReview(person, toEligibility(row, standing)) !== undefined) return false;
  const reviews = (await readReviews(db, [approvalId])).get(approvalId) ?? [];
  return reviews.every((review) => review.personId !== personId);
}

/** The request as it stands now, from what is stored. */
export async function loadCard(
  services: ApprovalServices,
  approvalId: string,
  kind: keyof typeof OCCASIONS,
): Promise<Card | undefined> {
  const { db, config } = services;
  const [shown] = await db.query<ShownRow>(`${SHOWN} FROM approval_request r ${JOINED} WHERE r.id = $1`, [approvalId]);
  if (shown === undefined) return undefined;
  const row = toRow(shown, await readClock(db));
  const [view] = await toViews(services, db, row.workspaceId, [shown]);
  if (view === undefined) return undefined;
  const status = toStatus(view);
  const card = renderCard(row, {
    ...{ occasion: OCCASIONS[kind], agentName: shown.agent_name, approvals: view.approvals },
    url: `${linkBase(config)}/approvals/${row.id}`,
    ...(view.onBehalfOf === undefined ? {} : { requestedFor: view.onBehalfOf }),
    ...(status === undefined ? {} : { status }),
  });
  return { ...card, isOpen: card.isOpen && row.now < row.expiresAt };
}

function toStatus({ status, reviews, endReason, approvals, requiredApprovals }: ApprovalView): string | undefined {
  const by = (verdict: string): string =>
    reviews
      .filter((review) => review.verdict === verdict)
      .map(({ email }) => email)
      .join(', ');
  switch (status) {
    case 'pending':
      return reviews.length === 0
        ? undefined
        : `${approvals} of ${requiredApprovals} approvals so far: ${by('approve')}`;
    case 'approved':
    case 'consumed':
      return `Approved by ${by('approve')}.`;
    case 'denied':
      return `Denied by ${by('deny')}${endReason === undefined ? '.' : `: ${endReason}`}`;
    case 'expired':
    case 'cancelled':
    case 'superseded':
    case 'revoked':
    case 'lapsed':
    case 'invalidated':
      return `This request is ${status}${endReason === undefined ? '.' : `: ${endReason}`}`;
  }
}

async function toDigest({ notifications, config }: ApprovalServices, { id }: Delivery): Promise<Notice | undefined> {
  const counts = await notifications.countDigest(id);
  if (counts.length === 0) return undefined;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return {
    ...{ kind: 'notice', url: `${linkBase(config)}/` },
    title: `${total} more ${total === 1 ? 'request waits' : 'requests wait'} for you`,
    lines: [
      'Many were opened at once, so these come together:',
      ...counts.map(({ agent, count }) => `${agent}: ${count}`),
    ],
  };
}

function toAlert({ title, agentName, url, expiresAt }: Card): Notice {
  return {
    ...{ kind: 'notice', url, title: 'A request did not reach who is to answer it' },
    lines: [
      `${title}, of ${agentName}, waits until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC.`,
      'For five minutes no channel took the notice for at least one person. The page says whom it did not reach: tell them, and look at SMTP_URL and SLACK_BOT_TOKEN.',
    ],
  };
}

/** Who hears that notices do not arrive. */
export async function findOwners({ identity }: ApprovalServices, tx: Tx, workspaceId: string): Promise<Addressee[]> {
  const people = await identity.listReviewers(tx, workspaceId);
  return people.filter(({ roles }) => roles.includes('owner'));
}
