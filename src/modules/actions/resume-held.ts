import type { Database } from '../../platform/db/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';

const LIMIT = 200;

/**
 * Actions outside runs that were approved and that nobody has claimed, or whose process died with them: what the queue has lost is found here.
 * Returns how many. Safe to do at the same time in several processes.
 */
export async function resumeHeld(
  db: Database,
  log: Log,
  carryOut: (approvalId: string) => Promise<void>,
): Promise<number> {
  const rows = await db.query<{ id: string }>(
    `(SELECT r.id FROM approval_request r WHERE r.status = 'approved' AND r.purpose <> 'request' AND r.purpose = 'action' AND r.run_id IS NULL
      ORDER BY r.approved_at LIMIT $1)
     UNION ALL
     (SELECT a.approval_id FROM action a WHERE a.execution IN ('claimed', 'dispatched') AND a.context IS NOT NULL AND a.run_id IS NULL
      AND a.lease_until <= app_now() ORDER BY a.created_at LIMIT $1)`,
    [LIMIT],
  );
  for (const { id } of rows) {
    await carryOut(id).catch((error: unknown) =>
      log.warn({ approvalId: id, error: String(error) }, 'an approved action could not be carried out'),
    );
  }
  return rows.length;
}
