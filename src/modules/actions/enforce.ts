import { randomUUID } from 'node:crypto';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Decision, Effect } from '../../kernel/policy/model.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ApprovalRow, ApprovalsService } from '../approvals/index.ts';
import type { AuditOutcome, AuditService } from '../audit/index.ts';
import type { DecisionService } from '../policies/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { ActionResult } from './action.ts';
import { answerEarlier, type Answered } from './answer-earlier.ts';
import { assumeState, keepState, toQuestions, type Question } from './assumed-state.ts';
import { hold } from './hold.ts';
import { Permit } from './permit.ts';
import { refuseMore } from './refuse-more.ts';
import type { Cleared, Prepared } from './prepared.ts';
import { GRACE_MS, reserve, type Answer, type Draft } from './reserve.ts';
import { toAsked, toGuard, toStateFacts, type State } from './state-guard.ts';
import { findStricter } from './stricter.ts';

export type { Prepared } from './prepared.ts';

/**
 * `act`: the decision is committed and the permit is good for carrying the action out once. `approved`: it was held before, and is now to be
 * carried out as it is stored. Anything else is already the answer.
 */
export type Verdict =
  | { readonly kind: 'act'; readonly permit: Permit; readonly decision: Decision }
  | { readonly kind: 'approved'; readonly actionId: string; readonly approvalId: string }
  | ActionResult;

export interface EnforceServices {
  readonly db: Database;
  readonly audit: AuditService;
  readonly approvals: ApprovalsService;
  readonly identity: IdentityService;
  readonly decisions: Pick<DecisionService, 'decide'>;
}

interface Case {
  readonly services: EnforceServices;
  readonly caller: Caller;
  readonly prepared: Prepared;
  readonly questions: readonly Question[];
}

type Settled = Answered;

/** Round trips on an assumed state, before the agent is kept locked between them. */
const TRIES = 3;
/** With the agent locked only what ends or grows old changes the state: each try is decided on a fresher one. */
const LOCKED_TRIES = 20;

/** Decides and records, in one round trip where the state is as it was seen last. */
export async function enforce(services: EnforceServices, caller: Caller, prepared: Prepared): Promise<Verdict> {
  const questions = toQuestions(toAsked(prepared.policies), prepared);
  const all: Case = { services, caller, prepared, questions };
  const settled =
    (await tryAssumed(all)) ??
    (await refuseAtOnce(all)) ??
    (await services.db.transaction((tx) => decideLocked(tx, all)));
  if (settled.kind === 'answer') return settled.result;
  if (settled.kind === 'approved') return settled;
  const { cleared } = settled;
  return { kind: 'act', permit: toPermit(prepared, cleared), decision: cleared.decision };
}

/** Undefined when the answer needs a transaction: people are asked, there is an earlier outcome, or the state does not hold still. */
async function tryAssumed(all: Case): Promise<Settled | undefined> {
  const { services, caller, prepared, questions } = all;
  const { agentId } = prepared.request;
  let state = assumeState(services.db, agentId, questions);
  for (let tries = 0; tries < TRIES; tries++) {
    const draft = toDraft(all, state);
    if (draft.decision.effect === 'require_approval') return undefined;
    const answer = requireActive(prepared, await reserve(services.db, caller.workspaceId, prepared, questions, draft));
    if (answer.outcome === 'earlier' || answer.outcome === 'leave') return undefined;
    state = answer.state;
    keepState(services.db, agentId, questions, state);
    if (answer.outcome === 'recorded') {
      services.audit.nudge();
      return toSettled(all, draft);
    }
  }
  return undefined;
}

/**
 * The same refusal as under the agent's lock, without holding it: an agent that asks for thousands of things does not take the connections of
 * others. A place that becomes free meanwhile is found by the next call.
 */
async function refuseAtOnce(all: Case): Promise<Settled | undefined> {
  const { services, caller, prepared, questions } = all;
  const found = await services.approvals.findBackpressure(undefined, toPlace(all));
  if (found === undefined) return undefined;
  const look = await reserve(services.db, caller.workspaceId, prepared, questions);
  if (look.outcome !== 'looked' || (await hasLeave(services.db, prepared))) return undefined;
  const { actionId, decision } = toDraft(all, look.state);
  keepState(services.db, prepared.request.agentId, questions, look.state);
  if (decision.effect !== 'require_approval') return undefined;
  const result = await refuseMore(services.db, services, caller, prepared, { actionId, decision, found });
  services.audit.nudge();
  return { kind: 'answer', result };
}

async function hasLeave(db: Database, { request, executedHash }: Prepared): Promise<boolean> {
  const rows = await db.query(
    `SELECT FROM approval_request WHERE agent_id = $1 AND action_hash = $2 AND status = 'approved' AND purpose = 'request' LIMIT 1`,
    [request.agentId, executedHash],
  );
  return rows.length > 0;
}

function toPlace({ caller, prepared }: Case): { readonly workspaceId: string; readonly agentId: string } {
  return { workspaceId: caller.workspaceId, agentId: prepared.request.agentId };
}

