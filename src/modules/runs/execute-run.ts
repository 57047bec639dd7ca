import type { Caller } from '../../kernel/caller.ts';
import { toStorableJson, type Json } from '../../kernel/json.ts';
import { MAX_CLAIMS } from '../../kernel/run/limits.ts';
import type { Step } from '../../kernel/run/model.ts';
import { isStepOver, toRunEnd, toStepSources } from '../../kernel/run/transitions.ts';
import type { Scope } from '../../platform/cel/expression.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import { approvalResolvedJob } from '../approvals/index.ts';
import { endRun } from './end-run.ts';
import { toProvenances } from './provenance.ts';
import { executeStep, type StepOutcome } from './execute-step.ts';
import { LeaseLost, RunLease } from './run-lease.ts';
import { fromBytes, toBytes, toCaller, type RunServices, type StepRow } from './run.ts';

/**
 * Works on a run until it ends, waits for an approval, or the process stops. Does nothing when another worker has it or it is over. A step
 * that is finished is never repeated.
 */
export async function executeRun(services: RunServices, runId: string, stopping: AbortSignal): Promise<void> {
  const lease = await RunLease.claim(services.db, runId);
  if (lease === undefined) return;
  try {
    await work(services, lease, stopping);
  } catch (error) {
    if (error instanceof LeaseLost) return;
    if (isTransient(error)) throw error;
    services.log.error({ err: error, runId }, 'a run failed unexpectedly');
    const text =
      error instanceof AppError
        ? `${error.code}: ${error.message}`
        : 'internal: something failed inside the server; its log has more.';
    await lease.write((tx, now) => endRun(tx, services.audit, now, lease.run, { status: 'failed', error: text }));
  } finally {
    lease.stop();
  }
}

/** The database went away, not the run: somebody takes it up again when the lease is over. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof AppError) return false;
  if ('code' in error && typeof error.code === 'string') return /^(08|40|53|57P)|^E[A-Z]{3,}/.test(error.code);
  return /Connection terminated|timeout exceeded/.test(error.message);
}

async function work(services: RunServices, lease: RunLease, stopping: AbortSignal): Promise<void> {
  const { run } = lease;
  if (run.fence - run.waited_fence > MAX_CLAIMS) throw givenUp();
  const caller = await toCaller(services, run.requested_by, run.key_creator);
  const agent = await services.agents.getVersion(caller, run.agent_id, run.version);
  const rows = await services.db.query<StepRow>('SELECT * FROM run_step WHERE run_id = $1 ORDER BY position', [run.id]);
  const outputs: Record<string, { output: Json }> = {};
  let isMarked = false;
  for (const [position, step] of agent.definition.steps.entries()) {
    const row = rows[position];
    if (row !== undefined && isStepOver(row.status)) {
      outputs[step.name] = { output: fromBytes(row.output) };
      continue;
    }
    // Later steps are marked in the transaction that ends the one before: one commit less for each.
    if (row?.status === 'pending' && !isMarked) await lease.write((tx, now) => markRunning(tx, run.id, position, now));
    isMarked = true;
    const isResumed = row !== undefined && row.approval_id !== null;
    const goesOn = await workOnStep(services, lease, { caller, agent, step, position, outputs, stopping, isResumed });
    if (!goesOn) return;
  }
  await lease.write((tx, now) => endRun(tx, services.audit, now, run, { status: 'succeeded' }));
}

function givenUp(): AppError {
  return new AppError(
    'internal',
    `This run was taken up ${MAX_CLAIMS} times and never finished: its process ended each time. Look at what its running step does, then run the agent again.`,
  );
}

interface StepWork {
  readonly caller: Caller;
  readonly agent: AgentVersion;
  readonly step: Step;
  readonly position: number;
  readonly outputs: Record<string, { output: Json }>;
  readonly stopping: AbortSignal;
  /** It waited for people: whether it is wanted was asked before. */
  readonly isResumed: boolean;
}

