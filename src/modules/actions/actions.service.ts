import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../kernel/caller.ts';
import type { AgentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Facts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, Decision } from '../../kernel/policy/model.ts';
import type { AgentDefinition } from '../../kernel/run/model.ts';
import { Database } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { AgentsService, type AgentVersion } from '../agents/index.ts';
import { ApprovalsService } from '../approvals/index.ts';
import { AuditService } from '../audit/index.ts';
import { PoliciesService } from '../policies/index.ts';
import { hashAction, isDeclared, type ActionRequest, type ActionResult } from './action.ts';
import { CATALOGUE, checkParams, type CatalogueEntry } from './catalogue.ts';
import { endAbandoned } from './end-abandoned.ts';
import { enforce, type Prepared } from './enforce.ts';
import { execute, toFailure } from './execute.ts';
import { ExecutorRegistry } from './executor-registry.ts';
import { Permit } from './permit.ts';

/** What a dry run learns about one action; nothing is written and nothing outside is touched. */
export interface ActionPreview {
  readonly decision: Decision;
  /** Only of actions that a dry run really carries out. */
  readonly output?: JsonObject;
  readonly error?: string;
  /** The params do not fit the action's schema. */
  readonly paramsError?: string;
}

type Described = Pick<Prepared, 'kind' | 'isWrite' | 'isIdempotent' | 'facts' | 'target' | 'policies'>;

/** The enforcement point: the one door through which anything has an effect. */
@Injectable()
export class ActionsService {
  readonly #db: Database;
  readonly #log: Log;
  readonly #audit: AuditService;
  readonly #agents: AgentsService;
  readonly #approvals: ApprovalsService;
  readonly #policies: PoliciesService;
  readonly #executors: ExecutorRegistry;

  constructor(
    db: Database,
    log: Log,
    audit: AuditService,
    agents: AgentsService,
    approvals: ApprovalsService,
    policies: PoliciesService,
    executors: ExecutorRegistry,
  ) {
    this.#db = db;
    this.#log = log;
    this.#audit = audit;
    this.#agents = agents;
    this.#approvals = approvals;
    this.#policies = policies;
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
    const described = await this.#describe(agent, entry, request);
    const prepared: Prepared = {
      ...described,
      request,
      version: agent.version,
      hash: hashAction(caller.workspaceId, request),
      timeoutMs: request.timeoutMs ?? entry?.timeoutMs ?? 0,
    };
    const acting: Caller = { ...caller, agentId: request.agentId as AgentId };
    const services = {
      db: this.#db,
      log: this.#log,
      audit: this.#audit,
      approvals: this.#approvals,
      policies: this.#policies,
    };
    const verdict = await enforce(services, acting, prepared);
    if (verdict.kind !== 'act') return verdict;
    const executor = this.#executors.find(request.type);
    return execute(services, acting, {
      prepared,
      entry,
      executor,
      actionId: verdict.actionId,
      decision: verdict.decision,
    });
  }

  /** Decides as `perform` would now; really carries out only what has no side effect on local data. */
  async preview(
    caller: Caller,
    request: ActionRequest & { readonly definition: AgentDefinition },
  ): Promise<ActionPreview> {
    const entry = CATALOGUE.get(request.type);
    const agent = await this.#agents.get(caller, request.agentId);
    const version = { agent, version: request.version ?? agent.latestVersion, definition: request.definition };
    const { facts, policies } = await this.#describe(version, entry, request);
    const decision = this.#policies.decide(policies, facts);
    const problem = entry === undefined ? undefined : checkParams(entry, request.params, { allowExpressions: true })[0];
    if (problem !== undefined)
      return { decision, paramsError: `params${problem.path === '' ? '' : '.'}${problem.path} ${problem.message}` };
    const executor = this.#executors.find(request.type);
    if (decision.effect !== 'allow' || entry?.runsInDryRun !== true || executor === undefined) return { decision };
    const actionId = randomUUID();
    try {
      const permit = Permit.issue({
        type: request.type,
        params: request.params,
        hash: hashAction(caller.workspaceId, request),
      });
      const signal = AbortSignal.timeout(request.timeoutMs ?? entry.timeoutMs);
      return { decision, output: await executor.execute(permit, { actionId, signal }) };
    } catch (error) {
      return { decision, error: toFailure(this.#log, error, actionId).message };
    }
  }

  /** For the sweep: ends what a process that died has begun and nobody comes back to; returns how many. */
  endAbandoned(): Promise<number> {
    return endAbandoned(this.#db, this.#audit);
  }

  async #version(caller: Caller, request: ActionRequest): Promise<AgentVersion> {
    const agent = await this.#agents.get(caller, request.agentId);
    return this.#agents.getVersion(caller, request.agentId, request.version ?? agent.deployedVersion);
  }

  async #describe(
    { agent, version, definition }: AgentVersion,
    entry: CatalogueEntry | undefined,
    request: ActionRequest,
  ): Promise<Described> {
    const { type, params } = request;
    const policies: readonly CompiledPolicy[] = await this.#policies.load(
      definition.policies.map((policy) => policy.hash),
    );
    const stepTypes = definition.steps.map((step) => step.action);
    const url = entry?.url(params);
    const method = entry?.method(params);
    const sideEffect = entry?.sideEffect(params) ?? 'outside';
    const facts: Facts = await this.#policies.toFacts({
      type,
      kind: entry?.kind ?? (type.split('.')[0] || 'unknown'),
      operation: entry?.operation(params) ?? 'unknown',
      known: entry !== undefined,
      declared: entry !== undefined && isDeclared(type, stepTypes, definition.grants),
      sideEffect,
      reversible: entry?.reversible ?? 'unknown',
      environment: agent.environment === 'cloud' ? 'production' : 'development',
      agent: { id: agent.id, name: agent.name, version },
      trigger: request.trigger,
      paths: entry?.paths(params) ?? [],
      recursive: entry?.isRecursive(params) ?? false,
      bytes: entry?.bytes(params) ?? 0,
      ...(url === undefined ? {} : { url }),
      ...(method === undefined ? {} : { method }),
      ...(request.facts === undefined ? {} : { facts: request.facts }),
    });
    return {
      kind: facts.action.kind,
      isWrite: sideEffect !== 'none',
      isIdempotent: entry?.isIdempotent(params) ?? false,
      facts,
      policies,
      target: toTarget(facts),
    };
  }
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
