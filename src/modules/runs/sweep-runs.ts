import { resolve } from './resolve.ts';
import { executeRunJob, toJobKey, type RunServices } from './run.ts';

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

/** What was approved or ended and whose job was lost: what waits for it goes on or ends. */
export async function resolveLost(services: RunServices): Promise<void> {
  const lost = await services.db.query<{ approval_id: string }>(
    `(SELECT s.approval_id FROM run_step s JOIN approval_request a ON a.id = s.approval_id
      WHERE s.status = 'waiting_approval' AND a.status <> 'pending' LIMIT $1)
     UNION (SELECT d.approval_id FROM deployment d JOIN approval_request a ON a.id = d.approval_id
      WHERE d.status = 'pending_approval' AND a.status <> 'pending' LIMIT $1)
     UNION (SELECT id FROM approval_request WHERE status = 'approved' AND purpose <> 'request' AND purpose = 'effect_unknown'
      ORDER BY approved_at LIMIT $1)`,
    [LIMIT],
  );
  for (const { approval_id: approvalId } of lost) {
    await resolve(services, approvalId).catch((error: unknown) =>
      services.log.warn({ approvalId, error: String(error) }, 'what people answered could not be followed'),
    );
  }
}
