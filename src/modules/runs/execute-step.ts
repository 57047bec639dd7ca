import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../../kernel/caller.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import { MAX_ITEMS } from '../../kernel/run/limits.ts';
import type { Step } from '../../kernel/run/model.ts';
import { toRetryDelay } from '../../kernel/run/retry-delay.ts';
import type { Scope } from '../../platform/cel/expression.ts';
import { compileCondition, compileTemplate, render } from '../../platform/cel/template.ts';
import { AppError, ERRORS } from '../../platform/errors/index.ts';
import { toDenial, type ActionRequest, type ActionResult, type ActionsService } from '../actions/index.ts';
import type { Provenance } from './provenance.ts';
import type { RunRow } from './run.ts';

/** Most bytes that the outputs of one step may have together. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** How a step ended; `interrupted` when the process stops before it is done. */
export type StepOutcome =
  | { readonly status: 'succeeded'; readonly output: Json; readonly decision?: Decision }
  | { readonly status: 'skipped' }
  | { readonly status: 'failed'; readonly error: string; readonly decision?: Decision }
  | { readonly status: 'denied'; readonly error: string; readonly decision: Decision }
  | {
      readonly status: 'waiting_approval';
      readonly error?: string;
      readonly approvalId?: string;
      readonly decision: Decision;
    }
  /** People were not asked, because too much of the agent waits for them: the same step is tried again later. */
  | { readonly status: 'put_off'; readonly error: string; readonly decision: Decision }
  | { readonly status: 'interrupted' };

export interface StepContext {
  readonly actions: ActionsService;
  readonly caller: Caller;
  readonly run: RunRow;
  readonly position: number;
  readonly scope: Scope;
  /** Where the key arguments of the step come from. */
  readonly provenance: Provenance | undefined;
  /** The process stops: nothing new is begun. */
  readonly stopping: AbortSignal;
  /** The run is no longer ours: what is under way is aborted too. */
  readonly lost: AbortSignal;
  /** It waited for people: whether it is wanted was asked before. */
  readonly isResumed: boolean;
}

/** Carries out one step: asks `when` once, then acts once, or once for each item of `forEach`, one after the other. */
export async function executeStep(context: StepContext, step: Step): Promise<StepOutcome> {
  try {
    if (step.when !== undefined && !context.isResumed && !isWanted(step.when, context.scope))
      return { status: 'skipped' };
    if (step.forEach === undefined) return await executeItem(context, step, context.scope, -1);
    return await executeItems(context, step, toItems(step.forEach, context.scope));
  } catch (error) {
    if (error instanceof AppError) return { status: 'failed', error: toErrorText(error) };
    throw error;
  }
}

export function isWanted(when: string, scope: Scope): boolean {
  const wanted = render(compileCondition(when), scope);
  if (typeof wanted === 'boolean') return wanted;
  throw new AppError(
    'expression_error',
    `\`when\` gives ${JSON.stringify(wanted).slice(0, 60)}, not true or false. Compare it with something.`,
  );
}

export function toItems(forEach: Json, scope: Scope): Json[] {
  const items = render(compileTemplate(forEach), scope);
  if (!Array.isArray(items))
    throw new AppError(
      'expression_error',
      '`forEach` does not give a list. Give it one, such as `${{ steps.list.output.files }}`.',
    );
  if (items.length > MAX_ITEMS)
    throw new AppError(
      'too_large',
      `\`forEach\` gives ${items.length} items; at most ${MAX_ITEMS}. Filter them first.`,
    );
  return items;
}