async function decideLocked(tx: Tx, all: Case): Promise<Settled> {
  const { services, caller, prepared, questions } = all;
  const look = requireActive(prepared, await reserve(tx, caller.workspaceId, prepared, questions));
  if (look.outcome === 'earlier')
    // Somebody else was told of it meanwhile: then this is a new action. The agent is locked, so none comes back.
    return (await answerEarlier(tx, services, caller, prepared, look.now)) ?? decideLocked(tx, all);
  if (look.outcome === 'leave') throw new AppError('internal', 'A look found leave that it did not ask for.');
  let leave = await findLeave(tx, all);
  let { state } = look;
  for (let tries = 0; tries < LOCKED_TRIES; tries++) {
    leave = await keepIfEnough(tx, all, state, leave);
    const draft = toDraft(all, state, leave);
    const { actionId, decision, leaveId } = draft;
    if (decision.effect === 'require_approval' && leaveId === undefined) {
      const found = await services.approvals.findBackpressure(tx, toPlace(all));
      if (found !== undefined) {
        tx.afterCommit(() => services.audit.nudge());
        return {
          kind: 'answer',
          result: await refuseMore(tx, services, caller, prepared, { actionId, decision, found }),
        };
      }
    }
    const answer = requireActive(prepared, await reserve(tx, caller.workspaceId, prepared, questions, draft));
    if (answer.outcome === 'recorded') {
      tx.afterCommit(() => services.audit.nudge());
      if (leave !== undefined && leaveId !== undefined) await services.approvals.consume(tx, leave, { actionId });
      else if (decision.effect === 'require_approval') {
        const held = { actionId, decision, state: answer.state };
        return { kind: 'answer', result: await hold(tx, services.approvals, caller, prepared, held) };
      }
      return toSettled(all, draft);
    }
    if (answer.outcome === 'stale') ({ state } = answer);
  }
  throw new AppError(
    'conflict',
    'The counts that the policies look at change faster than they can be read. Try again.',
  );
}

/** Leave that people gave in advance for exactly this action, if it still holds. */
async function findLeave(tx: Tx, { services, prepared }: Case): Promise<ApprovalRow | undefined> {
  const { request, executedHash } = prepared;
  if (request.run !== undefined) return undefined;
  const leave = await services.approvals.findApproved(tx, request.agentId, executedHash);
  if (leave === undefined) return undefined;
  const standing = await services.approvals.checkStanding(tx, leave);
  return standing.kind === 'valid' ? leave : undefined;
}

/** Leave is for what people were asked: where more of them would have to agree to it now, it is over. */
async function keepIfEnough(
  tx: Tx,
  { services, prepared }: Case,
  state: State,
  leave: ApprovalRow | undefined,
): Promise<ApprovalRow | undefined> {
  if (leave === undefined) return undefined;
  const { approvals, decisions, identity } = services;
  const facts = toStateFacts(state);
  const decision = decisions.decide(prepared.policies, prepared.judged, facts);
  const more = await findStricter(tx, identity, leave, prepared, decision, facts);
  if (more === undefined) return leave;
  await approvals.invalidate(tx, leave, more);
  return undefined;
}

/** Leave satisfies what would be held, is used up by what is allowed, and does not lift a denial. */
function toDraft({ services, caller, prepared, questions }: Case, state: State, leave?: ApprovalRow): Draft {
  const { policies, judged, request, hash, executedHash, target } = prepared;
  const decision = services.decisions.decide(policies, judged, toStateFacts(state));
  const actionId = randomUUID();
  const leaveId = decision.effect === 'deny' ? undefined : leave?.id;
  const audit = services.audit.draft({
    workspaceId: caller.workspaceId,
    kind: 'action.decided',
    actor: toActor(caller),
    outcome: leaveId === undefined ? OUTCOMES[decision.effect] : 'allowed',
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    action: { id: actionId, type: request.type, hash },
    decision,
    data: {
      target,
      onBehalfOf: caller.personId,
      ...(executedHash === hash ? {} : { executedHash }),
      ...(leaveId === undefined ? {} : { approvalId: leaveId }),
    },
  });
  const asked = questions.map(({ attribute }) => attribute);
  const guard = toGuard(policies, decision, asked, state);
  return { actionId, decision, guard, audit, ...(leaveId === undefined ? {} : { leaveId }) };
}

function toSettled({ prepared }: Case, { actionId, decision }: Draft): Settled {
  if (decision.effect === 'deny') return { kind: 'answer', result: { kind: 'denied', actionId, decision } };
  const { params } = prepared.judged;
  return { kind: 'cleared', cleared: { actionId, decision, params, hash: prepared.executedHash } };
}

/** INVARIANT: only for what is committed as let through: decided, or approved and claimed. */
export function toPermit({ binding, request, timeoutMs }: Prepared, cleared: Cleared): Permit {
  const { actionId, decision, params, hash } = cleared;
  return Permit.issue({
    binding,
    request: { ...request, params },
    hash,
    policyVersions: decision.policyVersions,
    actionId,
    validForMs: timeoutMs + GRACE_MS,
  });
}

const OUTCOMES = {
  deny: 'denied',
  require_approval: 'held',
  transform: 'allowed',
  allow: 'allowed',
} as const satisfies Record<Effect, AuditOutcome>;

const WAY_ON = {
  paused: 'Deploy it again with deploy_agent to go on.',
  stopped: 'It was stopped for good: make a new one with create_agent.',
} as const;

type Active = Extract<Answer, { readonly now: Date }>;

function requireActive({ request }: Prepared, answer: Answer): Active {
  switch (answer.outcome) {
    case 'no_agent':
      throw new AppError('not_found', `No agent has the id \`${request.agentId}\`. list_agents shows all.`);
    case 'halted': {
      const wayOn = answer.status === 'paused' ? WAY_ON.paused : WAY_ON.stopped;
      throw new AppError(
        'not_runnable',
        `The agent \`${answer.name}\` is ${answer.status}, so it may not act. ${wayOn}`,
      );
    }
    case 'run_over':
      throw new AppError('not_runnable', `The run is ${answer.status}, so nothing of it may act.`);
    default:
      return answer;
  }
}
