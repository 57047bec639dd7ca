import type { ApprovalStatus, ApprovalView } from './api.ts';

export const STATUS_WORDS: Readonly<Record<ApprovalStatus, string>> = {
  pending: 'Open',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  superseded: 'Replaced',
  consumed: 'Approved and used',
  revoked: 'Revoked',
  lapsed: 'Lapsed unused',
  invalidated: 'No longer valid',
};

export const PURPOSE_WORDS: Readonly<Record<ApprovalView['purpose'], string>> = {
  action: 'An action that waits',
  request: 'Leave for an action to come',
  deployment: 'A deployment',
  effect_unknown: 'A question: did it happen?',
};

export const EXECUTION_WORDS: Readonly<Record<NonNullable<ApprovalView['execution']>, string>> = {
  claimed: 'It is about to be carried out.',
  dispatched: 'It is being carried out.',
  succeeded: 'It was carried out.',
  failed: 'It was tried and failed.',
  unknown: 'It is not known whether it took effect. People are asked.',
};

const EVENT_WORDS: Readonly<Record<string, string>> = {
  opened: 'Asked',
  reviewed: 'Answered',
  review_refused: 'Answer refused',
  cancel_refused: 'Taking it back refused',
  revoke_refused: 'Taking the approval back refused',
  reminded: 'Reminder sent',
  escalated: 'Escalated: more people may answer',
  ...STATUS_WORDS,
};

export function toEventWords(kind: string): string {
  return EVENT_WORDS[kind] ?? kind.replaceAll('_', ' ');
}

export function toQuorumWords({ approvals, requiredApprovals }: ApprovalView): string {
  return `${approvals} of ${requiredApprovals} ${requiredApprovals === 1 ? 'approval' : 'approvals'}`;
}

/** `, 1 of them from owner`. */
export function toGroupWords({ requiredGroups, requiredApprovals }: ApprovalView): string {
  const shares = requiredGroups.map(({ group, count }) =>
    requiredApprovals === 1 ? `from ${group}` : `${count} of them from ${group}`,
  );
  return shares.length === 0 ? '' : `, ${shares.join(', ')}`;
}

export function toBytes(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
