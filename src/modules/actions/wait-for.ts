import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../platform/db/index.ts';
import type { ActionResult } from './action.ts';

export interface Wait {
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** Called each second while it waits. */
  readonly onTick?: (waitedMs: number) => unknown;
}

const LOOK_MS = 200;
const TICK_MS = 1_000;

/** How a held action stands: it waits for people, may be carried out, is under way, or has come to an end. */
type Standing = 'waits' | 'approved' | 'under_way' | 'over';

/** Returns when a held action has come to its end, or its time is over. `carryOut` does what was approved: the wait is not longer than it has to be. */
export async function waitUntilOver(
  db: Database,
  workspaceId: string,
  held: Pick<Extract<ActionResult, { kind: 'held' }>, 'actionId' | 'approvalId'>,
  carryOut: () => Promise<unknown>,
  { waitMs, signal, onTick }: Wait,
): Promise<void> {
  const startedAt = performance.now();
  let ticks = 0;
  for (;;) {
    const standing = await readStanding(db, workspaceId, held);
    if (standing === 'over') return;
    if (standing === 'approved') await carryOut();
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= waitMs || signal?.aborted === true) return;
    if (waitedMs >= (ticks + 1) * TICK_MS) {
      ticks = Math.floor(waitedMs / TICK_MS);
      onTick?.(waitedMs);
    }
    const left = Math.max(1, Math.min(LOOK_MS, waitMs - waitedMs));
    await sleep(left, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

async function readStanding(
  db: Database,
  workspaceId: string,
  { actionId, approvalId }: { readonly actionId: string; readonly approvalId: string },
): Promise<Standing> {
  const [row] = await db.query<{ execution: string | null; status: string }>(
    'SELECT a.execution, r.status FROM action a JOIN approval_request r ON r.id = $2 WHERE a.id = $1 AND a.workspace_id = $3',
    [actionId, approvalId, workspaceId],
  );
  if (row === undefined) return 'over';
  if (row.execution !== null) return ['claimed', 'dispatched'].includes(row.execution) ? 'under_way' : 'over';
  if (row.status === 'approved') return 'approved';
  return row.status === 'pending' ? 'waits' : 'over';
}
