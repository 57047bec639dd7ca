import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../kernel/caller.ts';
import type { AgentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Facts, StateFacts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, Decision } from '../../kernel/policy/model.ts';
import type { AgentDefinition } from '../../kernel/run/model.ts';
import { Database } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { AgentsService, type AgentVersion } from '../agents/index.ts';
import { ApprovalsService, type ApprovalView } from '../approvals/index.ts';
import { AuditService } from '../audit/index.ts';
import { IdentityService } from '../identity/index.ts';
import { DecisionService, PoliciesService, type PreparedSubject } from '../policies/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import { carryOut, type CarryOutServices } from './carry-out.ts';
import { checkParams } from './catalogue.ts';
import { describe, requireParams } from './describe.ts';
import { answerHeld, lockAction } from './earlier.ts';
import { endAbandoned } from './end-abandoned.ts';
import { enforce, type Verdict } from './enforce.ts';
import { execute, rehearse, toFailure } from './execute.ts';
import { ExecutorRegistry } from './executor-registry.ts';
import { forgetOld } from './forget-old.ts';
import { Lanes } from './lanes.ts';
import { lookAtState } from './look-at-state.ts';
import type { Prepared } from './prepared.ts';
import { requestApproval, type ApprovalWish } from './request-approval.ts';
import { resumeHeld } from './resume-held.ts';
import type { Surrounding } from './to-subject.ts';
import { waitUntilOver, type Wait } from './wait-for.ts';

/** What a dry run learns about one action; nothing is written and nothing outside is touched. */
export interface ActionPreview {
  readonly decision: Decision;
  /** Only of actions that a dry run really carries out. */
  readonly output?: JsonObject;
  readonly error?: string;
  /** The params do not fit the action's schema. */
  readonly paramsError?: string;
}

export interface PreviewRequest extends ActionRequest {
  readonly definition: AgentDefinition;
  /** Stand for connections that are not there, by name. */
  readonly connections?: Surrounding['connections'];
  /** Stands for the result: it is judged, and nothing is carried out. */
  readonly output?: JsonObject;
  /** Whether a person named a host or an address: then using it is nothing new. Default: what the database knows. */
  readonly isNamed?: (name: string) => boolean;
  /** As if that much had been before. */
  readonly counts?: Partial<StateFacts['rate']>;
}

/** Calls of one agent that are decided at the same time in this process. */
const DECIDED_AT_ONCE = 2;

/** The enforcement point: the one door through which anything has an effect. */
@Injectable()
export class ActionsService {
  readonly #services: CarryOutServices;
  readonly #lanes = new Lanes(DECIDED_AT_ONCE);

  constructor(
    db: Database,
    log: Log,
    audit: AuditService,
    identity: IdentityService,
    agents: AgentsService,
    approvals: ApprovalsService,
    policies: PoliciesService,
    decisions: DecisionService,
    executors: ExecutorRegistry,
  ) {
    this.#services = { db, log, audit, identity, agents, approvals, policies, decisions, executors };
  }