/** The output of a step with `forEach` is the list of its items' outputs; an item that may fail and did leaves null. */
async function executeItems(context: StepContext, step: Step, items: readonly Json[]): Promise<StepOutcome> {
  const outputs: Json[] = [];
  let bytes = 0;
  let decision: Decision | undefined;
  for (const [index, item] of items.entries()) {
    if (context.stopping.aborted || context.lost.aborted) return { status: 'interrupted' };
    const outcome = await executeItem(context, step, { ...context.scope, item, index }, index);
    const mayFail = outcome.status === 'failed' && step.onError === 'continue';
    if (outcome.status !== 'succeeded' && !mayFail) return atItem(outcome, index);
    decision = outcome.decision ?? decision;
    const output = outcome.status === 'succeeded' ? outcome.output : null;
    bytes += JSON.stringify(output).length;
    if (bytes > MAX_OUTPUT_BYTES)
      throw new AppError(
        'too_large',
        `The outputs of \`${step.name}\` are larger than ${MAX_OUTPUT_BYTES / 1024 / 1024} MB together. Split the work.`,
      );
    outputs.push(output);
  }
  return { status: 'succeeded', output: outputs, ...(decision === undefined ? {} : { decision }) };
}

function atItem(outcome: StepOutcome, index: number): StepOutcome {
  if (outcome.status !== 'failed' && outcome.status !== 'denied') return outcome;
  return { ...outcome, error: `${outcome.error} (item ${index})` };
}

/** One action with its attempts. An attempt that was made before a crash answers again with its recorded outcome. */
async function executeItem(context: StepContext, step: Step, scope: Scope, itemIndex: number): Promise<StepOutcome> {
  const params = render(compileTemplate(step.params), scope) as JsonObject;
  const facts = step.facts === undefined ? undefined : (render(compileTemplate(step.facts), scope) as JsonObject);
  const attempts = step.retry?.attempts ?? 1;
  for (let attempt = 1; ; attempt++) {
    if (context.stopping.aborted || context.lost.aborted) return { status: 'interrupted' };
    const result = await perform(context, step, params, facts, itemIndex, attempt);
    if (result.kind !== 'failed') return toOutcome(result);
    if (result.error.code === 'approval_backpressure')
      return { status: 'put_off', error: toErrorText(result.error), decision: result.decision };
    if (attempt >= attempts || !ERRORS[result.error.code].retry) {
      return { status: 'failed', error: toErrorText(result.error), decision: result.decision };
    }
    await wait(toRetryDelay(step.retry?.backoffMs ?? 0, attempt), AbortSignal.any([context.stopping, context.lost]));
  }
}

async function perform(
  { actions, caller, run, position, provenance, lost }: StepContext,
  step: Step,
  params: JsonObject,
  facts: JsonObject | undefined,
  itemIndex: number,
  attempt: number,
): Promise<ActionResult> {
  const request: ActionRequest = {
    agentId: run.agent_id,
    version: run.version,
    type: step.action,
    params,
    ...(facts === undefined ? {} : { facts }),
    trigger: run.trigger,
    run: { runId: run.id, stepPosition: position, itemIndex, attempt },
    ...(step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs }),
    ...(provenance === undefined ? {} : { provenance }),
    signal: lost,
  };
  try {
    return await actions.perform(caller, request);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    // A worker that had the run before has just recorded the outcome: it is the answer.
    return actions.perform(caller, request);
  }
}

const NOT_CONFIRMED =
  'effect_not_confirmed: nobody saw how the action ended, and people say that it did not happen. It was not tried again.';

function toOutcome(result: Exclude<ActionResult, { kind: 'failed' }>): StepOutcome {
  const { decision } = result;
  switch (result.kind) {
    case 'succeeded':
      return { status: 'succeeded', output: result.output, decision };
    case 'denied':
      return { status: 'denied', error: result.reason ?? toDenial(decision), decision };
    case 'held':
      return { status: 'waiting_approval', approvalId: result.approvalId, decision };
    case 'unknown':
      if (result.happened === true) return { status: 'succeeded', output: null, decision };
      if (result.happened === false) return { status: 'failed', error: NOT_CONFIRMED, decision };
      return {
        status: 'waiting_approval',
        error: 'effect_unknown',
        decision,
        ...(result.approvalId === undefined ? {} : { approvalId: result.approvalId }),
      };
  }
}

function toErrorText({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${code}: ${message}`;
}

/** Ends early, without a word, when the signal aborts: what comes next asks for itself. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
