import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Json } from '../../kernel/json.ts';
import type { AuditEntry } from '../audit/index.ts';
import type { Allowed, ExecuteServices, Outcome } from './execute.ts';
import { toDoubt } from './answer-earlier.ts';
import { askWhetherItHappened } from './in-doubt.ts';
import type { Prepared } from './prepared.ts';
import { settle, type Ending } from './settle.ts';

type Cost = NonNullable<Ending['cost']>;
type Base = Pick<AuditEntry, 'workspaceId' | 'actor' | 'agentId' | 'runId' | 'action'>;

/** Records how an action ended. Returns the id of the question whether it happened, where that is not known. */
export async function recordOutcome(
  services: ExecuteServices,
  caller: Caller,
  allowed: Allowed,
  outcome: Outcome,
  durationMs: number,
): Promise<string | undefined> {
  const { db, audit, approvals } = services;
  const { prepared, permit } = allowed;
  const { actionId } = permit;
  const cost = toCost(prepared, outcome);
  const toEnding = (question: { approvalId?: string }): Ending => ({
    execution: outcome.kind === 'withheld' ? 'succeeded' : outcome.kind,
    ...toKept(allowed, outcome),
    ...(cost === undefined ? {} : { cost }),
    audit: toEntries(caller, allowed, outcome, {
      durationMs,
      costMicros: cost?.micros ?? prepared.judged.facts.cost.micros,
      question,
    }).map((entry) => audit.draft(entry)),
  });
  if (outcome.kind !== 'unknown') {
    await settle(db, actionId, toEnding({}));
    audit.nudge();
    return undefined;
  }
  const why = `it was begun and its end was not seen (${outcome.error.code}).`;
  const approvalId = await db.transaction(async (tx) => {
    const asked = await askWhetherItHappened(tx, approvals, { ...toDoubt(caller, prepared), actionId, why });
    await settle(tx, actionId, toEnding({ approvalId: asked }));
    return asked;
  });
  audit.nudge();
  return approvalId;
}

/** What stays in the action's row: an output only where the same place or key may ask for it again. */
function toKept(
  { prepared: { request }, isAwaited = false }: Allowed,
  outcome: Outcome,
): Pick<Ending, 'output' | 'error' | 'decision'> {
  switch (outcome.kind) {
    case 'succeeded': {
      const isKept = isAwaited || request.run !== undefined || request.idempotencyKey !== undefined;
      return {
        ...(isKept ? { output: Buffer.from(JSON.stringify(outcome.output), 'utf8') } : {}),
        ...(outcome.judged === undefined ? {} : { decision: outcome.judged }),
      };
    }
    case 'withheld':
      return { error: JSON.stringify({ code: 'withheld' }), decision: outcome.judged };
    case 'failed':
    case 'unknown':
      return { error: JSON.stringify(outcome.error) };
  }
}

/** What it did cost. Undefined: nobody says, so what was reserved is what was spent. */
function toCost({ judged }: Prepared, outcome: Outcome): Cost | undefined {
  if (outcome.kind === 'unknown') return undefined;
  if (outcome.kind === 'failed') return outcome.mayHaveReached ? undefined : { micros: 0, tokens: 0 };
  const { micros, tokens } = judged.facts.cost;
  return { micros: toMicros(outcome.raw['costUsd']) ?? micros, tokens: toTokens(outcome.raw['usage']) ?? tokens };
}

function toMicros(costUsd: Json | undefined): number | undefined {
  const micros = typeof costUsd === 'number' ? Math.round(costUsd * 1_000_000) : Number.NaN;
  return Number.isSafeInteger(micros) && micros >= 0 ? micros : undefined;
}

function toTokens(usage: Json | undefined): number | undefined {
  if (typeof usage !== 'object' || usage === null || Array.isArray(usage)) return undefined;
  const { inputTokens, outputTokens } = usage;
  if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number') return undefined;
  const tokens = inputTokens + outputTokens;
  return Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : undefined;
}

interface Facets {
  readonly durationMs: number;
  readonly costMicros: number;
  readonly question: { readonly approvalId?: string };
}

function toEntries(
  caller: Caller,
  { prepared, permit }: Allowed,
  outcome: Outcome,
  { durationMs, costMicros, question }: Facets,
): AuditEntry[] {
  const { request, hash } = prepared;
  const base: Base = {
    workspaceId: caller.workspaceId,
    actor: toActor(caller),
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    action: { id: permit.actionId, type: request.type, hash },
  };
  const executed: AuditEntry = {
    ...base,
    kind: 'action.executed',
    outcome: outcome.kind === 'withheld' ? 'succeeded' : outcome.kind,
    ...('error' in outcome ? { data: { code: outcome.error.code, ...question } } : {}),
    durationMs,
    costMicros,
  };
  if (!('judged' in outcome)) return [executed];
  const result = outcome.kind === 'withheld' ? 'denied' : 'allowed';
  return [executed, { ...base, kind: 'result.decided', outcome: result, decision: outcome.judged }];
}
