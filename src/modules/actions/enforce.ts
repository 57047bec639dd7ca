import { randomUUID } from 'node:crypto';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { Decision, Effect } from '../../kernel/policy/model.ts';
import { toQuorum, toRisk } from '../../kernel/policy/risk.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ApprovalsService } from '../approvals/index.ts';
import type { AuditOutcome, AuditService } from '../audit/index.ts';
import type { DecisionService } from '../policies/index.ts';
import { hashAction, type ActionResult } from './action.ts';
import { answerEarlier } from './answer-earlier.ts';
import { assumeState, keepState, toQuestions, type Question } from './assumed-state.ts';
import { Permit } from './permit.ts';
import type { Cleared, Prepared } from './prepared.ts';
import { GRACE_MS, reserve, toBytes, type Answer, type Draft } from './reserve.ts';
import { toAsked, toGuard, toStateFacts, type State } from './state-guard.ts';

export type { Prepared } from './prepared.ts';

/** `act`: the decision is committed and the permit is good for carrying the action out once; anything else is already the answer. */
export type Verdict = { readonly kind: 'act'; readonly permit: Permit; readonly decision: Decision } | ActionResult;

export interface EnforceServices {
  readonly db: Database;
  readonly audit: AuditService;
  readonly approvals: ApprovalsService;
  readonly decisions: Pick<DecisionService, 'decide'>;
}

interface Case {
  readonly services: EnforceServices;
  readonly caller: Caller;
  readonly prepared: Prepared;
  readonly questions: readonly Question[];
}

type Settled =
  { readonly kind: 'cleared'; readonly cleared: Cleared } | { readonly kind: 'answer'; readonly result: ActionResult };

/** Round trips on an assumed state, before the agent is kept locked between them. */
const TRIES = 3;
/** With the agent locked only what ends or grows old changes the state: each try is decided on a fresher one. */
const LOCKED_TRIES = 20;

/** Decides and records, in one round trip where the state is as it was seen last. */
export async function enforce(services: EnforceServices, caller: Caller, prepared: Prepared): Promise<Verdict> {
  const questions = toQuestions(toAsked(prepared.policies), prepared);
  const all: Case = { services, caller, prepared, questions };
  const settled = (await tryAssumed(all)) ?? (await services.db.transaction((tx) => decideLocked(tx, all)));
  if (settled.kind === 'answer') return settled.result;
  const { cleared } = settled;
  return { kind: 'act', permit: toPermit(caller, prepared, cleared), decision: cleared.decision };
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
    if (answer.outcome === 'earlier') return undefined;
    state = answer.state;
    keepState(services.db, agentId, questions, state);
    if (answer.outcome === 'recorded') {
      services.audit.nudge();
      return toSettled(all, draft);
    }
  }
  return undefined;
}

async function decideLocked(tx: Tx, all: Case): Promise<Settled> {
  const { services, caller, prepared, questions } = all;
  const { request, hash } = prepared;
  const look = requireActive(prepared, await reserve(tx, caller.workspaceId, prepared, questions));
  if (look.outcome === 'earlier') return answerEarlier(tx, services, caller, prepared, look.now);
  let { state } = look;
  for (let tries = 0; tries < LOCKED_TRIES; tries++) {
    const draft = toDraft(all, state);
    const { decision } = draft;
    const isHeld = decision.effect === 'require_approval';
    const open =
      isHeld && request.run === undefined ? await services.approvals.findOpen(tx, request.agentId, hash) : undefined;
    if (open?.actionId !== undefined) {
      const { approvalId, actionId, expiresAt } = open;
      return { kind: 'answer', result: { kind: 'held', actionId, approvalId, expiresAt, decision } };
    }
    const answer = requireActive(prepared, await reserve(tx, caller.workspaceId, prepared, questions, draft));
    if (answer.outcome === 'recorded') {
      tx.afterCommit(() => services.audit.nudge());
      return isHeld ? { kind: 'answer', result: await hold(tx, all, draft, answer.state) } : toSettled(all, draft);
    }
    if (answer.outcome !== 'earlier') ({ state } = answer);
  }
  throw new AppError(
    'conflict',
    'The counts that the policies look at change faster than they can be read. Try again.',
  );
}

function toDraft({ services, caller, prepared, questions }: Case, state: State): Draft {
  const { policies, judged, request, hash, target } = prepared;
  const decision = services.decisions.decide(policies, judged, toStateFacts(state));
  const actionId = randomUUID();
  const executedHash = toExecutedHash(caller, prepared);
  const audit = services.audit.draft({
    workspaceId: caller.workspaceId,
    kind: 'action.decided',
    actor: toActor(caller),
    outcome: OUTCOMES[decision.effect],
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    action: { id: actionId, type: request.type, hash },
    decision,
    data: { target, onBehalfOf: caller.personId, ...(executedHash === hash ? {} : { executedHash }) },
  });
  const asked = questions.map(({ attribute }) => attribute);
  return { actionId, decision, guard: toGuard(policies, decision, asked, state), audit };
}

/** Hash of the action with the params that transforms have left. */
function toExecutedHash({ workspaceId }: Caller, { request, judged, hash }: Prepared): string {
  return judged.params === request.params ? hash : hashAction(workspaceId, { ...request, params: judged.params });
}

function toSettled({ caller, prepared }: Case, { actionId, decision }: Draft): Settled {
  if (decision.effect === 'deny') return { kind: 'answer', result: { kind: 'denied', actionId, decision } };
  const { params } = prepared.judged;
  return { kind: 'cleared', cleared: { actionId, decision, params, hash: toExecutedHash(caller, prepared) } };
}

function toPermit({ workspaceId }: Caller, { request, timeoutMs }: Prepared, cleared: Cleared): Permit {
  const { actionId, decision, params, hash } = cleared;
  return Permit.issue({
    workspaceId,
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

async function hold(tx: Tx, { services, caller, prepared }: Case, draft: Draft, state: State): Promise<ActionResult> {
  const { request, judged, hash } = prepared;
  const { actionId, decision } = draft;
  const risk = toRisk({ ...judged.facts, ...toStateFacts(state) });
  const held = await services.approvals.hold(tx, {
    workspaceId: caller.workspaceId,
    agentId: request.agentId,
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    actionId,
    actionType: request.type,
    params: toBytes(judged.params),
    actionHash: hash,
    description: toQuestionText(prepared, decision),
    risk,
    requiredApprovals: Math.max(toQuorum(risk), ...toQuorums(prepared, decision)),
    requestedBy: toActor(caller),
  });
  await tx.query('UPDATE action SET approval_id = $2 WHERE id = $1', [actionId, held.approvalId]);
  return { kind: 'held', actionId, approvalId: held.approvalId, expiresAt: held.expiresAt, decision };
}

/** How many people the matching rules ask for. */
function toQuorums({ policies }: Prepared, { violations }: Decision): number[] {
  return violations.flatMap((violation) => {
    const rules = policies.find(({ id }) => id === violation.policy)?.rules ?? [];
    return rules.find(({ name }) => name === violation.rule)?.approval?.quorum ?? [];
  });
}

/** What somebody has to judge: the action and its target first, then why it is asked. */
function toQuestionText({ request, target }: Prepared, { violations }: Decision): string {
  const what = target === '' ? request.type : `${request.type} ${target}`;
  return `${what}: ${violations[0]?.message ?? 'a policy asks for approval.'}`;
}
