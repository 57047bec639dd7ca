import { canonicalize } from '../../kernel/audit/canonical.ts';
import { toStorableJson, type JsonObject } from '../../kernel/json.ts';
import type { Decision } from '../../kernel/policy/model.ts';
import type { AgentStatus, RunStatus } from '../../kernel/run/model.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { AuditDraft } from '../audit/index.ts';
import type { Question } from './assumed-state.ts';
import type { Prepared } from './prepared.ts';
import type { Interval, State } from './state-guard.ts';
import { DENIAL_COUNTS, toCounts, toKnown } from './state-keys.ts';

/** How long after its deadline an action may still be under way in another process. */
export const GRACE_MS = 30_000;

/** A decision as it is to be recorded if the state lies in `guard`, one interval for each question. */
export interface Draft {
  readonly actionId: string;
  readonly decision: Decision;
  readonly guard: readonly Interval[];
  readonly audit: AuditDraft;
  /** Leave given in advance that is used up with it. */
  readonly leaveId?: string;
}

/** What the database answers: `recorded` is committed with its transaction; everything else has written nothing. */
export type Answer =
  | { readonly outcome: 'recorded' | 'stale' | 'looked'; readonly now: Date; readonly state: State }
  | { readonly outcome: 'earlier'; readonly now: Date }
  /** People gave leave for it in advance: it is used up in a transaction. */
  | { readonly outcome: 'leave'; readonly now: Date }
  | { readonly outcome: 'no_agent' }
  | { readonly outcome: 'halted'; readonly status: AgentStatus; readonly name: string }
  | { readonly outcome: 'run_over'; readonly status: RunStatus };

interface Row {
  readonly outcome: Answer['outcome'];
  readonly decided_at: Date;
  readonly status: string;
  readonly name: string;
  readonly state: readonly string[] | null;
}

const CALL = `SELECT * FROM record_decision(${Array.from({ length: 31 }, (_, i) => `$${i + 1}`).join(', ')})`;

/** Records the draft and reserves what it needs, all in one statement; without a draft it only looks, with the agent locked. */
export async function reserve(
  db: Pick<Tx, 'query'>,
  workspaceId: string,
  prepared: Prepared,
  questions: readonly Question[],
  draft?: Draft,
): Promise<Answer> {
  const params = [
    ...toPlace(workspaceId, prepared),
    ...toPlaceArrays(questions),
    ...toRecord(prepared, questions, draft),
  ];
  const [row] = await db.query<Row>(CALL, params);
  if (row === undefined) throw new Error('the database did not answer a decision');
  return toAnswer(row, questions);
}

/** Where the values stand, as SQL takes it; questions without a place are always 0. */
export function toPlaceArrays(questions: readonly Question[]): unknown[] {
  const places = questions
    .filter((question) => question.places.length > 0)
    .flatMap((question, index) => question.places.map((place) => ({ ...place, group: index + 1 })));
  return [places.map(({ group }) => group), places.map(({ source }) => source), places.map(({ key }) => key)];
}

function toPlace(workspaceId: string, { request: { agentId, run, idempotencyKey } }: Prepared): unknown[] {
  return [
    workspaceId,
    agentId,
    run?.runId ?? null,
    run?.stepPosition ?? null,
    run?.itemIndex ?? null,
    run?.attempt ?? 1,
    idempotencyKey ?? null,
  ];
}

/** From `p_low` on. Questions without a place are always 0 and need no guard. */
function toRecord(prepared: Prepared, questions: readonly Question[], draft: Draft | undefined): unknown[] {
  const { request, judged, hash, executedHash, kind, isWrite, version, timeoutMs } = prepared;
  if (draft === undefined) return Array.from({ length: 21 }, (_, index) => (index === 8 ? hash : null));
  const { decision, audit, leaveId } = draft;
  const guard = draft.guard.filter((_, index) => (questions[index]?.places.length ?? 0) > 0);
  const isAllowed = decision.effect === 'allow' || decision.effect === 'transform';
  const isLetThrough = isAllowed || leaveId !== undefined;
  const asked = questions.map(({ attribute }) => attribute);
  const counts = isLetThrough ? toCounts(prepared, asked) : decision.effect === 'deny' ? DENIAL_COUNTS : [];
  return [
    guard.map(({ low }) => low),
    guard.map(({ high }) => high),
    draft.actionId,
    version,
    request.type,
    kind,
    isWrite,
    toBytes(judged.params),
    hash,
    decision.effect,
    toStorableJson(decision),
    timeoutMs + GRACE_MS,
    audit.id,
    audit.before,
    audit.after,
    counts,
    isLetThrough ? toKnown(prepared) : [],
    isLetThrough ? judged.facts.cost.micros : 0,
    isLetThrough ? judged.facts.cost.tokens : 0,
    // What is refused needs no leave, and what uses it up has found it.
    isAllowed && leaveId === undefined ? executedHash : null,
    leaveId ?? null,
  ];
}

export function toBytes(params: JsonObject): Buffer {
  return Buffer.from(canonicalize(params), 'utf8');
}

function toAnswer(row: Row, questions: readonly Question[]): Answer {
  switch (row.outcome) {
    case 'recorded':
    case 'stale':
    case 'looked':
      return { outcome: row.outcome, now: row.decided_at, state: toState(row.state ?? [], questions) };
    case 'earlier':
    case 'leave':
      return { outcome: row.outcome, now: row.decided_at };
    case 'halted':
      return { outcome: 'halted', status: row.status as AgentStatus, name: row.name };
    case 'run_over':
      return { outcome: 'run_over', status: row.status as RunStatus };
    case 'no_agent':
      return { outcome: 'no_agent' };
  }
}

export function toState(values: readonly string[], questions: readonly Question[]): State {
  const read = questions.filter(({ places }) => places.length > 0);
  return new Map(read.map(({ attribute }, index) => [attribute, Number(values[index])]));
}
