import type { Caller } from '../../kernel/caller.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError, type ErrorCode } from '../../platform/errors/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { DecisionService } from '../policies/index.ts';
import type { ActionFailure, ActionResult } from './action.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { WITHHELD } from './earlier.ts';
import type { ExecutionContext, Executor } from './executor.ts';
import { Permit } from './permit.ts';
import type { Prepared } from './prepared.ts';
import { recordOutcome } from './record-outcome.ts';

export interface ExecuteServices {
  readonly db: Database;
  readonly audit: AuditService;
  readonly approvals: ApprovalsService;
  readonly decisions: Pick<DecisionService, 'judgeOutput'>;
  readonly log: Log;
}

export interface Allowed {
  readonly prepared: Prepared;
  /** Absent for a type outside the catalogue, which no executor carries out. */
  readonly entry: CatalogueEntry | undefined;
  readonly executor: Executor | undefined;
  readonly permit: Permit;
  readonly decision: Decision;
  /** It was held: a later call asks for its outcome. */
  readonly isAwaited?: boolean;
}

export type Outcome =
  | {
      readonly kind: 'succeeded';
      /** As it came out, for the bill only. */
      readonly raw: JsonObject;
      /** As it is handed on. */
      readonly output: JsonObject;
      /** Where the result has changed what was decided. */
      readonly judged?: Decision;
    }
  | { readonly kind: 'withheld'; readonly raw: JsonObject; readonly judged: Decision }
  | { readonly kind: 'failed'; readonly error: ActionFailure; readonly mayHaveReached: boolean }
  | { readonly kind: 'unknown'; readonly error: ActionFailure };

/** Carries out what was allowed and recorded, at most once, and records how it ended. */
export async function execute(services: ExecuteServices, caller: Caller, allowed: Allowed): Promise<ActionResult> {
  const { permit, decision } = allowed;
  const { actionId } = permit;
  const startedAt = performance.now();
  const outcome = await act(services, allowed);
  const durationMs = Math.round(performance.now() - startedAt);
  const approvalId = await recordOutcome(services, caller, allowed, outcome, durationMs);
  switch (outcome.kind) {
    case 'succeeded':
      return { kind: 'succeeded', actionId, output: outcome.output, decision: outcome.judged ?? decision };
    case 'withheld':
      return { kind: 'denied', actionId, decision: outcome.judged, reason: WITHHELD };
    case 'failed':
      return { kind: 'failed', actionId, error: outcome.error, decision };
    case 'unknown':
      return { kind: 'unknown', actionId, decision, ...(approvalId === undefined ? {} : { approvalId }) };
  }
}

async function act(services: ExecuteServices, allowed: Allowed): Promise<Outcome> {
  const { prepared, entry, executor, permit } = allowed;
  const { request, timeoutMs } = prepared;
  if (executor === undefined) {
    const why =
      entry?.requires === undefined
        ? 'There is no such action.'
        : `It needs ${entry.requires}, which this release does not have.`;
    const message = `\`${request.type}\` was allowed, but cannot be carried out. ${why}`;
    return { kind: 'failed', error: { code: 'unavailable', message }, mayHaveReached: false };
  }
  const deadline = new AbortController();
  const timer = setTimeout(
    () =>
      deadline.abort(new AppError('timeout', `\`${request.type}\` took longer than ${timeoutMs} ms and was stopped.`)),
    timeoutMs,
  );
  const signal = request.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, request.signal]);
  let raw: JsonObject;
  try {
    raw = await executor.execute(permit, { actionId: permit.actionId, signal });
  } catch (error) {
    const failure = toFailure(services.log, error, permit.actionId);
    const reached = mayHaveReached(error);
    const isInDoubt = prepared.isWrite && !prepared.isIdempotent && reached;
    return isInDoubt
      ? { kind: 'unknown', error: failure }
      : { kind: 'failed', error: failure, mayHaveReached: reached };
  } finally {
    clearTimeout(timer);
  }
  return judge(services, allowed, raw);
}

/** INVARIANT: a result that could not be judged is withheld like one that was denied. */
async function judge(services: ExecuteServices, allowed: Allowed, raw: JsonObject): Promise<Outcome> {
  const { prepared, decision, permit } = allowed;
  try {
    const judged = await services.decisions.judgeOutput(prepared.policies, { ...prepared.judged, decision }, raw);
    if (judged.effect === 'deny' || judged.output === undefined)
      return { kind: 'withheld', raw, judged: judged.decision };
    const { output } = judged;
    return judged.effect === 'transform'
      ? { kind: 'succeeded', raw, output, judged: judged.decision }
      : { kind: 'succeeded', raw, output };
  } catch (error) {
    services.log.error({ err: error, actionId: permit.actionId }, 'a result could not be judged; it is withheld');
    return { kind: 'withheld', raw, judged: { ...decision, effect: 'deny', strictEffect: 'deny' } };
  }
}

export function toFailure(log: Log, error: unknown, actionId: string): ActionFailure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  log.error({ err: error, actionId }, 'an action failed unexpectedly');
  return {
    code: 'internal',
    message: `Something failed inside the server. The log has more under action ${actionId}.`,
  };
}

/** After these an effect may have happened although nothing says so; a repeat could do it twice. */
const AMBIGUOUS: readonly ErrorCode[] = ['timeout', 'upstream_failed', 'cancelled', 'internal'];

/** `details.reached: false` is the executor's word that nothing left this process. */
function mayHaveReached(error: unknown): boolean {
  if (!(error instanceof AppError)) return true;
  return AMBIGUOUS.includes(error.code) && error.details?.['reached'] !== false;
}

/** For a dry run: carries out an action that changes nothing; nothing is recorded and nothing reserved. */
export async function rehearse(
  { binding, request, judged, executedHash }: Prepared,
  executor: Executor,
  context: ExecutionContext & { readonly policyVersions: readonly string[]; readonly timeoutMs: number },
): Promise<JsonObject> {
  const { actionId, policyVersions, timeoutMs, signal } = context;
  const permit = Permit.issue({
    binding,
    request: { ...request, params: judged.params },
    hash: executedHash,
    policyVersions,
    actionId,
    validForMs: timeoutMs,
  });
  return executor.execute(permit, { actionId, signal });
}
