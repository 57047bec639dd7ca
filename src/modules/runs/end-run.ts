import type { JsonObject } from '../../kernel/json.ts';
import type { RunStatus } from '../../kernel/run/model.ts';
import { toRunSources, toStepSources } from '../../kernel/run/transitions.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { RunRow } from './run.ts';

const OUTCOMES = {
  succeeded: 'succeeded',
  failed: 'failed',
  blocked: 'denied',
  cancelled: 'denied',
} as const satisfies Partial<Record<RunStatus, string>>;
export type RunEnd = keyof typeof OUTCOMES;

/** Ends a run where it is still open: steps that did not run are skipped, the end is recorded. False when it had already ended. */
export async function endRun(
  tx: Tx,
  audit: AuditService,
  now: Date,
  run: Pick<RunRow, 'id'>,
  end: { readonly status: RunEnd; readonly error?: string; readonly actor?: string },
): Promise<boolean> {
  const [ended] = await tx.query<RunRow>(
    `UPDATE run SET status = $2, error = $3, ended_at = $4, lease_until = NULL WHERE id = $1 AND status = ANY($5) RETURNING *`,
    [run.id, end.status, end.error ?? null, now, toRunSources(end.status)],
  );
  if (ended === undefined) return false;
  await tx.query(`UPDATE run_step SET status = 'skipped', ended_at = $2 WHERE run_id = $1 AND status = ANY($3)`, [
    run.id,
    now,
    toStepSources('skipped'),
  ]);
  const data: JsonObject = { status: end.status, trigger: ended.trigger, version: ended.version };
  await audit.appendAt(tx, now, {
    workspaceId: ended.workspace_id,
    kind: 'run.ended',
    actor: end.actor ?? `agent:${ended.agent_id}`,
    outcome: OUTCOMES[end.status],
    agentId: ended.agent_id,
    runId: ended.id,
    data,
    durationMs: Math.max(0, now.getTime() - (ended.started_at ?? now).getTime()),
  });
  return true;
}
