import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../kernel/caller.ts';
import type { AgentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Facts, StateFacts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, Decision } from '../../kernel/policy/model.ts';
import type { AgentDefinition } from '../../kernel/run/model.ts';
import { Database } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { AgentsService, type AgentVersion } from '../agents/index.ts';
import { ApprovalsService } from '../approvals/index.ts';
import { AuditService } from '../audit/index.ts';
import { IdentityService } from '../identity/index.ts';
import { DecisionService, PoliciesService, type PreparedSubject, type Subject } from '../policies/index.ts';
import { hashAction, type ActionRequest, type ActionResult } from './action.ts';
import { CATALOGUE, checkParams, type CatalogueEntry } from './catalogue.ts';
import { endAbandoned } from './end-abandoned.ts';
import { enforce } from './enforce.ts';
import { forgetOld } from './forget-old.ts';
import { execute, rehearse, toFailure } from './execute.ts';
import { ExecutorRegistry } from './executor-registry.ts';
import { lookAtState } from './look-at-state.ts';
import type { Prepared } from './prepared.ts';
import { toSubject, type Surrounding } from './to-subject.ts';

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

type Described = Omit<Prepared, 'request' | 'hash' | 'timeoutMs'>;

/** The enforcement point: the one door through which anything has an effect. */
@Injectable()
export class ActionsService {
  readonly #db: Database;
  readonly #log: Log;
  readonly #audit: AuditService;
  readonly #identity: IdentityService;
  readonly #agents: AgentsService;
  readonly #approvals: ApprovalsService;
  readonly #policies: PoliciesService;
  readonly #decisions: DecisionService;
  readonly #executors: ExecutorRegistry;

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
    this.#db = db;
    this.#log = log;
    this.#audit = audit;
    this.#identity = identity;
    this.#agents = agents;
    this.#approvals = approvals;
    this.#policies = policies;
    this.#decisions = decisions;
    this.#executors = executors;
  }

  /**
   * Decides, records, carries out and records again. A refusal is a value; bad params and unknown agents throw and record nothing.
   * The agent acts on behalf of the caller.
   */
  async perform(caller: Caller, request: ActionRequest): Promise<ActionResult> {
    const entry = CATALOGUE.get(request.type);
    requireParams(entry, request);
    const agent = await this.#version(caller, request);
    const described = await this.#describe(caller, agent, entry, request);
    const prepared: Prepared = {
      ...described,
      request,
      hash: hashAction(caller.workspaceId, request),
      timeoutMs: request.timeoutMs ?? entry?.timeoutMs ?? 0,
    };
    const acting: Caller = { ...caller, agentId: request.agentId as AgentId };
    const services = {
      db: this.#db,
      log: this.#log,
      audit: this.#audit,
      approvals: this.#approvals,
      decisions: this.#decisions,
    };
    const verdict = await enforce(services, acting, prepared);
    if (verdict.kind !== 'act') return verdict;
    const executor = this.#executors.find(request.type);
    return execute(services, acting, {
      prepared,
      entry,
      executor,
      permit: verdict.permit,
      decision: verdict.decision,
    });
  }

  /** Decides as `perform` would now; really carries out only what has no side effect on local data. Nothing is written. */
  async preview(caller: Caller, request: PreviewRequest): Promise<ActionPreview> {
    const entry = CATALOGUE.get(request.type);
    const agent = await this.#agents.get(caller, request.agentId);
    const version = { agent, version: request.version ?? agent.latestVersion, definition: request.definition };
    const described = await this.#describe(caller, version, entry, request, request.connections);
    const { policies, judged } = described;
    const state = await lookAtState(this.#db, caller.workspaceId, { ...described, request, hash: '', timeoutMs: 0 });
    const decision = this.#decisions.decide(policies, judged, toPreviewState(request, judged.facts, state));
    const problem = entry === undefined ? undefined : checkParams(entry, request.params, { allowExpressions: true })[0];
    if (problem !== undefined)
      return { decision, paramsError: `params${problem.path === '' ? '' : '.'}${problem.path} ${problem.message}` };
    if (decision.effect !== 'allow' && decision.effect !== 'transform') return { decision };
    if (request.output !== undefined) return this.#judge(policies, { ...judged, decision }, request.output);
    return entry?.runsInDryRun === true
      ? this.#carryOutDry(caller, request, entry, { ...described, decision })
      : { decision };
  }

  async #carryOutDry(
    caller: Caller,
    request: ActionRequest,
    entry: CatalogueEntry,
    { judged, policies, decision }: Pick<Described, 'judged' | 'policies'> & { readonly decision: Decision },
  ): Promise<ActionPreview> {
    const executor = this.#executors.find(request.type);
    if (executor === undefined) return { decision };
    const actionId = randomUUID();
    try {
      const timeoutMs = request.timeoutMs ?? entry.timeoutMs;
      const executed = { ...request, params: judged.params };
      const { policyVersions } = decision;
      const context = { actionId, policyVersions, timeoutMs, signal: AbortSignal.timeout(timeoutMs) };
      const output = await rehearse(caller.workspaceId, executor, executed, context);
      return await this.#judge(policies, { ...judged, decision }, output);
    } catch (error) {
      return { decision, error: toFailure(this.#log, error, actionId).message };
    }
  }

  async #judge(
    policies: readonly CompiledPolicy[],
    decided: PreparedSubject & { readonly decision: Decision },
    result: JsonObject,
  ): Promise<ActionPreview> {
    const { decision, output } = await this.#decisions.judgeOutput(policies, decided, result);
    return { decision, ...(output === undefined ? {} : { output }) };
  }

  /** For the sweep: ends what a process that died has begun and nobody comes back to; returns how many. */
  endAbandoned(): Promise<number> {
    return endAbandoned(this.#db, this.#audit);
  }

  /** For the sweep: forgets counts and budgets that are over; returns how many. */
  forgetOld(): Promise<number> {
    return forgetOld(this.#db);
  }

  async #version(caller: Caller, request: ActionRequest): Promise<AgentVersion> {
    const agent = await this.#agents.get(caller, request.agentId);
    return this.#agents.getVersion(caller, request.agentId, request.version ?? agent.deployedVersion);
  }

  async #describe(
    caller: Caller,
    agent: AgentVersion,
    entry: CatalogueEntry | undefined,
    request: ActionRequest,
    connections: Surrounding['connections'] = {},
  ): Promise<Described> {
    const [policies, workspace] = await Promise.all([
      this.#policies.load(agent.definition.policies.map((policy) => policy.hash)),
      this.#identity.workspace(caller),
    ]);
    const now = asksForTime(policies) ? await this.#now() : undefined;
    const { mailDomains, slackTeam, timezone } = workspace;
    const own = { mailDomains, ...(slackTeam === undefined ? {} : { slackTeam }) };
    const subject: Subject = toSubject(caller, agent, entry, request, {
      ...(now === undefined ? {} : { now }),
      timezone,
      own,
      connections,
    });
    const judged: PreparedSubject = await this.#decisions.prepare(policies, subject);
    return {
      version: agent.version,
      kind: subject.kind,
      isWrite: subject.sideEffect !== 'none',
      isIdempotent: entry?.isIdempotent(request.params) ?? false,
      subject,
      judged,
      policies,
      target: toTarget(judged.facts),
      agentTask: agent.definition.task,
    };
  }

  async #now(): Promise<Date> {
    const [row] = await this.#db.query<{ now: Date }>('SELECT app_now() AS now');
    if (row === undefined) throw new AppError('internal', 'The database gave no time.');
    return row.now;
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

function asksForTime(policies: readonly CompiledPolicy[]): boolean {
  return policies.some(({ rules }) =>
    rules.some(({ attributes }) => attributes.some((name) => name.startsWith('time.'))),
  );
}

/** A type outside the catalogue goes on: it is decided (and denied) as unknown, so that the attempt is on record. */
function requireParams(entry: CatalogueEntry | undefined, { type, params }: ActionRequest): void {
  if (entry === undefined) {
    if (/^[a-z][a-z0-9_.-]{0,79}$/i.test(type)) return;
    throw new AppError('invalid_input', `\`${type.slice(0, 80)}\` is no action type. ${hint(type, CATALOGUE.keys())}`);
  }
  const problems = checkParams(entry, params, { allowExpressions: false });
  if (problems.length === 0) return;
  const list = problems.slice(0, 5).map(({ path, message }) => `params${path === '' ? '' : '.'}${path} ${message}`);
  throw new AppError(
    'invalid_input',
    `The params of \`${type}\` are wrong: ${list.join('; ').replace(/[^.?]$/, '$&.')} agentos://actions has the schema.`,
  );
}

function toTarget({ file, url }: Facts): string {
  if (file.paths.length > 0) return file.paths.slice(0, 3).join(', ');
  return url.host === '' ? '' : `${url.scheme}://${url.host}:${url.port}`;
}