  /**
   * Decides, records, carries out and records again. A refusal is a value; bad params and unknown agents throw and record nothing.
   * The agent acts on behalf of the caller.
   */
  async perform(caller: Caller, request: ActionRequest): Promise<ActionResult> {
    const { executors } = this.#services;
    requireParams(executors.catalogue, request);
    const acting: Caller = { ...caller, agentId: request.agentId as AgentId };
    const decide = async (): Promise<{ readonly prepared: Prepared; readonly verdict: Verdict }> => {
      const prepared = await describe(this.#services, caller, await this.#version(caller, request), request);
      return { prepared, verdict: await enforce(this.#services, acting, prepared) };
    };
    // How many runs act at once is the queue's business.
    const isCall = request.run === undefined;
    const { prepared, verdict } = await (isCall ? this.#lanes.run(request.agentId, request.signal, decide) : decide());
    if (verdict.kind === 'approved') return this.#goOn(request, verdict);
    if (verdict.kind !== 'act') return verdict;
    return execute(this.#services, acting, {
      prepared,
      entry: executors.catalogue.get(request.type),
      executor: executors.find(request.type),
      permit: verdict.permit,
      decision: verdict.decision,
    });
  }

  /** Decides as `perform` would now; really carries out only what has no side effect on local data. Nothing is written. */
  async preview(caller: Caller, request: PreviewRequest): Promise<ActionPreview> {
    const { agents, db, decisions, executors } = this.#services;
    const entry = executors.catalogue.get(request.type);
    const agent = await agents.get(caller, request.agentId);
    const version = request.version ?? agent.latestVersion;
    const { authors } = agent;
    const acting = { agent, version, authors, definition: request.definition };
    const prepared = await describe(this.#services, caller, acting, request, request.connections);
    const { policies, judged } = prepared;
    const state = await lookAtState(db, caller.workspaceId, prepared);
    const decision = decisions.decide(policies, judged, toPreviewState(request, judged.facts, state));
    const problem = entry === undefined ? undefined : checkParams(entry, request.params, { allowExpressions: true })[0];
    if (problem !== undefined)
      return { decision, paramsError: `params${problem.path === '' ? '' : '.'}${problem.path} ${problem.message}` };
    if (decision.effect !== 'allow' && decision.effect !== 'transform') return { decision };
    if (request.output !== undefined) return this.#judge(policies, { ...judged, decision }, request.output);
    return entry?.runsInDryRun === true ? this.#carryOutDry(prepared, decision) : { decision };
  }

  /** Asks people for leave for an action that nobody has tried yet. */
  requestApproval(caller: Caller, wish: ApprovalWish): Promise<ApprovalView> {
    return requestApproval(this.#services, caller, wish);
  }

  /** Carries out a held action that was approved, once, whoever calls this and however often. */
  async carryOut(approvalId: string): Promise<void> {
    try {
      await carryOut(this.#services, approvalId);
    } catch (error) {
      // Another process has recorded how it ended.
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    }
  }

  /** Waits until a held action has come to its end, and tells it; the held result again when the time is over. */
  async waitFor(caller: Caller, held: Extract<ActionResult, { kind: 'held' }>, wait: Wait): Promise<ActionResult> {
    await waitUntilOver(this.#services.db, caller.workspaceId, held, () => this.carryOut(held.approvalId), wait);
    // Whoever went away was told nothing: the next call is.
    if (wait.signal?.aborted === true) return held;
    return (await this.#answer(held.actionId)) ?? held;
  }

  /** For the sweep: carries on with what was approved and whose process died; returns how many. */
  resume(): Promise<number> {
    return resumeHeld(this.#services.db, this.#services.log, (approvalId) => this.carryOut(approvalId));
  }

  /** In a run the worker that has the run goes on with it; outside whoever comes first. */
  async #goOn(
    { run, signal }: ActionRequest,
    { actionId, approvalId }: { readonly actionId: string; readonly approvalId: string },
  ): Promise<ActionResult> {
    const how = { isOurs: run !== undefined, ...(run === undefined || signal === undefined ? {} : { signal }) };
    await carryOut(this.#services, approvalId, how);
    const answer = await this.#answer(actionId);
    if (answer !== undefined) return answer;
    throw new AppError('conflict', 'The approved action is being carried out. Call again in a moment for its outcome.');
  }

  /** How a held action stands; undefined while it is approved and nobody has claimed it. Its end is told once. */
  async #answer(actionId: string): Promise<ActionResult | undefined> {
    const { db } = this.#services;
    const earlier = await db.transaction(async (tx) => {
      const row = await lockAction(tx, actionId);
      const [clock] = await tx.query<{ now: Date }>('SELECT app_now() AS now');
      return row === undefined || clock === undefined ? undefined : answerHeld(tx, this.#services, row, clock.now);
    });
    return earlier?.kind === 'answered' ? earlier.result : undefined;
  }

  async #carryOutDry(prepared: Prepared, decision: Decision): Promise<ActionPreview> {
    const { executors, log } = this.#services;
    const { request, judged, policies, timeoutMs } = prepared;
    const executor = executors.find(request.type);
    if (executor === undefined) return { decision };
    const actionId = randomUUID();
    try {
      const { policyVersions } = decision;
      const context = { actionId, policyVersions, timeoutMs, signal: AbortSignal.timeout(timeoutMs) };
      const output = await rehearse(prepared, executor, context);
      return await this.#judge(policies, { ...judged, decision }, output);
    } catch (error) {
      return { decision, error: toFailure(log, error, actionId).message };
    }
  }

  async #judge(
    policies: readonly CompiledPolicy[],
    decided: PreparedSubject & { readonly decision: Decision },
    result: JsonObject,
  ): Promise<ActionPreview> {
    const { decision, output } = await this.#services.decisions.judgeOutput(policies, decided, result);
    return { decision, ...(output === undefined ? {} : { output }) };
  }

  /** For the sweep: ends what a process that died has begun and nobody comes back to; returns how many. */
  endAbandoned(): Promise<number> {
    return endAbandoned(this.#services.db, this.#services.audit);
  }

  /** For the sweep: forgets counts and budgets that are over; returns how many. */
  forgetOld(): Promise<number> {
    return forgetOld(this.#services.db);
  }

  async #version(caller: Caller, request: ActionRequest): Promise<AgentVersion> {
    const { agents } = this.#services;
    const agent = await agents.get(caller, request.agentId);
    return agents.getVersion(caller, request.agentId, request.version ?? agent.deployedVersion);
  }
}

/** The state of now, as a test wants it: with more before, or in a session in which a person named some places. */
function toPreviewState(
  { isNamed, counts = {} }: PreviewRequest,
  { action, target, recipients }: Facts,
  state: StateFacts,
): StateFacts {
  const rate = { ...state.rate, ...counts };
  if (isNamed === undefined) return { ...state, rate };
  const isNew = (name: string): boolean => action.external && name !== '' && !isNamed(name);
  const recipient = recipients.externalCount > 0 && recipients.addresses.some(isNew);
  return { ...state, rate, first: { tool: false, target: isNew(target.name), recipient } };
}
