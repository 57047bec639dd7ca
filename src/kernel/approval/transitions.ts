import type { ApprovalStatus } from './model.ts';

/** The life of a request: what each status may become. The database holds the same. */
export const TRANSITIONS: Readonly<Record<ApprovalStatus, readonly ApprovalStatus[]>> = {
  pending: ['approved', 'denied', 'expired', 'cancelled', 'superseded'],
  approved: ['consumed', 'revoked', 'lapsed', 'invalidated'],
  denied: [],
  expired: [],
  cancelled: [],
  superseded: [],
  consumed: [],
  revoked: [],
  lapsed: [],
  invalidated: [],
};

export function mayBecome(from: ApprovalStatus, to: ApprovalStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Nothing changes it any more. */
export function isFinal(status: ApprovalStatus): boolean {
  return TRANSITIONS[status].length === 0;
}
