import type { ApprovalState, NewReview, StepUp } from './model.ts';

/** So long a proof of who somebody is carries an approval of critical risk; the end does not count. */
export const FRESH_MS = 5 * 60_000;

/**
 * What an answer lacks: high risk is approved in the console only, critical risk answered there only and approved with a proof just given.
 * Denying never needs the proof. Where no code can be mailed, a link of whoever runs the server takes its place.
 */
export function findStepUp(
  { risk, hasMail }: Pick<ApprovalState, 'risk' | 'hasMail'>,
  { verdict, channel, proof }: Pick<NewReview, 'verdict' | 'channel' | 'proof'>,
  now: Date,
): StepUp | undefined {
  if (channel !== 'console' && (risk === 'critical' || (risk === 'high' && verdict === 'approve'))) return 'console';
  if (risk !== 'critical' || verdict === 'deny') return undefined;
  const counts = proof.method === 'code' || (proof.method === 'link' && !hasMail);
  // A clock that was set back makes no proof younger.
  if (counts && Math.abs(now.getTime() - proof.at.getTime()) < FRESH_MS) return undefined;
  return hasMail ? 'code' : 'link';
}
