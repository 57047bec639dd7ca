import type { Tx } from '../../platform/db/index.ts';
import { escalate } from './escalate.ts';
import { endIfOver, lock } from './lock.ts';
import { findObstacle } from './obstacle.ts';
import { listAsked } from './eligibility.ts';
import { record } from './record.ts';
import type { ApprovalRow } from './row.ts';
import { readPanel, type ApprovalServices } from './services.ts';
import { wakeAt, type TimerKind } from './timers.ts';

const BATCH = 200;

/** Does everything that is due, however many wake-ups were lost; safe to run anywhere at any time, and twice. */
export async function fireAllDue(services: ApprovalServices): Promise<number> {
  const failures: unknown[] = [];
  const seen = new Set<string>();
  for (;;) {
    const due = (await findDue(services)).filter((id) => !seen.has(id));
    for (const id of due) {
      seen.add(id);
      // One that fails does not hold up the others.
      await fireDue(services, id).catch((error: unknown) => failures.push(error));
    }
    if (due.length === 0) break;
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} approval timers failed`);
  return seen.size;
}

/** Requests of before have no timers: their time is over all the same. */
async function findDue({ db }: ApprovalServices): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `(SELECT request_id AS id FROM approval_timer WHERE fire_at <= app_now() ORDER BY fire_at LIMIT ${BATCH})
     UNION (SELECT id FROM approval_request WHERE status = 'pending' AND expires_at <= app_now() ORDER BY expires_at LIMIT ${BATCH})`,
  );
  return rows.map(({ id }) => id);
}

/** What is due of one request, in the order of its times. */
export async function fireDue(services: ApprovalServices, approvalId: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    // An end whose time has come is made by the lock.
    const row = await lock(tx, services, approvalId);
    if (row === undefined) return;
    const due = await tx.query<{ kind: TimerKind; fire_at: Date }>(
      'DELETE FROM approval_timer WHERE request_id = $1 AND fire_at <= $2 RETURNING kind, fire_at',
      [row.id, row.now],
    );
    let current = row;
    for (const { kind } of due.toSorted((a, b) => a.fire_at.getTime() - b.fire_at.getTime())) {
      current = await fire(tx, services, current, kind);
    }
    const [next] = await tx.query<{ at: Date | null }>(
      'SELECT min(fire_at) AS at FROM approval_timer WHERE request_id = $1',
      [row.id],
    );
    if (next?.at) await wakeAt(tx, services, row.id, next.at);
  });
}

async function fire(tx: Tx, services: ApprovalServices, row: ApprovalRow, kind: TimerKind): Promise<ApprovalRow> {
  if (row.status !== 'pending') return row;
  switch (kind) {
    case 'remind_half':
    case 'remind_late':
      return remind(tx, services, row, kind);
    case 'escalate':
      return row.escalated ? row : escalate(tx, services, row, await readPanel(services, tx, row.workspaceId));
    case 'expire':
    case 'lapse':
      return endIfOver(tx, services, row);
  }
}

async function remind(tx: Tx, services: ApprovalServices, row: ApprovalRow, kind: TimerKind): Promise<ApprovalRow> {
  const panel = await readPanel(services, tx, row.workspaceId);
  const reason = await findObstacle(tx, row, panel);
  const data = { reminder: kind, asked: listAsked(row, panel).length, ...(reason === undefined ? {} : { reason }) };
  await record(tx, services, row, { kind: 'reminded', actor: 'system', data });
  return reason === undefined || row.escalated ? row : escalate(tx, services, row, panel);
}
