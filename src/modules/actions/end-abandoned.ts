import { MAX_TIMEOUT_MS } from '../../kernel/run/limits.ts';
import type { Database } from '../../platform/db/index.ts';
import type { AuditService } from '../audit/index.ts';

const LIMIT = 200;
/** Nobody is at an action this long after its lease: whoever carried it out is gone. */
const ABANDONED_MS = 600_000;

interface AbandonedRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly run_id: string | null;
  readonly type: string;
  readonly action_hash: string;
  readonly now: Date;
}

/**
 * Records as unknown what was begun by a process that died, where no run comes back to it and no approval carries it on: the record must not say `allowed` and then
 * nothing for ever. What it had reserved of the budgets counts as spent. Returns how many. Safe to do at the same time in several processes.
 */
export async function endAbandoned(db: Database, audit: AuditService): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx.query<AbandonedRow>(
      `UPDATE action SET execution = 'unknown', finished_at = app_now() WHERE id IN (
         SELECT a.id FROM action a LEFT JOIN run r ON r.id = a.run_id
         WHERE a.execution IN ('claimed', 'dispatched') AND (a.context IS NULL OR r.id IS NOT NULL) AND coalesce(a.lease_until, a.created_at + make_interval(secs => $3)) < app_now() - make_interval(secs => $1)
           AND (r.id IS NULL OR r.ended_at IS NOT NULL)
         ORDER BY a.created_at LIMIT $2 FOR UPDATE OF a SKIP LOCKED)
       RETURNING id, workspace_id, agent_id, run_id, type, action_hash, finished_at AS now`,
      [ABANDONED_MS / 1_000, LIMIT, MAX_TIMEOUT_MS / 1_000],
    );
    for (const row of rows) {
      await audit.appendAt(tx, row.now, {
        workspaceId: row.workspace_id,
        kind: 'action.executed',
        actor: 'system',
        outcome: 'unknown',
        agentId: row.agent_id,
        ...(row.run_id === null ? {} : { runId: row.run_id }),
        action: { id: row.id, type: row.type, hash: row.action_hash },
      });
    }
    return rows.length;
  });
}