/** False when the run does not go on from here. */
async function workOnStep(services: RunServices, lease: RunLease, of: StepWork): Promise<boolean> {
  const { step, position } = of;
  const outcome = await executeStep(
    {
      actions: services.actions,
      caller: of.caller,
      run: lease.run,
      position,
      scope: toScope(lease, of),
      provenance: toProvenances(of.agent.definition.steps, lease.run.trigger)[position],
      stopping: of.stopping,
      lost: lease.lost,
      isResumed: of.isResumed,
    },
    step,
  );
  if (outcome.status === 'interrupted') {
    await lease.release();
    return false;
  }
  if (outcome.status === 'put_off' && (await lease.putOff(position, outcome.error))) return false;
  return endStep(services, lease, of, outcome.status === 'put_off' ? { ...outcome, status: 'denied' } : outcome);
}

/** False when the run does not go on from here. */
async function endStep(services: RunServices, lease: RunLease, of: StepWork, outcome: Finished): Promise<boolean> {
  const { step, position } = of;
  of.outputs[step.name] = { output: outcome.status === 'succeeded' ? outcome.output : null };
  const end = toRunEnd(outcome.status, step.onError);
  const isLast = position === of.agent.definition.steps.length - 1;
  await lease.write(async (tx, now) => {
    const { run } = lease;
    await finishStep(tx, run.id, position, outcome, now);
    if (end === 'waiting_approval') return markWaiting(tx, services, run.id, outcome);
    if (end !== undefined) {
      await endRun(tx, services.audit, now, run, { status: end, error: toRunError(step, outcome) });
    } else if (isLast) {
      await endRun(tx, services.audit, now, run, { status: 'succeeded' });
    } else {
      await markRunning(tx, run.id, position + 1, now);
    }
  });
  return end === undefined && !isLast;
}

function toScope({ run }: RunLease, { agent, outputs }: StepWork): Scope {
  return {
    input: fromBytes(run.input),
    steps: outputs,
    run: {
      id: run.id,
      trigger: run.trigger,
      startedAt: (run.started_at ?? run.created_at).toISOString(),
      scheduledFor: run.scheduled_for?.toISOString() ?? null,
    },
    agent: { id: agent.agent.id, name: agent.agent.name, version: agent.version },
  };
}

async function markRunning(tx: Tx, runId: string, position: number, now: Date): Promise<void> {
  await tx.query(
    `UPDATE run_step SET status = 'running', started_at = $3 WHERE run_id = $1 AND position = $2 AND status = ANY($4)`,
    [runId, position, now, toStepSources('running')],
  );
}

type Finished = Exclude<StepOutcome, { status: 'interrupted' | 'put_off' }>;

async function finishStep(tx: Tx, runId: string, position: number, outcome: Finished, now: Date): Promise<void> {
  const decision = 'decision' in outcome && outcome.decision !== undefined ? toStorableJson(outcome.decision) : null;
  const output = outcome.status === 'succeeded' ? toBytes(outcome.output) : null;
  const approvalId = outcome.status === 'waiting_approval' ? (outcome.approvalId ?? null) : null;
  const isOver = isStepOver(outcome.status);
  await tx.query(
    `UPDATE run_step SET status = $3, decision = $4, output = $5, error = $6, approval_id = coalesce($7, approval_id), ended_at = $8
     WHERE run_id = $1 AND position = $2 AND status = ANY($9)`,
    [
      runId,
      position,
      outcome.status,
      decision,
      output,
      toStepError(outcome),
      approvalId,
      isOver ? now : null,
      toStepSources(outcome.status),
    ],
  );
}

async function markWaiting(tx: Tx, { outbox }: RunServices, runId: string, outcome: Finished): Promise<void> {
  await tx.query(
    `UPDATE run SET status = 'waiting_approval', lease_until = NULL, error = $2, waited_fence = fence WHERE id = $1`,
    [runId, toStepError(outcome)],
  );
  const approvalId = outcome.status === 'waiting_approval' ? outcome.approvalId : undefined;
  if (approvalId === undefined) return;
  const [answered] = await tx.query(`SELECT FROM approval_request WHERE id = $1 AND status <> 'pending'`, [approvalId]);
  // Somebody was faster than this: their answer found a run that did not wait yet.
  if (answered !== undefined) await outbox.add(tx, approvalResolvedJob, { approvalId });
}

function toStepError(outcome: Finished): string | null {
  return 'error' in outcome ? (outcome.error ?? null) : null;
}

function toRunError(step: Step, outcome: Finished): string {
  return `Step \`${step.name}\`: ${toStepError(outcome) ?? outcome.status}`;
}
