import { cutText } from '../../kernel/json.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { Json } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { RunStatus, RunTrigger, StepStatus } from '../../kernel/run/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import { fromBytes, type RunRow, type RunServices, type StepRow } from './run.ts';

/** Longest output that is shown whole, as JSON text. */
const SHOWN_CHARACTERS = 20_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface RunStepView {
  readonly name: string;
  readonly action: string;
  readonly status: StepStatus;
  readonly decision?: Decision;
  /** Of a long one the first 20,000 characters of its JSON text; then `truncated` is true. */
  readonly output?: Json;
  readonly truncated?: true;
  readonly error?: string;
  readonly approvalId?: string;
}

export interface RunView {
  readonly id: string;
  readonly agentId: string;
  readonly version: number;
  readonly trigger: RunTrigger;
  readonly status: RunStatus;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly scheduledFor?: string;
  readonly steps: readonly RunStepView[];
  readonly error?: string;
}

/** Throws `not_found`, with the newest runs. */
export async function getRun(
  services: Pick<RunServices, 'db'>,
  caller: Caller,
  runId: string,
): Promise<{ run: RunView }> {
  const [row] = UUID.test(runId)
    ? await services.db.query<RunRow>('SELECT * FROM run WHERE id = $1 AND workspace_id = $2', [
        runId,
        caller.workspaceId,
      ])
    : [];
  if (row === undefined)
    throw new AppError(
      'not_found',
      `No run has the id \`${cutText(runId, 80)}\`. run_agent and get_agent_status give ids of runs.`,
    );
  const steps = await services.db.query<StepRow>('SELECT * FROM run_step WHERE run_id = $1 ORDER BY position', [
    row.id,
  ]);
  return { run: toView(row, steps) };
}

function toView(row: RunRow, steps: readonly StepRow[]): RunView {
  return {
    id: row.id,
    agentId: row.agent_id,
    version: row.version,
    trigger: row.trigger,
    status: row.status,
    ...(row.started_at === null ? {} : { startedAt: row.started_at.toISOString() }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at.toISOString() }),
    ...(row.scheduled_for === null ? {} : { scheduledFor: row.scheduled_for.toISOString() }),
    steps: steps.map(toStepView),
    ...(row.error === null ? {} : { error: row.error }),
  };
}

function toStepView(step: StepRow): RunStepView {
  return {
    name: step.name,
    action: step.action,
    status: step.status,
    ...(step.decision === null ? {} : { decision: step.decision }),
    ...toShown(step.output),
    ...(step.error === null ? {} : { error: step.error }),
    ...(step.approval_id === null ? {} : { approvalId: step.approval_id }),
  };
}

function toShown(output: Buffer | null): Pick<RunStepView, 'output' | 'truncated'> {
  if (output === null) return {};
  const text = output.toString('utf8');
  return text.length > SHOWN_CHARACTERS
    ? { output: cutText(text, SHOWN_CHARACTERS), truncated: true }
    : { output: fromBytes(output) };
}
