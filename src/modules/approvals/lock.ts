import type { ApprovalStatus } from '../../kernel/approval/model.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Tx } from '../../platform/db/index.ts';
import { approvalResolvedJob } from './jobs.ts';
import { record } from './record.ts';
import { toRow, type ApprovalRow, type SqlRow, type StoredReview } from './row.ts';
import type { ApprovalServices } from './services.ts';
import { setTimers } from './timers.ts';

/** How a request leaves the status in which it was locked. */
export interface Ending {
  readonly status: Exclude<ApprovalStatus, 'pending'>;
  /** `person:<id>`, `agent:<id>`, `system`. */
  readonly by: string;
  readonly reason?: string;
  readonly data?: JsonObject;
}

/**
 * Takes the lock of a request and ends it when its time is over.
 * INVARIANT: the lock first, then the clock, in a statement of its own: a time read before or while waiting for the lock is too early.
 */
export async function lock(tx: Tx, services: ApprovalServices, approvalId: string): Promise<ApprovalRow | undefined> {
  const [found] = await tx.query<SqlRow>('SELECT * FROM approval_request WHERE id = $1 FOR UPDATE', [approvalId]);
  return found === undefined ? undefined : endIfOver(tx, services, toRow(found, await readClock(tx)));
}

export async function readClock(tx: Pick<Tx, 'query'>): Promise<Date> {
  const [clock] = await tx.query<{ now: Date }>(`SELECT date_trunc('milliseconds', app_now()) AS now`);
  if (clock === undefined) throw new Error('the database gave no time');
  return clock.now;
}

/** A request past its time is expired, an approval that nobody used in time has lapsed. */
export async function endIfOver(tx: Tx, services: ApprovalServices, row: ApprovalRow): Promise<ApprovalRow> {
  if (row.status === 'pending' && row.now >= row.expiresAt)
    return end(tx, services, row, { status: 'expired', by: 'system', reason: 'Nobody decided it in time.' });
  if (row.status === 'approved' && row.validUntil !== undefined && row.now >= row.validUntil)
    return end(tx, services, row, { status: 'lapsed', by: 'system', reason: 'The approval was not used in time.' });
  return row;
}

/** Moves a locked request on: status, timers, history, record, and the job that lets go on what waits for it. */
export async function end(
  tx: Tx,
  services: ApprovalServices,
  row: ApprovalRow,
  { status, by, reason, data = {} }: Ending,
): Promise<ApprovalRow> {
  const isApproved = status === 'approved';
  const actionId = typeof data['actionId'] === 'string' ? data['actionId'] : null;
  const [changed] = await tx.query<SqlRow>(
    `UPDATE approval_request SET status = $2, resolved_at = CASE WHEN $3 THEN resolved_at ELSE $4::timestamptz END,
       approved_at = CASE WHEN $3 THEN $4::timestamptz ELSE approved_at END,
       valid_until = CASE WHEN $3 THEN $4::timestamptz + make_interval(secs => valid_for_ms / 1000.0) ELSE valid_until END,
       ended_by = CASE WHEN $3 THEN ended_by ELSE $5 END, end_reason = CASE WHEN $3 THEN end_reason ELSE $6 END,
       action_id = coalesce($7::uuid, action_id)
     WHERE id = $1 RETURNING *`,
    [row.id, status, isApproved, row.now, by, reason ?? null, actionId],
  );
  if (changed === undefined) throw new Error(`the approval request ${row.id} is gone`);
  const next = toRow(changed, row.now);
  const timers =
    isApproved && next.validUntil !== undefined ? [{ kind: 'lapse', fireAt: next.validUntil } as const] : [];
  await setTimers(tx, services, next, timers);
  await record(tx, services, next, { kind: status, actor: by, data: { ...data, ...(reason ? { reason } : {}) } });
  await services.outbox.add(tx, approvalResolvedJob, { approvalId: row.id }, { key: `${row.id} ${status}` });
  return next;
}

export async function readReviews(
  db: Pick<Tx, 'query'>,
  approvalIds: readonly string[],
): Promise<ReadonlyMap<string, StoredReview[]>> {
  const rows = await db.query<{
    request_id: string;
    person_id: string;
    verdict: StoredReview['verdict'];
    channel: StoredReview['channel'];
    reason: string | null;
    single_operator: boolean;
    at: Date;
  }>('SELECT * FROM approval_review WHERE request_id = ANY($1::uuid[]) ORDER BY at, person_id', [approvalIds]);
  const found = new Map<string, StoredReview[]>(approvalIds.map((id) => [id, []]));
  for (const { request_id, person_id, verdict, channel, reason, single_operator, at } of rows) {
    const said = reason === null ? {} : { reason };
    found
      .get(request_id)
      ?.push({ personId: person_id, verdict, channel, ...said, singleOperator: single_operator, at });
  }
  return found;
}
