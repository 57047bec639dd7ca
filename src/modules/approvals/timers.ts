import type { Tx } from '../../platform/db/index.ts';
import { approvalTimerJob } from './jobs.ts';
import type { ApprovalRow } from './row.ts';
import type { ApprovalServices } from './services.ts';

export const TIMER_KINDS = ['remind_half', 'remind_late', 'escalate', 'expire', 'lapse'] as const;
export type TimerKind = (typeof TIMER_KINDS)[number];

export interface Timer {
  readonly kind: TimerKind;
  readonly fireAt: Date;
}

/** When what is due of a request that has just been opened; a time of its own for each, so that a restart moves none. */
export function planTimers({ createdAt, expiresAt }: Pick<ApprovalRow, 'createdAt' | 'expiresAt'>): Timer[] {
  const length = expiresAt.getTime() - createdAt.getTime();
  const at = (part: number): Date => new Date(createdAt.getTime() + Math.round(length * part));
  return [
    { kind: 'remind_half', fireAt: at(0.5) },
    { kind: 'escalate', fireAt: at(0.6) },
    { kind: 'remind_late', fireAt: at(0.8) },
    { kind: 'expire', fireAt: expiresAt },
  ];
}

/** Replaces the timers of a request, and wakes somebody when the first of them is due. */
export async function setTimers(
  tx: Tx,
  services: ApprovalServices,
  row: ApprovalRow,
  timers: readonly Timer[],
): Promise<void> {
  await tx.query('DELETE FROM approval_timer WHERE request_id = $1', [row.id]);
  if (timers.length === 0) return;
  await tx.query(
    'INSERT INTO approval_timer (request_id, kind, fire_at) SELECT $1, * FROM unnest($2::text[], $3::timestamptz[])',
    [row.id, timers.map(({ kind }) => kind), timers.map(({ fireAt }) => fireAt)],
  );
  await wakeAt(tx, services, row.id, new Date(Math.min(...timers.map(({ fireAt }) => fireAt.getTime()))));
}

/** One job for the next time only: what is due then says when the one after is. */
export async function wakeAt(tx: Tx, { outbox }: ApprovalServices, approvalId: string, dueAt: Date): Promise<void> {
  const key = `${approvalId} ${dueAt.getTime()}`;
  await outbox.add(tx, approvalTimerJob, { approvalId }, { key, dueAt });
}
