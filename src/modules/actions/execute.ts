import { toActor, type Caller } from '../../kernel/caller.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError, type ErrorCode } from '../../platform/errors/index.ts';
import type { Log } from '../../platform/telemetry/log.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { ActionFailure, ActionResult } from './action.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { Prepared } from './enforce.ts';
import type { Executor } from './executor.ts';
import { askWhetherItHappened } from './in-doubt.ts';
import { Permit } from './permit.ts';

interface Services {
  readonly db: Database;
  readonly audit: AuditService;
  readonly approvals: ApprovalsService;
  readonly log: Log;
}

interface Allowed {
  readonly prepared: Prepared;
  /** Absent for a type outside the catalogue, which no executor carries out. */
  readonly entry: CatalogueEntry | undefined;
  readonly executor: Executor | undefined;
  readonly actionId: string;
  readonly decision: Decision;
}

type Outcome =
  | { readonly kind: 'succeeded'; readonly output: JsonObject }
  | { readonly kind: 'failed'; readonly error: ActionFailure }
  | { readonly kind: 'unknown'; readonly error: ActionFailure };

/** Carries out what was allowed and recorded, at most once, and records how it ended. */
export async function execute(services: Services, caller: Caller, allowed: Allowed): Promise<ActionResult> {
  const { actionId, decision, entry } = allowed;
  const startedAt = performance.now();
  const outcome = await act(services, allowed);
  const durationMs = Math.round(performance.now() - startedAt);
  const approvalId = await recordOutcome(services, caller, allowed, {
    outcome,
    durationMs,
    costMicros: Math.round((entry?.costUsd ?? 0) * 1_000_000),
  });
  switch (outcome.kind) {
    case 'succeeded':
      return { kind: 'succeeded', actionId, output: outcome.output, decision };
    case 'failed':
      return { kind: 'failed', actionId, error: outcome.error, decision };
    case 'unknown':
      return { kind: 'unknown', actionId, decision, ...(approvalId === undefined ? {} : { approvalId }) };
  }
}

async function act({ log }: Services, { prepared, entry, executor, actionId }: Allowed): Promise<Outcome> {
  const { request, hash, timeoutMs } = prepared;
  if (executor === undefined) {
    const why =
      entry?.requires === undefined
        ? 'There is no such action.'
        : `It needs ${entry.requires}, which this release does not have.`;
    return {
      kind: 'failed',
      error: { code: 'unavailable', message: `\`${request.type}\` was allowed, but cannot be carried out. ${why}` },
    };
  }
  const deadline = new AbortController();
  const timer = setTimeout(
    () =>
      deadline.abort(new AppError('timeout', `\`${request.type}\` took longer than ${timeoutMs} ms and was stopped.`)),
    timeoutMs,
  );
  const signal = request.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, request.signal]);
  try {
    const permit = Permit.issue({ type: request.type, params: request.params, hash });
    return { kind: 'succeeded', output: await executor.execute(permit, { actionId, signal }) };
  } catch (error) {
    const failure = toFailure(log, error, actionId);
    return { kind: isInDoubt(prepared, error) ? 'unknown' : 'failed', error: failure };
  } finally {
    clearTimeout(timer);
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
function isInDoubt({ isWrite, isIdempotent }: Prepared, error: unknown): boolean {
  if (!isWrite || isIdempotent) return false;
  if (!(error instanceof AppError)) return true;
  return AMBIGUOUS.includes(error.code) && error.details?.['reached'] !== false;
}

interface Ended {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly costMicros: number;
}

/** Returns the id of the question whether it happened, where that is not known. */
async function recordOutcome(
  { db, audit, approvals }: Services,
  caller: Caller,
  { prepared, actionId }: Allowed,
  ended: Ended,
): Promise<string | undefined> {
  const { request, hash } = prepared;
  const { outcome, durationMs, costMicros } = ended;
  // An output is kept where the same place or key may ask for it again.
  const isKept = request.run !== undefined || request.idempotencyKey !== undefined;
  const output = outcome.kind === 'succeeded' && isKept ? Buffer.from(JSON.stringify(outcome.output), 'utf8') : null;
  const error = outcome.kind === 'succeeded' ? null : JSON.stringify(outcome.error);
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ now: Date }>(
      `UPDATE action SET execution = $2, output = $3, error = $4, finished_at = app_now() WHERE id = $1 AND execution = 'dispatched' RETURNING finished_at AS now`,
      [actionId, outcome.kind, output, error],
    );
    if (row === undefined)
      throw new AppError('conflict', 'The outcome of this action was already recorded by another worker.');
    let approvalId: string | undefined;
    if (outcome.kind === 'unknown') {
      const why = `it was begun and its end was not seen (${outcome.error.code}).`;
      approvalId = await askWhetherItHappened(tx, approvals, caller, prepared, { actionId, why });
    }
    const question = approvalId === undefined ? {} : { approvalId };
    await audit.appendAt(tx, row.now, {
      workspaceId: caller.workspaceId,
      kind: 'action.executed',
      actor: toActor(caller),
      outcome: outcome.kind,
      agentId: request.agentId,
      ...(request.run === undefined ? {} : { runId: request.run.runId }),
      action: { id: actionId, type: request.type, hash },
      ...(outcome.kind === 'succeeded' ? {} : { data: { code: outcome.error.code, ...question } }),
      durationMs,
      costMicros,
    });
    return approvalId;
  });
}
