import { endRun } from './end-run.ts';
import { executeRunJob, toJobKey, type RunRow, type RunServices } from './run.ts';

const LIMIT = 200;

/** Open runs that nobody holds: their worker died, or their job was lost. They get a new job. */
export async function resumeRuns(services: RunServices): Promise<void> {
  const open = await services.db.query<{ id: string; fence: number }>(
    `SELECT id, fence FROM run WHERE status IN ('queued', 'running') AND (lease_until <= app_now() OR
       (lease_until IS NULL AND created_at < app_now() - interval '2 seconds')) ORDER BY lease_until NULLS FIRST LIMIT $1`,
    [LIMIT],
  );
  if (open.length === 0) return;
  await services.db.transaction(async (tx) => {
    for (const { id: runId, fence } of open) {
      await services.outbox.add(tx, executeRunJob, { runId }, toJobKey(runId, fence));
    }
  });
}

/** Ends requests whose time is over, and with them the runs that waited for one. */
export async function endUnapproved(services: RunServices): Promise<void> {
  await services.approvals.expireDue();
  const ended = await services.db.query<{ id: string; position: number; status: string }>(
    `SELECT r.id, s.position, a.status FROM run r JOIN run_step s ON s.run_id = r.id AND s.status = 'waiting_approval'
     JOIN approval_request a ON a.id = s.approval_id
     WHERE r.status = 'waiting_approval' AND a.status NOT IN ('pending', 'approved') LIMIT $1`,
    [LIMIT],
  );
  for (const { id, position, status } of ended) await endWaiting(services, id, position, `approval_${status}`);
}

async function endWaiting(services: RunServices, runId: string, position: number, error: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    const [run] = await tx.query<RunRow & { now: Date }>(
      `SELECT *, app_now() AS now FROM run WHERE id = $1 AND status = 'waiting_approval' FOR UPDATE`,
      [runId],
    );
    if (run === undefined) return;
    await tx.query(
      `UPDATE run_step SET status = 'denied', error = $3, ended_at = $4 WHERE run_id = $1 AND position = $2 AND status = 'waiting_approval'`,
      [runId, position, error, run.now],
    );
    await endRun(tx, services.audit, run.now, run, { status: 'blocked', error, actor: 'system' });
  });
}
