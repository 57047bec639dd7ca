import { toActor, type Caller } from '../../kernel/caller.ts';
import type { PersonId, WorkspaceId } from '../../kernel/ids.ts';
import { nextTimes } from '../../platform/clock/next-times.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { Schedulers } from '../../platform/queue/index.ts';
import { scheduleDueJob, scheduleSyncJob, type RunServices } from './run.ts';
import { insertRun } from './start-run.ts';

const SWEEP_LIMIT = 100;

export interface Schedule {
  readonly cron: string;
  readonly timezone: string;
}

/** Puts the schedule in force and returns when it is next due. The clock in the queue follows. */
export async function activateSchedule(
  tx: Tx,
  services: Pick<RunServices, 'audit' | 'outbox'>,
  caller: Caller,
  agentId: string,
  { cron, timezone }: Schedule,
): Promise<Date> {
  const nextRunAt = await nextTime({ cron, timezone }, await readClock(tx));
  await tx.query(
    `INSERT INTO agent_schedule (agent_id, cron, timezone, active, next_run_at) VALUES ($1, $2, $3, true, $4)
     ON CONFLICT (agent_id) DO UPDATE SET cron = $2, timezone = $3, active = true, next_run_at = $4, updated_at = app_now()`,
    [agentId, cron, timezone, nextRunAt],
  );
  await services.audit.append(tx, {
    workspaceId: caller.workspaceId,
    kind: 'schedule.activated',
    actor: toActor(caller),
    outcome: 'succeeded',
    agentId,
    data: { cron, timezone, nextRunAt: nextRunAt.toISOString() },
  });
  await services.outbox.add(tx, scheduleSyncJob, { agentId });
  return nextRunAt;
}

/** Nothing is due any more until the agent is deployed again. */
export async function deactivateSchedule(
  tx: Tx,
  services: Pick<RunServices, 'outbox'>,
  agentId: string,
): Promise<void> {
  const changed = await tx.query(
    'UPDATE agent_schedule SET active = false, updated_at = app_now() WHERE agent_id = $1 AND active RETURNING agent_id',
    [agentId],
  );
  if (changed.length > 0) await services.outbox.add(tx, scheduleSyncJob, { agentId });
}

/** Makes the clock in the queue agree with the row. */
export async function syncSchedule(
  services: Pick<RunServices, 'db'>,
  schedulers: Schedulers,
  agentId: string,
): Promise<void> {
  const [row] = await services.db.query<Schedule & { active: boolean }>(
    'SELECT cron, timezone, active FROM agent_schedule WHERE agent_id = $1',
    [agentId],
  );
  const key = `schedule-${agentId}`;
  if (row?.active === true) await schedulers.upsert(key, row, scheduleDueJob, { agentId });
  else await schedulers.remove(key);
}

/**
 * Starts the run of an agent whose schedule is due, and moves the schedule on from now: after a time without a worker there is one run,
 * not one for every time that was missed. Returns the run's id, or undefined when nothing was due.
 */
export async function fireSchedule(services: RunServices, agentId: string): Promise<string | undefined> {
  const deployed = await readDeployer(services, agentId);
  if (deployed === undefined) return undefined;
  const { caller, version } = deployed;
  const agent = await services.agents.getVersion(caller, agentId, version);
  return services.db.transaction(async (tx) => {
    // The lock comes first, the clock is read after it.
    const [row] = await tx.query<Schedule & { next_run_at: Date }>(
      `SELECT s.cron, s.timezone, s.next_run_at FROM agent_schedule s JOIN agent a ON a.id = s.agent_id
       WHERE s.agent_id = $1 AND s.active AND a.status = 'deployed' AND a.deployed_version = $2 FOR UPDATE OF s SKIP LOCKED`,
      [agentId, version],
    );
    const now = await readClock(tx);
    if (row === undefined || row.next_run_at > now) return undefined;
    const next = await nextTime(row, now);
    await tx.query('UPDATE agent_schedule SET next_run_at = $2, updated_at = $3 WHERE agent_id = $1', [
      agentId,
      next,
      now,
    ]);
    return insertRun(tx, services, caller, agent, { trigger: 'schedule', scheduledFor: row.next_run_at });
  });
}

/** Every schedule that is due now: what fires when the queue's clocks do not. */
export async function fireDueSchedules(services: RunServices): Promise<void> {
  const due = await services.db.query<{ agent_id: string }>(
    'SELECT agent_id FROM agent_schedule WHERE active AND next_run_at <= app_now() ORDER BY next_run_at LIMIT $1',
    [SWEEP_LIMIT],
  );
  for (const { agent_id: agentId } of due) {
    await fireSchedule(services, agentId).catch((error: unknown) =>
      services.log.warn({ agentId, error: String(error) }, 'a schedule could not fire'),
    );
  }
}

/** A scheduled run acts for the person who deployed; whether that person still may is asked when it runs. */
async function readDeployer(
  services: RunServices,
  agentId: string,
): Promise<{ caller: Caller; version: number } | undefined> {
  const [row] = await services.db.query<{
    workspace_id: WorkspaceId;
    created_by: PersonId;
    key_creator: PersonId | null;
    version: number;
  }>(
    `SELECT a.workspace_id, d.created_by, d.key_creator, d.version FROM agent a JOIN deployment d ON d.agent_id = a.id AND d.version = a.deployed_version
     WHERE a.id = $1 AND a.status = 'deployed' AND d.status = 'deployed' ORDER BY d.created_at DESC LIMIT 1`,
    [agentId],
  );
  if (row === undefined) return undefined;
  const { workspace_id: workspaceId, created_by: personId, key_creator: keyCreatorId } = row;
  const key = keyCreatorId === null ? {} : { keyCreatorId };
  const caller: Caller = { workspaceId, personId, roles: [], channel: 'worker', ...key };
  return { caller, version: row.version };
}

async function nextTime({ cron, timezone }: Schedule, after: Date): Promise<Date> {
  const [next] = await nextTimes(cron, timezone, after);
  if (next === undefined) throw new AppError('invalid_input', `The schedule \`${cron}\` is never due.`);
  return next;
}

async function readClock(tx: Tx): Promise<Date> {
  const [clock] = await tx.query<{ now: Date }>('SELECT app_now() AS now');
  if (clock === undefined) throw new AppError('internal', 'The database gave no time.');
  return clock.now;
}
