import { randomUUID } from 'node:crypto';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Json } from '../../kernel/json.ts';
import type { AgentStatus, RunTrigger } from '../../kernel/run/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AgentRecord, AgentVersion } from '../agents/index.ts';
import { executeRunJob, toBytes, toJobKey, type RunServices } from './run.ts';

const MAX_INPUT_BYTES = 8 * 1024 * 1024;

export interface StartRequest {
  readonly agentId: string;
  readonly trigger: RunTrigger;
  /** What steps see as `input`; an empty object when not given. */
  readonly input?: Json;
}

/** Starts a run of the deployed version (with trigger `test`: of the latest). Returns at once; the work is done by whoever takes the job. */
export async function startRun(
  services: RunServices,
  caller: Caller,
  request: StartRequest,
): Promise<{ runId: string; status: 'queued' }> {
  const agent = await services.agents.get(caller, request.agentId);
  const wanted = requireRunnable(agent, request.trigger);
  const version = await services.agents.getVersion(caller, agent.id, wanted);
  return services.db.transaction(async (tx) => {
    // Asked again under a lock: a pause that commits before this run does leaves no run behind.
    const locked = await lockAgent(tx, agent.id);
    if (requireRunnable(locked, request.trigger) !== wanted) {
      throw new AppError('conflict', `Another version of \`${agent.name}\` was made meanwhile. Call again.`);
    }
    const runId = await insertRun(tx, services, caller, version, request);
    if (runId === undefined) throw new AppError('internal', 'The run was not written.');
    return { runId, status: 'queued' };
  });
}

type Runnable = Pick<AgentRecord, 'name' | 'status' | 'latestVersion' | 'deployedVersion'>;

async function lockAgent(tx: Tx, agentId: string): Promise<Runnable> {
  const [row] = await tx.query<Runnable & { deployed: number | null }>(
    `SELECT name, status, latest_version AS "latestVersion", deployed_version AS deployed FROM agent WHERE id = $1 FOR SHARE`,
    [agentId],
  );
  if (row === undefined) throw new AppError('not_found', `No agent has the id \`${agentId}\`.`);
  return { ...row, ...(row.deployed === null ? {} : { deployedVersion: row.deployed }) };
}

/** The version that may run now. */
function requireRunnable({ name, status, latestVersion, deployedVersion }: Runnable, trigger: RunTrigger): number {
  const isHalted = status === 'paused' || status === 'stopped';
  if (trigger === 'test' && !isHalted) return latestVersion;
  if (status === 'deployed' && deployedVersion !== undefined) return deployedVersion;
  throw new AppError('not_runnable', `The agent \`${name}\` cannot run: ${WHY_NOT[status]}`);
}

const WHY_NOT: Record<AgentStatus, string> = {
  draft: 'it is a draft. Test it with test_agent, then deploy it with deploy_agent.',
  pending_approval: 'its deployment waits for an approval. get_agent_status shows which one.',
  deployed: 'no version of it is deployed. Deploy it with deploy_agent.',
  paused: 'it is paused. Deploy it again with deploy_agent to go on.',
  stopped: 'it was stopped for good. Make a new agent with create_agent.',
};

/**
 * Writes the run with its steps, the record and the job that works on it. Undefined when a run for this time of the schedule is already
 * there.
 */
export async function insertRun(
  tx: Tx,
  services: Pick<RunServices, 'audit' | 'outbox'>,
  caller: Caller,
  { agent, version, definition }: AgentVersion,
  { trigger, input = {}, scheduledFor }: Omit<StartRequest, 'agentId'> & { readonly scheduledFor?: Date },
): Promise<string | undefined> {
  const bytes = toBytes(input);
  if (bytes.length > MAX_INPUT_BYTES) {
    throw new AppError(
      'too_large',
      `The input is larger than ${MAX_INPUT_BYTES / 1024 / 1024} MB. Put it into a file and pass its path.`,
    );
  }
  const runId = randomUUID();
  const inserted = await tx.query(
    `INSERT INTO run (id, workspace_id, agent_id, version, trigger, status, input, scheduled_for, requested_by, key_creator)
     VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9) ON CONFLICT (agent_id, scheduled_for) DO NOTHING RETURNING id`,
    [
      ...[runId, agent.workspaceId, agent.id, version, trigger, bytes, scheduledFor ?? null],
      ...[caller.personId, caller.keyCreatorId ?? null],
    ],
  );
  if (inserted.length === 0) return undefined;
  await tx.query(
    `INSERT INTO run_step (run_id, position, name, action, status)
     SELECT $1, s.position - 1, s.name, s.action, 'pending' FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS s (name, action, position)`,
    [runId, definition.steps.map((step) => step.name), definition.steps.map((step) => step.action)],
  );
  await services.audit.append(tx, {
    workspaceId: agent.workspaceId,
    kind: 'run.started',
    actor: toActor(caller),
    outcome: 'allowed',
    agentId: agent.id,
    runId,
    data: { trigger, version, ...(scheduledFor === undefined ? {} : { scheduledFor: scheduledFor.toISOString() }) },
  });
  await services.outbox.add(tx, executeRunJob, { runId }, toJobKey(runId, 0));
  return runId;
}
