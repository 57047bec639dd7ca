import { RUN_STATUSES, STEP_STATUSES, type RunStatus, type StepStatus } from './model.ts';

const RUN_MOVES: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['running', 'cancelled'],
  running: ['waiting_approval', 'succeeded', 'failed', 'blocked', 'cancelled'],
  waiting_approval: ['running', 'blocked', 'cancelled'],
  succeeded: [],
  failed: [],
  blocked: [],
  cancelled: [],
};

const STEP_MOVES: Record<StepStatus, readonly StepStatus[]> = {
  pending: ['running', 'skipped'],
  running: ['waiting_approval', 'succeeded', 'failed', 'denied', 'skipped'],
  waiting_approval: ['running', 'denied', 'skipped'],
  succeeded: [],
  failed: [],
  denied: [],
  skipped: [],
};

/** The statuses from which a run may come to `status`: what a conditional update asks for. */
export function toRunSources(status: RunStatus): RunStatus[] {
  return RUN_STATUSES.filter((from) => RUN_MOVES[from].includes(status));
}

/** The statuses from which a step may come to `status`. */
export function toStepSources(status: StepStatus): StepStatus[] {
  return STEP_STATUSES.filter((from) => STEP_MOVES[from].includes(status));
}

export function isRunOver(status: RunStatus): boolean {
  return RUN_MOVES[status].length === 0;
}

export function isStepOver(status: StepStatus): boolean {
  return STEP_MOVES[status].length === 0;
}

/** How a step that did not succeed ends its run; undefined when the run goes on. */
export function toRunEnd(
  step: StepStatus,
  onError: 'fail' | 'continue' = 'fail',
): 'blocked' | 'waiting_approval' | 'failed' | undefined {
  switch (step) {
    case 'denied':
      return 'blocked';
    case 'waiting_approval':
      return 'waiting_approval';
    case 'failed':
      return onError === 'continue' ? undefined : 'failed';
    default:
      return undefined;
  }
}
